local examples = require 'dok.examples'
local here = debug.getinfo(1, 'S').source:match('^@(.*)/') or '.'
local tester, tests = torch.Tester(), torch.TestSuite()
examples.add(tests, tester, here .. '/../doc')
tester:add(tests)
tester:run()
