-- torch.Tester: runs named test functions and counts their assertions.
-- The assertions are in TesterAsserts.lua.
local Tester = torch.class('torch.Tester')

local lineWidth = 80

function Tester:__init()
  self.tests, self.order = {}, {}
  self.disabledTests = {}
  self.warnings = {}
  self.rethrow, self.earlyAbort, self.summaryOnly = false, false, false
  self:_reset()
end

function Tester:_reset()
  self.errors = {}
  self.assertionPass, self.assertionFail, self.testError, self._warningCount = {}, {}, {}, {}
  self.countasserts = 0
  self._currentTestName = nil
end

function Tester:setEarlyAbort(on) self.earlyAbort = on end
function Tester:setRethrowErrors(on) self.rethrow = on end
function Tester:setSummaryOnly(on) self.summaryOnly = on end

function Tester:_warn(message)
  local name = self._currentTestName
  if name then self._warningCount[name] = self._warningCount[name] + 1 end
  table.insert(self.warnings, (name and name .. '\n' or '') .. message)
end

function Tester:add(test, name)
  if type(test) == 'table' then
    local tests = test.__isTestSuite and test.__tests or test
    if tests == test then self:_warn('Should use TestSuite rather than plain lua table') end
    local names = {}
    for key in pairs(tests) do table.insert(names, key) end
    table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
    for _, key in ipairs(names) do
      if type(tests[key]) == 'table' then error('Nested tables of tests are not supported', 2) end
      self:add(tests[key], key)
    end
    return self
  end
  if type(test) ~= 'function' then error('a test should be a function or a table of functions', 2) end
  if name == '_setUp' or name == '_tearDown' then
    self[name] = test
    return self
  end
  name = name or 'unknown'
  if self.tests[name] then error('Test with name ' .. tostring(name) .. ' already exists!', 2) end
  self.tests[name] = test
  table.insert(self.order, name)
  return self
end

function Tester:disable(names)
  for _, name in ipairs(type(names) == 'table' and names or { names }) do
    if not self.tests[name] then error("Couldn't find test '" .. tostring(name) .. "'", 2) end
    self.disabledTests[name] = true
  end
  return self
end

function Tester:_select(wanted) -- names of the tests that a name, a pattern or a list of them asks for
  if wanted == nil then return self.order end
  local chosen = {}
  for _, pattern in ipairs(type(wanted) == 'table' and wanted or { wanted }) do
    local found = self.tests[pattern] ~= nil
    if found then chosen[pattern] = true end
    for _, name in ipairs(found and {} or self.order) do
      if tostring(name):match(pattern) then found, chosen[name] = true, true end
    end
    if not found then error("Couldn't find test '" .. tostring(pattern) .. "'", 3) end
  end
  local names = {}
  for _, name in ipairs(self.order) do if chosen[name] then table.insert(names, name) end end
  return names
end

-- The lines of the tests in a traceback.
function Tester._trace(level)
  local lines = {}
  for line in debug.traceback('', level + 1):gmatch('[^\n]+') do
    if line:find('Tester.lua:%d+: in function <') then break end
    table.insert(lines, line)
  end
  return table.concat(lines, '\n')
end

function Tester:_runTest(name)
  self._currentTestName = name
  local function body()
    if self._setUp then self._setUp(name) end
    self.tests[name]()
    if self._tearDown then self._tearDown(name) end
  end
  if self.rethrow then
    body()
  else
    local ok, failure = xpcall(body, function(e)
      return type(e) == 'string' and e .. '\n' .. self._trace(2) or e
    end)
    if not ok then
      self.testError[name] = self.testError[name] + 1
      table.insert(self.errors, tostring(name) .. '\n Function call failed\n' .. tostring(failure))
    end
  end
  self._currentTestName = nil
end

local function paint(status)
  local ok, colors = pcall(require, 'sys.colors')
  if not ok or io.output() ~= io.stdout or not (torch.isatty and torch.isatty(io.stdout)) then return status end
  local color = status == 'PASS' and 'green' or status == 'SKIP' and 'yellow' or status == 'WAIT' and 'cyan' or 'red'
  return (colors[color] or '') .. status .. (colors.none or '')
end

local function count(n, noun) return n .. ' ' .. noun .. (n == 1 and '' or 's') end

local function line(i, n, name, status)
  local head = string.format('%' .. #tostring(n) .. 'd/%d ', i, n)
  local room = lineWidth - #head - #' ... [WAIT]'
  name = tostring(name):sub(1, room)
  local dots = lineWidth - #head - #name - #'  [WAIT]'
  return head .. name .. ' ' .. string.rep('.', dots) .. ' [' .. paint(status) .. ']'
end

function Tester:_report(names)
  local failures, errors, warnings, disabled = 0, 0, #self.warnings, 0
  for _, name in ipairs(names) do
    failures = failures + self.assertionFail[name]
    errors = errors + self.testError[name]
    if self.disabledTests[name] then disabled = disabled + 1 end
  end
  io.write('Completed ', count(self.countasserts, 'assert'), ' in ', count(#names, 'test'), ' with ',
    count(failures, 'failure'), ' and ', count(errors, 'error'))
  if warnings > 0 then io.write(' and ', count(warnings, 'warning')) end
  if disabled > 0 then io.write(' and ', disabled, ' disabled') end
  io.write('\n')
  if self.summaryOnly then return end
  local rule = string.rep('-', lineWidth)
  for _, list in ipairs{ self.errors, self.warnings } do
    for _, text in ipairs(list) do io.write(rule, '\n', text, '\n') end
    if #list > 0 then io.write(rule, '\n') end
  end
end

function Tester:run(wanted)
  local names = self:_select(wanted)
  self:_reset()
  for _, name in ipairs(names) do
    self.assertionPass[name], self.assertionFail[name], self.testError[name], self._warningCount[name] = 0, 0, 0, 0
  end
  io.write('Running ', count(#names, 'test'), '\n')
  for i, name in ipairs(names) do
    io.write(line(i, #names, name, 'WAIT'))
    io.flush()
    local status = 'SKIP'
    if not self.disabledTests[name] then
      self:_runTest(name)
      status = self.testError[name] > 0 and 'ERROR' or self.assertionFail[name] > 0 and 'FAIL' or 'PASS'
    end
    io.write('\r', line(i, #names, name, status), '\n')
    if self._warningCount[name] > 0 then io.write(string.format('%' .. lineWidth .. 's\n', '[+warning]')) end
    io.flush()
    if self.earlyAbort and (status == 'ERROR' or status == 'FAIL') then break end
  end
  self:_report(names)
  if #self.errors > 0 then error('An error was found while running tests!', 2) end
  return 0
end

require('torch.TesterAsserts')
