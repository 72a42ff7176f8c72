-- zeros, ones, eye, range, linspace, logspace, histc and bhistc.
local tester, tests = torch.Tester(), torch.TestSuite()
local types = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double'}
local floats = {'Float', 'Double'}

function tests.constants()
  for _, ty in ipairs(types) do
    local T, name = torch[ty .. 'Tensor'], 'torch.' .. ty .. 'Tensor'
    tester:eq(torch.zeros(2, 3, name):totable(), {{0, 0, 0}, {0, 0, 0}}, ty)
    tester:eq(torch.ones(torch.LongStorage{1, 2}, name):totable(), {{1, 1}}, ty)
    local strided = T(3, 2):fill(5):t()
    tester:assert(strided:zeros(2, 3) == strided and strided:stride(1) == 1, ty .. ': strides stay')
    tester:eq(strided:totable(), {{0, 0, 0}, {0, 0, 0}}, ty)
    tester:eq(torch.ones(strided, 2, 3):totable(), {{1, 1, 1}, {1, 1, 1}}, ty)
    tester:eq(torch.zeros(2, 0, 3, name):size():totable(), {2}, ty)
    tester:eq(torch.eye(2, 3, name):totable(), {{1, 0, 0}, {0, 1, 0}}, ty)
    tester:eq(torch.eye(T(2, 3):t(), 3, 2):totable(), {{1, 0}, {0, 1}, {0, 0}}, ty)
    tester:eq(torch.eye(2, -1, name):totable(), {{1, 0}, {0, 1}}, ty)
  end
end

function tests.range()
  for _, ty in ipairs(types) do
    local name = 'torch.' .. ty .. 'Tensor'
    tester:eq(torch.range(1, 10, 4, name):totable(), {1, 5, 9}, ty)
    tester:eq(torch.range(10, 1, -4, name):totable(), {10, 6, 2}, ty)
    local kept = torch[ty .. 'Tensor'](3, 2):t()
    tester:eq(torch.range(kept, 1, 6):totable(), {{1, 2, 3}, {4, 5, 6}}, ty .. ': keeps the shape')
    tester:eq(torch.range(kept, 1, 2):totable(), {1, 2}, ty)
  end
  tester:eq(torch.range(0.5, 2, 0.5):totable(), {0.5, 1, 1.5, 2})
  tester:eq(torch.range(1.9, 3.9, 'torch.IntTensor'):totable(), {1, 2, 3})
  local big = 2 ^ 62
  tester:eq(torch.range(-big, big, big, 'torch.LongTensor'):totable(), {-big, 0, big})
end

function tests.spaces()
  for _, ty in ipairs(floats) do
    local T = torch[ty .. 'Tensor']
    tester:eq(torch.linspace(T(), 0, 1, 5):totable(), {0, 0.25, 0.5, 0.75, 1}, ty)
    tester:eq(torch.linspace(T(3, 2), 5, 0, 6):totable(), {{5, 4}, {3, 2}, {1, 0}}, ty)
    tester:assertTensorEq(torch.logspace(T(), -1, 2, 4), T{0.1, 1, 10, 100}, 1e-5)
    tester:eq(torch.linspace(T(), 3, 3, 1):totable(), {3}, ty)
  end
  tester:eq(torch.linspace(1, 100):size(1), 100)
end

function tests.histograms()
  for _, ty in ipairs(floats) do
    local T = torch[ty .. 'Tensor']
    local x = T{{0, 1, 2.5}, {3.9, 4, 0 / 0}}
    tester:eq(torch.histc(x, 4, 0, 4):totable(), {1, 1, 1, 2}, ty)
    tester:eq(x:t():histc(4, 1, 3):totable(), {1, 0, 0, 1}, ty)
    tester:eq(torch.histc(T(9, 4):t(), x, 4):totable(), {1, 1, 1, 2}, ty .. ': the range of the data')
    tester:eq(torch.bhistc(x:t(), 2, 0, 4):totable(), {{1, 1}, {1, 1}, {0, 1}}, ty)
    tester:eq(T{2, 2}:histc(2):totable(), {0, 2}, ty .. ': all alike')
    tester:eq(T{1 / 0, -1 / 0, 1}:histc(3):sum(), 3, ty .. ': infinite range')
    tester:eq(T{0 / 0}:histc(3):sum(), 0, ty)
    tester:eq(T():histc(3):totable(), {0, 0, 0}, ty)
  end
end

function tests.wrongCalls()
  local function message(f, text) tester:assertErrorPattern(f, text) end
  message(function() torch.eye(0) end, 'invalid argument')
  message(function() torch.eye(2 ^ 31, 2 ^ 40) end, '')
  message(function() torch.range(1, 3, 0) end, 'step must be a non%-null number')
  message(function() torch.range(1, 3, -1) end, 'upper bound and larger bound incoherent with step sign')
  message(function() torch.range(1, 0 / 0) end, 'incoherent')
  message(function() torch.range(1, 1 / 0) end, 'too many elements')
  message(function() torch.range(0, 1, 1e-300) end, 'too many elements')
  -- views without strides hold nothing, but their elements are counted
  message(function() torch.Tensor(1, 1):expand(3, 2 ^ 62) end, 'the sizes 3 x 4611686018427387904 have too many elements')
  message(function() torch.Tensor(torch.Storage(1), 1, torch.LongStorage{ 3, 2 ^ 62 }, torch.LongStorage{ 0, 0 }) end, 'too many elements')
  message(function() torch.Tensor(1):expand(2 ^ 40):unfold(1, 2 ^ 39, 1) end, 'too many elements')
  message(function() torch.range(-2 ^ 62, 2 ^ 62, 'torch.LongTensor') end, 'too many elements')
  message(function() torch.linspace(1, 2, 1) end, 'invalid number of points')
  message(function() torch.linspace(1, 2, 0 / 0) end, 'invalid number of points')
  message(function() torch.logspace(1, 2, 1e17) end, 'cannot allocate')
  message(function() torch.histc(torch.ones(2), 0) end, 'bins must be > 0')
  message(function() torch.histc(torch.ones(2), 1e17) end, 'cannot allocate')
  message(function() torch.bhistc(torch.ones(2)) end, '2d tensor')
  message(function() torch.zeros(2 ^ 62, 2 ^ 62) end, '')
end

tester:add(tests)
tester:run()
