-- What the conformance cases do not record: errors, links, and what happens at exit.
require 'paths'
local tester, tests = torch.Tester(), torch.TestSuite()

local function scratch(use)
  local root = paths.tmpname()
  assert(paths.mkdir(root))
  local ok, problem = pcall(use, root)
  paths.rmall(root, 'yes')
  if not ok then error(problem, 0) end
end

local function spit(name, text)
  local f = assert(io.open(name, 'w'))
  f:write(text)
  f:close()
end

function tests.mkdir_tells_why()
  scratch(function(root)
    local ok, message, number = paths.mkdir(root)
    tester:eq({ok == nil, message, number}, {true, root .. ': File exists', 17})
    spit(root .. '/file', '')
    ok, message, number = paths.mkdir(root .. '/file/below')
    tester:eq({ok == nil, message, number}, {true, root .. '/file/below: Not a directory', 20})
    ok, message, number = paths.rmdir(root)
    tester:eq({ok == nil, message, number}, {true, root .. ': Directory not empty', 39})
  end)
end

function tests.rmall_removes_links_and_not_what_they_point_to()
  scratch(function(root)
    assert(paths.mkdir(root .. '/kept') and paths.mkdir(root .. '/gone'))
    spit(root .. '/kept/file', 'x')
    os.execute(string.format('ln -s %s/kept %s/gone/link; ln -s /no/such %s/gone/dangling', root, root, root))
    tester:eq(paths.rmall(root .. '/gone', 'yes'), true)
    tester:eq({paths.dirp(root .. '/gone'), paths.filep(root .. '/kept/file')}, {false, true})
    os.execute('ln -s /no/such ' .. root .. '/alone')
    tester:eq(paths.rmall(root .. '/alone', 'yes'), true)
  end)
end

function tests.temporary_files_go_at_exit()
  local pipe = io.popen(arg[-1] .. [[ -e 'local n = paths.tmpname() io.open(n, "w"):close() io.write(n) os.exit(3)']])
  local name = pipe:read('*all')
  pipe:close()
  tester:eq({name ~= '', paths.filep(name)}, {true, false})
end

function tests.dofile_takes_the_level_of_its_caller()
  scratch(function(root)
    paths.mkdir(root .. '/lib')
    spit(root .. '/main.lua', 'local lib = dofile("' .. root .. '/lib/load.lua") return lib("data.lua")')
    spit(root .. '/lib/load.lua', 'return function(name) local value = paths.dofile(name, 2) return value end')
    spit(root .. '/data.lua', 'return "beside main"')
    spit(root .. '/lib/data.lua', 'return "beside load"')
    -- a tail call leaves no caller behind, so the value is kept in a local
    spit(root .. '/main.lua', 'local lib = dofile("' .. root .. '/lib/load.lua") local v = lib("data.lua") return v')
    tester:eq(dofile(root .. '/main.lua'), 'beside main')
  end)
end

local function message_of(code)
  local _, message = pcall(assert(loadstring(code)))
  return (message:gsub('^.-:%d+: ', ''))
end

function tests.wrong_arguments()
  for _, name in ipairs{'basename', 'dirname', 'extname', 'concat'} do
    tester:eq(message_of('paths.' .. name .. '{}'), "bad argument #1 to '" .. name .. "' (string expected, got table)")
  end
  for _, name in ipairs{'filep', 'dirp', 'dir', 'mkdir', 'rmdir', 'rmall'} do
    tester:eq(message_of('paths.' .. name .. '()'), "bad argument #1 to '" .. name .. "' (string expected, got no value)")
  end
end

function tests.extname_is_of_the_last_part()
  tester:eq(select('#', paths.extname('folder.d/file')), 0)
  tester:eq(paths.extname('folder.d/file.lua'), 'lua')
end

tester:add(tests):run()
