-- Wrong calls of every operation: each raises the message that lists the forms, and none does harm.
require 'torch'
local tester, tests = torch.Tester(), torch.TestSuite()

local operations = {}
for _, op in ipairs(torch.ops()) do
  if not op.kernel and not op.name:find('_$') then operations[#operations + 1] = op end
end

-- Whether a call without arguments fits one of the forms: it has nothing but optional ones.
local function takes_nothing(forms)
  local bare = forms:gsub('%b()', 'SIZES'):gsub('%b[]', '')
  for form in (bare .. '|'):gmatch('(.-)|') do
    if not form:find('%S') then return true end
  end
  return false
end

local function many(value)
  local list = {}
  for k = 1, 20 do list[k] = value end
  return list
end

local function double() return torch.Tensor(2, 2):fill(1) end
local wrong = { -- what it is called, the arguments, what the message says of them
  {'a table', function() return {{}} end, 'table'},
  {'a table of strings', function() return {{'one', 'two'}} end, 'table'},
  {'a function', function() return {print} end, '???'},
  {'a thread', function() return {coroutine.create(print)} end, '???'},
  {'an object of another class', function() return {torch.Timer()} end, 'Timer'},
  {'a string', function() return {'no number'} end, 'string'},
  {'tensors of two types', function() return {double(), torch.ShortTensor(2, 2)} end, 'DoubleTensor ShortTensor'},
  {'a number for a tensor', function() return {double(), 1, 2, double(), 'x'} end, 'DoubleTensor number number DoubleTensor string'},
  {'nil after a tensor', function() return {double(), nil, double(), n = 3} end, 'DoubleTensor nil DoubleTensor'},
  {'too many', function() local list = many(true) table.insert(list, 1, double()) return list end,
   'DoubleTensor' .. (' boolean'):rep(20)},
  {'far too many', function() return many(double()) end, ('DoubleTensor '):rep(20):sub(1, -2)},
}

local function call(f, list) return pcall(f, unpack(list, 1, list.n or #list)) end

local function has(message, text) return type(message) == 'string' and message:find(text, 1, true) ~= nil end

-- Whether it is the message of a wrong call: what was given, and the forms there are.
local function refused(message, given, forms)
  return has(message, 'does not implement the torch.') or
         has(message, 'invalid arguments: ' .. given .. '\nexpected arguments: ' .. forms)
end
local said_otherwise = {cat = 'expected DoubleTensor in tensor array'}

local function check(op, what, ok, message, given, forms)
  local fine = not ok and (refused(message, given, forms) or has(message, said_otherwise[op.name] or '\0'))
  tester:assert(fine, ('%s of %s: %s'):format(op.name, what, tostring(message)))
end

function tests.eachOperationIsListedOnce()
  local seen = {}
  for _, op in ipairs(torch.ops()) do
    tester:assert(not seen[op.name], op.name)
    seen[op.name] = true
  end
end

for _, op in ipairs(operations) do
  local name = op.name
  if op.functions then
    tests['torch.' .. name] = function()
      local f = torch[name]
      if not takes_nothing(op.functions) then
        local ok, message = pcall(f)
        check(op, 'nothing', ok, message, 'no arguments provided', op.functions)
      end
      for _, case in ipairs(wrong) do
        local ok, message = call(f, case[2]())
        check(op, case[1], ok, message, case[3] .. ' ', op.functions)
      end
    end
  end
  if op.methods and name ~= 'numel' then -- which is x:nElement(), and looks at x alone
    tests['x:' .. name] = function()
      for _, kind in ipairs(op.types) do
        local x = torch[kind .. 'Tensor'](2, 2):fill(1)
        for given, value in pairs{table = {}, ['???'] = print, string = 'no number', Timer = torch.Timer(),
                                  DoubleStorage = torch.DoubleStorage(2)} do
          local ok, message = pcall(x[name], x, value)
          check(op, kind .. 'Tensor and ' .. given, ok, message, kind .. 'Tensor ' .. given .. ' ', '')
        end
      end
    end
  end
end

function tests.failedResizesChangeNothing()
  local fixed = torch.DoubleStorage(torch.DoubleStorage{1, 2, 3, 4, 5}, 2, 3) -- part of another: cannot grow
  local x = torch.Tensor(fixed)
  tester:assertError(function() x:resize(100) end)
  tester:assertError(function() x:resize(torch.LongStorage{2, 3}, torch.LongStorage{100, 1}) end)
  tester:eq(x, torch.Tensor{2, 3, 4})
  local y = torch.ones(2)
  tester:assertError(function() y:set(fixed, 2, 100, 1) end)
  tester:assertError(function() y:resize(2 ^ 40, 2 ^ 20) end)
  tester:eq(y, torch.ones(2))
end

function tests.viewsOfNothing()
  tester:eq(torch.Tensor():view(2, 0):dim(), 0)
  tester:eq(torch.Tensor():repeatTensor(2):dim(), 0)
  tester:assertError(function() torch.range(1, 6):view(-2, -3) end)
end

function tests.wrongCallsOfKernels()
  local ffi, kernels = require 'ffi', torch.DoubleTensor.THNN
  local x, y, buffer = torch.ones(3), torch.Tensor(), torch.Tensor()
  for _, other in ipairs{2LL ^ 62, ffi.new('int8_t', 3), ffi.new('void*')} do -- no tensors
    tester:assertError(function() kernels.LogSigmoid_updateOutput(other, y, buffer) end)
  end
  kernels.LogSigmoid_updateOutput(x:cdata(), y:cdata(), buffer:cdata())
  tester:eq(y:dim(), 1)
  tester:assertError(function() kernels.Attention_updateOutput(x, x, x) end) -- the fourth alone may be left out
  tester:assertError(function() kernels.SpatialUpSamplingBilinear_updateGradInput(torch.ones(2, 2, 2), x, 2, 0, 2, 2, 4, 4) end)
  tester:eq(x, torch.ones(3))
  tester:assertError(function() torch.MemoryFile():seek(-2LL ^ 63) end)
end

tester:add(tests)
tester:run()
