-- The assertions of torch.Tester. Each returns whether it held; a failure is noted and the test goes on.
local Tester = torch.getmetatable('torch.Tester')
local C = require('torch.TesterCompare')

local function badCall(what) error(what, 4) end

-- The optional arguments of an assertion: a message only.
local function messageOf(...)
  local n, message = select('#', ...), ...
  if n > 1 then badCall('Unexpected argument: too many') end
  if message ~= nil and type(message) ~= 'string' then badCall('the message of an assertion should be a string') end
  return message
end

-- A tolerance and a message, in either order.
local function toleranceOf(default, ...)
  local n = select('#', ...)
  if n > 2 then badCall('Unexpected argument: too many') end
  local tolerance, message
  for i = 1, n do
    local v = select(i, ...)
    if type(v) == 'number' and tolerance == nil then tolerance = v
    elseif type(v) == 'string' and message == nil then message = v
    elseif v ~= nil then badCall('Unexpected argument ' .. tostring(v) .. ': a tolerance and a message are expected') end
  end
  tolerance = tolerance or default
  if tolerance < 0 or tolerance ~= tolerance then badCall('the tolerance should not be negative') end
  return tolerance, message
end

-- Every assertion ends with a tail call of this, so that the level above is the test.
function Tester:_judge(ok, reason, message)
  local name = self._currentTestName
  self.countasserts = self.countasserts + 1
  if ok then
    if name then self.assertionPass[name] = self.assertionPass[name] + 1 end
    return true
  end
  local text = (message and message .. '\n' or '') .. reason
  if self.rethrow then error(text, 2) end
  if name then self.assertionFail[name] = self.assertionFail[name] + 1 end
  table.insert(self.errors, (name and tostring(name) .. '\n' or '') .. text .. '\n' .. self._trace(2))
  return false
end

function Tester:assert(condition, ...)
  local message = messageOf(...)
  if type(condition) ~= 'boolean' then self:_warn("the condition of 'assert' is no boolean") end
  return self:_judge(condition, 'BOOL violation condition=' .. tostring(condition), message)
end

function Tester:assertGeneralEq(got, expected, ...)
  local tolerance, message = toleranceOf(0, ...)
  local ok, reason = C.compare(got, expected, tolerance, false)
  return self:_judge(ok, reason, message)
end
Tester.eq = Tester.assertGeneralEq

function Tester:assertGeneralNe(got, unexpected, ...)
  local tolerance, message = toleranceOf(0, ...)
  local ok, reason = C.compare(got, unexpected, tolerance, true)
  return self:_judge(ok, reason, message)
end
Tester.ne = Tester.assertGeneralNe

local orders = {
  lt = { function(a, b) return a < b end, '>=' }, gt = { function(a, b) return a > b end, '<=' },
  le = { function(a, b) return a <= b end, '>' }, ge = { function(a, b) return a >= b end, '<' },
}
for name, order in pairs(orders) do
  Tester['assert' .. name] = function(self, a, b, ...)
    local message = messageOf(...)
    local reason = string.format('%s failed: %s %s %s', name:upper(), tostring(a), order[2], tostring(b))
    return self:_judge(order[1](a, b), reason, message)
  end
end

function Tester:assertalmosteq(a, b, ...)
  local tolerance, message = toleranceOf(1e-16, ...)
  local reason = string.format('ALMOST_EQ failed: %s ~= %s with tolerance=%s', tostring(a), tostring(b), tolerance)
  return self:_judge(math.abs(a - b) <= tolerance, reason, message)
end

-- asserteq and assertne compare as == does, by identity for tables.
local function identity(self, a, b)
  if type(a) == 'table' and type(b) == 'table' then self:_warn('tables are compared by identity here; see assertTableEq') end
  return a == b
end
function Tester:asserteq(a, b, ...)
  local message = messageOf(...)
  return self:_judge(identity(self, a, b), string.format('EQ failed: %s ~= %s', tostring(a), tostring(b)), message)
end
function Tester:assertne(a, b, ...)
  local message = messageOf(...)
  return self:_judge(not identity(self, a, b), string.format('NE failed: %s == %s', tostring(a), tostring(b)), message)
end

local function assertTensor(self, a, b, negate, ...)
  local tolerance, message = toleranceOf(0, ...)
  if not torch.isTensor(a) or not torch.isTensor(b) then badCall('two tensors are expected') end
  local ok, reason
  if a:nElement() ~= b:nElement() then ok, reason = negate, 'The tensors have different sizes'
  elseif a:type() ~= b:type() then ok, reason = negate, 'The tensors have different types'
  else
    if not a:isSameSizeAs(b) then self:_warn('the shapes of the tensors differ; only their elements are compared') end
    ok, reason = C.gapVerdict('Tensor', C.tensorGap(a, b), tolerance, negate)
  end
  return self:_judge(ok, reason, message)
end
function Tester:assertTensorEq(a, b, ...) return assertTensor(self, a, b, false, ...) end
function Tester:assertTensorNe(a, b, ...) return assertTensor(self, a, b, true, ...) end

local function assertTable(self, a, b, negate, ...)
  local tolerance, message = toleranceOf(0, ...)
  if type(a) ~= 'table' or type(b) ~= 'table' then badCall('two tables are expected') end
  local ok, reason = C.tables(a, b, tolerance, negate)
  return self:_judge(ok, reason, message)
end
function Tester:assertTableEq(a, b, ...) return assertTable(self, a, b, false, ...) end
function Tester:assertTableNe(a, b, ...) return assertTable(self, a, b, true, ...) end

-- Whether the error that f raises, if any, pleases the predicate(raised, error).
local function assertRaise(self, f, predicate, ...)
  local message = messageOf(...)
  local ok, failure = pcall(f)
  local shown = ok and 'nil' or tostring(failure)
  return self:_judge(predicate(not ok, failure) and true or false, 'ERROR violation: err=' .. shown, message)
end
function Tester:assertError(f, ...)
  return assertRaise(self, f, function(raised) return raised end, ...)
end
function Tester:assertNoError(f, ...)
  return assertRaise(self, f, function(raised) return not raised end, ...)
end
function Tester:assertErrorMsg(f, text, ...)
  return assertRaise(self, f, function(raised, e) return raised and e == text end, ...)
end
function Tester:assertErrorPattern(f, pattern, ...)
  return assertRaise(self, f, function(raised, e) return raised and tostring(e):find(pattern) ~= nil end, ...)
end
function Tester:assertErrorObj(f, predicate, ...)
  return assertRaise(self, f, function(raised, e) return raised and predicate(e) end, ...)
end
