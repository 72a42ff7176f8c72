-- Time, the shell and a few text helpers.
require 'paths'
local system = require 'libsys'

sys = {clock = system.clock, usleep = system.usleep, dirname = paths.dirname, concat = paths.concat}

function sys.sleep(seconds) sys.usleep(seconds * 1e6) end

local started = sys.clock()
function sys.tic() started = sys.clock() end

function sys.toc(verbose)
  local seconds = sys.clock() - started
  if verbose then print(seconds) end
  return seconds
end

local function stripped(text) return (text:gsub('^%s+', ''):gsub('%s+$', '')) end

function sys.execute(cmd)
  local pipe = assert(io.popen(cmd .. ' 2>&1'))
  local output = pipe:read('*all')
  pipe:close()
  return stripped(output)
end

function sys.fexecute(cmd, readwhat)
  local name = os.tmpname()
  os.execute(cmd .. ' >' .. name .. ' 2>&1')
  local file = assert(io.open(name))
  local output = file:read(readwhat or '*all') or ''
  file:close()
  os.remove(name)
  return stripped(output)
end

function sys.uname()
  if paths.is_win() then return 'windows' end
  if paths.is_mac() then return 'macos' end
  return paths.uname() == 'Linux' and 'linux' or '?'
end
sys.OS = sys.uname()

for name, flags in pairs{ls = '', ll = ' -l', la = ' -a', lla = ' -la'} do
  sys[name] = function(folder) return sys.execute('ls' .. flags .. ' ' .. (folder or '.')) end
end

-- Directory of the interpreter that the command line names.
local function prefix()
  for _, word in pairs(arg or {}) do
    local folder = tostring(word):match('^(.*)/lua[jit]*$')
    if folder then return folder:match('^(.*)/bin$') or folder end
  end
  return ''
end
sys.prefix = prefix()

function sys.split(text, pattern)
  local pieces, from = {}, 1
  local first, last = text:find(pattern, from)
  while first and last >= first do
    if first > 1 then pieces[#pieces + 1] = text:sub(from, first - 1) end
    from = last + 1
    first, last = text:find(pattern, from)
  end
  if from <= #text then pieces[#pieces + 1] = text:sub(from) end
  return pieces
end

function sys.isNaN(x) return x ~= x end

sys.COLORS = require 'sys.colors'
sys.fpath = require 'sys.fpath'

return sys
