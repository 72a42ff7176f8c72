require 'sys'
local tester, tests = torch.Tester(), torch.TestSuite()

function tests.split_leaves_what_does_not_match()
  tester:eq(sys.split('a-b', '%-'), {'a', 'b'})
  tester:eq(sys.split('abc', ''), {'abc'})
  tester:eq(sys.split('a--b', '%-%-?'), {'a', 'b'})
end

function tests.usleep_takes_any_number()
  for _, span in ipairs{0, -1, 0 / 0} do sys.usleep(span) end
  tester:assertError(function() sys.usleep('x') end)
end

function tests.execute_returns_output_of_failing_commands()
  tester:eq(sys.execute('echo told; exit 3'), 'told')
  tester:eq(sys.execute('no_such_command_here'):find('not found') ~= nil, true)
end

tester:add(tests):run()
