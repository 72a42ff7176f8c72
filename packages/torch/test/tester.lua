-- torch.Tester and torch.TestSuite test each other's accounts.
local tester, tests = torch.Tester(), torch.TestSuite()

-- Runs one test body in a tester of its own, silently.
local function outcome(body)
  local inner = torch.Tester()
  inner:add(function() body(inner) end, 'it')
  local name = os.tmpname()
  local old = io.output()
  io.output(name)
  local ok = pcall(inner.run, inner)
  io.output():close()
  io.output(old)
  os.remove(name)
  return ok, inner.assertionPass.it, inner.assertionFail.it, inner.testError.it, inner.errors[1]
end

function tests.countsPassesAndFailures()
  local ok, passed, failed, raised = outcome(function(t) t:eq(1, 1) t:eq(1, 2) t:assertlt(1, 2) end)
  tester:eq({ ok, passed, failed, raised }, { false, 2, 1, 0 })
end

function tests.countsErrors()
  local ok, passed, failed, raised, text = outcome(function() error('broken', 0) end)
  tester:eq({ ok, passed, failed, raised }, { false, 0, 0, 1 })
  tester:assert(text:find('Function call failed\nbroken', 1, true) ~= nil)
end

function tests.comparesDeeply()
  local t = torch.Tensor{ { 1, 2 }, { 3, 4 } }
  tester:assert(tester:eq({ a = { t } }, { a = { t:clone() } }))
  local _, _, failed, _, text = outcome(function(u) u:eq({ a = { t } }, { a = { t + 1 } }) end)
  tester:eq(failed, 1)
  tester:assert(text:find('At table location a.1: TensorEQ(==) violation: max diff=1, tolerance=0', 1, true) ~= nil)
  tester:eq({ t + 0.5 }, { t }, 0.5)
  tester:ne({ t + 0.5 }, { t }, 0.4)
end

function tests.refusesOddCalls()
  for _, call in ipairs{
    function(t) t:eq(1, 1, -1) end, function(t) t:eq(1, 1, 'm', 'n') end, function(t) t:assert(true, 5) end,
    function(t) t:assertTensorEq(1, 1) end, function(t) t:assertTableEq(1, 1) end,
  } do
    local _, _, failed, raised = outcome(call)
    tester:eq({ failed, raised }, { 0, 1 })
  end
end

function tests.suiteTakesNamesOnce()
  local suite = torch.TestSuite()
  function suite.one() end
  tester:assertErrorPattern(function() suite.one = function() end end, 'already defined')
  tester:assertErrorPattern(function() suite.two = {} end, 'Nested tables')
  tester:assertErrorPattern(function() suite.two = 2 end, 'Only functions')
end

tester:add(tests):run()
