-- The text of tensors and storages: layouts beyond those that the conformance cases record.
local tester, tests = torch.Tester(), torch.TestSuite()

function tests.longRowsOfNumbersOfAnyWidth() -- a NaN: no blocks of columns, whatever the length
  local t = torch.zeros(2, 300)
  t[1][1] = 0 / 0
  local lines = {}
  for line in tostring(t):gmatch('[^\n]+') do table.insert(lines, line) end
  tester:eq(#lines, 3)
  local _, cells = lines[2]:gsub('%S+', '')
  tester:eq(cells, 300)
end

function tests.longVectors()
  local n = 0
  for line in tostring(torch.ones(1234)):gmatch('[^\n]+') do n = n + 1 end
  tester:eq(n, 1235)
end

function tests.viewsPrintTheirOwnElements()
  local t = torch.Tensor{ { 1, 1000 }, { 2, 2000 } }
  tester:eq(tostring(t:select(2, 1)), ' 1\n 2\n[torch.DoubleTensor of size 2]\n')
  tester:eq(t:select(2, 1)[1], 1)
end

function tests.scalingLeavesTheTensorAlone()
  local t = torch.Tensor{ { 0.001, 0.002 } }
  local text = tostring(t)
  tester:eq(tostring(t), text)
  tester:eq(t[1][2], 0.002)
end

tester:add(tests):run()
