-- The command line of th beyond what the conformance cases record: options of LuaJIT, exit codes, errors.
require 'paths'
local tester, tests = torch.Tester(), torch.TestSuite()

local th = arg[-1]

-- What th writes to both outputs, and its exit code.
local function run(words, input, environment)
  local feed = paths.tmpname()
  local f = assert(io.open(feed, 'w'))
  f:write(input or '')
  f:close()
  local pipe = io.popen(string.format('%s %s %s < %s 2>&1; echo "code $?"', environment or '', th, words, feed))
  local text = pipe:read('*all')
  pipe:close()
  os.remove(feed)
  local output, code = text:match('^(.-)code (%d+)\n$')
  return (output:gsub('[ \t]+\n', '\n')), tonumber(code)
end

local function script(text, use)
  local name = paths.tmpname() .. '.lua'
  local f = assert(io.open(name, 'w'))
  f:write(text)
  f:close()
  local ok, problem = pcall(use, name)
  os.remove(name)
  if not ok then error(problem, 0) end
end

local function check(words, output, code, input, environment)
  local got, got_code = run(words, input, environment)
  tester:eq({got, got_code}, {output, code or 0}, words)
end

function tests.jit_options()
  check([[-joff -e 'print((jit.status()))']], 'false\n')
  check([[-j off -e 'print((jit.status()))']], 'false\n')
  check([[-e 'print((jit.status()))']], 'true\n')
  check([[-Ohotloop=5,-fold -e 'print(1)']], '1\n')
  check([[-O0 -e 'print(1)']], '1\n')
  local output, code = run('-Onothing -e 1')
  tester:eq({output:match('^[^\n]*'), code}, {'th: unknown or malformed optimization flag \'nothing\'', 1})
  output, code = run('-jnothing -e 1')
  tester:eq({output:match("^th: module 'jit.nothing' not found"), code}, {"th: module 'jit.nothing' not found", 1})
  tester:assert(run([[-jv -e 'for i = 1, 100 do end']]):find('TRACE', 1, true) ~= nil)
end

function tests.words_of_options()
  check([[-e'print(1)']], '1\n')
  check([[-e 'print(1)' -e 'print(2)']], '1\n')
  for _, flag in ipairs{'-e', '-l', '-j'} do
    tester:eq(run(flag):match('^[^\n]*'), 'Error: flag ' .. flag .. ' needs a value')
  end
  tester:eq(run('-q'):match('^[^\n]*'), 'Error: unrecognized flag -q')
end

function tests.standard_input()
  check('-', 'read\n', 0, 'print("read")')
  check('- a b', 'a\tb\n', 0, 'print(arg[1], arg[2])')
  check('-', 'th: stdin:1: unexpected symbol near \'=\'\n', 1, 'x = = 1')
  check('/dev/stdin', 'read\n', 0, 'print("read")')
end

function tests.exit_codes()
  script('os.exit(7)', function(name) check(name, '', 7) end)
  script('error("bad", 0)', function(name)
    local output, code = run(name)
    tester:eq({output:match('^[^\n]*'), code}, {'th: bad', 1})
    tester:assert(output:find('stack traceback:\n\t[C]: in function \'error\'\n\t' .. name .. ':1: in main chunk', 1, true) ~= nil)
  end)
  script('error({})', function(name) check(name, 'th: (error object is a table value)\n', 1) end)
  script('error(setmetatable({}, {__tostring = function() return "object" end}))', function(name)
    tester:eq(run(name):match('^[^\n]*'), 'th: object')
  end)
  check('/no/such/script.lua', 'th: cannot open /no/such/script.lua: No such file or directory\n', 1)
  check([[-e 'error("bad", 0)']], 'bad\n', 0)
end

function tests.arguments()
  script('print(arg[-1] == arg[0], arg[1], #arg, ...)', function(name)
    check(name .. ' -e "two words"', 'true\t-e\t2\n')
    -- as scripts start themselves again
    check(th .. ' ' .. name .. ' x', 'true\tx\t1\n')
  end)
end

function tests.environment()
  check([[-e 'print(y)']], '4\n', 0, '', 'LUA_INIT="y = 4"')
  check([[-e 'print(package.path:match("^/a/%?%.lua;%./%?%.lua;") ~= nil)']], 'true\n', 0, '', 'LUA_PATH="/a/?.lua;;"')
  check([[-e 'print(package.path)']], '/a/?.lua\n', 0, '', 'LUA_PATH="/a/?.lua"')
  tester:eq(run('-e 1', '', 'LUA_INIT="x = = 1"'):match('^[^\n]*'), "th: LUA_INIT:1: unexpected symbol near '='")
end

function tests.nothing_heavy_is_loaded()
  script([[for _, name in ipairs{'pl.utils', 'pl.compat', 'nn', 'trepl.repl', 'dok.help', 'sundown', 'xlua.usage'} do
    if package.loaded[name] then print(name) end
  end]], function(name) check(name, '') end)
  script('print(type(tablex.map), type(rawget(_G, "tablex")), type(List), no_such_global)', function(name)
    check(name, 'function\ttable\ttable\tnil\n')
  end)
end

tester:add(tests):run()
