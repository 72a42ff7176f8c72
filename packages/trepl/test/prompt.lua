-- What the prompt completes, prints and survives.
local complete = require 'trepl.complete'
local tester, tests = torch.Tester(), torch.TestSuite()

local function offered(line)
  local words, from = complete(line)
  return words, from
end

function tests.completes_globals_and_fields()
  tester:eq({offered('string.re')}, {{'string.rep(', 'string.reverse('}, 1})
  tester:eq({offered('x = math.pi + mat')}, {{'math'}, 15})
  tester:eq(offered('funct'), {'function'})
  tester:eq(offered('no_such_thing.a'), {})
  tester:eq(offered('paths.execd'), {'paths.execdir('})
end

function tests.completes_methods()
  a_string, a_tensor, an_object = 'text', torch.Tensor(2), torch.Tester()
  tester:eq(offered('a_string:upp'), {'a_string:upper('})
  tester:eq(offered('a_tensor:nElem'), {'a_tensor:nElement('})
  local errors = offered('an_object:assertError')
  tester:eq({errors[1], errors[4]}, {'an_object:assertError(', 'an_object:assertErrorPattern('})
  nested = {inner = {value = 1, method = print}}
  tester:eq(offered('nested.inner.'), {'nested.inner.method(', 'nested.inner.value'})
  tester:eq(offered('nested.inner:'), {'nested.inner:method('})
  a_string, a_tensor, an_object, nested = nil, nil, nil, nil
end

function tests.completes_file_names()
  local root = paths.tmpname()
  paths.mkdir(root .. '/folder')
  for _, name in ipairs{'first.t7', 'first-half.t7', '.hidden'} do io.open(root .. '/' .. name, 'w'):close() end
  local line = 'torch.load("' .. root .. '/'
  tester:eq({offered(line .. 'fir')}, {{root .. '/first-half.t7', root .. '/first.t7'}, 13})
  tester:eq(offered(line .. 'fo'), {root .. '/folder/'})
  tester:eq(#offered(line), 3)
  tester:eq(offered(line .. '.h'), {root .. '/.hidden'})
  tester:eq(offered('torch.load("closed") .. string.revers'), {'string.reverse('})
  paths.rmall(root, 'yes')
end

function tests.completes_in_questions()
  tester:eq(offered('? string.rep'), {'string.rep'})
end

function tests.completing_has_no_effects()
  local calls = 0
  guarded = setmetatable({}, {__index = function() calls = calls + 1 end, __tostring = error})
  offered('guarded.')
  offered('guarded:x')
  tester:eq(calls, 0)
  guarded = nil
end

local function answers(lines)
  local feed = paths.tmpname()
  local f = assert(io.open(feed, 'w'))
  f:write(lines)
  f:close()
  local pipe = io.popen(arg[-1] .. ' < ' .. feed .. ' 2>&1')
  local text = pipe:read('*all')
  pipe:close()
  os.remove(feed)
  local list = {}
  for answer in text:gmatch('th> (.-)%s*%[%d+%.%d+s%]') do list[#list + 1] = answer end
  return list
end

function tests.errors_keep_their_place()
  tester:eq(answers('error("boo")\n')[1]:match('^[^\n]*'), '[string "error("boo")"]:1: boo')
  tester:eq(answers('nothing()\n')[1]:match('\n%s*([^\n]*)$'), '[string "nothing()"]:1: in main chunk')
end

function tests.survives_what_a_line_does()
  local wrong = 'setmetatable({}, {__tostring = function() error("no text") end})\n'
  local seen = answers('print, sys, dok, require = nil\n_RESULTS = 5\n1 + 1\n' .. wrong .. '2 + 2 -- four\n')
  tester:eq({seen[3], seen[5]}, {'2', '4'})
end

function tests.last_values()
  tester:eq(answers('7, 8\n_LAST\n#_RESULTS\nnil\n_LAST\n'), {'7\t8', '7', '2', '', '2'})
end

function tests.print_of_tables_that_hold_themselves()
  local seen = answers('t = {}\nt.t = t\nt\n')
  tester:eq(seen[3]:match('{%.%.%.}'), '{...}')
end

tester:add(tests):run()
