-- What the conformance cases do not record: both paths of a step agree, layouts, and the additions.
require 'optim'
local tester, tests = torch.Tester(), torch.TestSuite()

-- f(x) = sum of c_i (x_i - 1)^2 / 2
local function problem(type, n)
  local c = torch.range(1, n):type(type):div(n)
  local x = torch.linspace(-2, 3, n):type(type)
  return x, function(x)
    local d = x:clone():add(-1)
    local g = torch.cmul(d, c)
    return 0.5 * torch.dot(d, g), g
  end
end

local configs = {
  sgd = { { learningRate = 0.1 }, { learningRate = 0.1, momentum = 0.9, weightDecay = 0.1 },
    { learningRate = 0.1, momentum = 0.9, dampening = 0, nesterov = true } },
  adam = { { learningRate = 0.1 }, { weightDecay = 0.1, learningRateDecay = 0.1 } },
  adamax = { { learningRate = 0.1, weightDecay = 0.2 } },
  adagrad = { { learningRate = 0.1 }, { weightDecay = 0.1 } },
  adadelta = { { eps = 1e-3 }, { weightDecay = 0.1 } },
  rmsprop = { { learningRate = 0.1 }, { initialMean = 1, weightDecay = 0.1 } },
}

local function run(method, config, x, f, steps)
  local state = {}
  for _ = 1, steps do optim[method](f, x, config, state) end
  return x, state
end

-- The methods without their kernels.
local function plainly(fn)
  local kernels = {}
  for _, type in ipairs{ 'torch.FloatTensor', 'torch.DoubleTensor' } do
    local metatable = torch.getmetatable(type)
    kernels[type] = metatable.THNN
    metatable.THNN = nil
  end
  local ok, result = pcall(fn)
  for type, kernel in pairs(kernels) do torch.getmetatable(type).THNN = kernel end
  assert(ok, result)
  return result
end

function tests.kernelsAgreeWithTensorCalls()
  for method, list in pairs(configs) do
    for _, config in ipairs(list) do
      for type, tolerance in pairs{ ['torch.DoubleTensor'] = 1e-12, ['torch.FloatTensor'] = 2e-5 } do
        local x, f = problem(type, 37)
        local plain = plainly(function() return (run(method, config, x:clone(), f, 5)) end)
        local fused = run(method, config, x:clone(), f, 5)
        tester:eq(fused, plain, tolerance, method .. ' ' .. type)
      end
    end
  end
end

function tests.anyLayout()
  for method, list in pairs(configs) do
    local x, f = problem('torch.DoubleTensor', 12)
    local wide = torch.zeros(12, 3)
    local y = wide:select(2, 2):copy(x)
    run(method, list[1], x, f, 3)
    run(method, list[1], y, f, 3)
    tester:eq(y:clone(), x, 1e-14, method)
    tester:eq(wide:select(2, 1):sum() + wide:select(2, 3):sum(), 0, method)
  end
end

function tests.everyMethodMinimises()
  local configs = {
    sgd = { learningRate = 0.5, momentum = 0.5, dampening = 0 }, adam = { learningRate = 0.1 },
    adamw = { learningRate = 0.1, weightDecay = 0 },
    adamax = { learningRate = 0.1 }, adagrad = { learningRate = 1 }, adadelta = { eps = 1e-2 }, rmsprop = { learningRate = 0.02 },
    asgd = { eta0 = 0.5 }, nag = { learningRate = 0.3, momentum = 0.5 }, rprop = {}, cg = {}, lbfgs = { lineSearch = optim.lswolfe },
  }
  for method, config in pairs(configs) do
    local x, f = problem('torch.DoubleTensor', 5)
    local start = f(x)
    for _ = 1, 150 do optim[method](f, x, config) end
    tester:assertlt(f(x), 1e-2 * start, method)
  end
end

function tests.lbfgsKeepsNoMoreThanItsPairs()
  local x, f = problem('torch.DoubleTensor', 30)
  local state = {}
  optim.lbfgs(f, x, { maxIter = 12, nCorrection = 3, tolX = 0, tolFun = 0, learningRate = 0.5 }, state)
  tester:eq(#state.old_dirs, 3)
  tester:assertle(#state.dir_bufs, 2)
end

function tests.polyinterpOfThreePoints()
  local function p(x) return { x, (x - 0.7) ^ 2, 2 * (x - 0.7) } end
  tester:eq(optim.polyinterp(torch.Tensor{ p(0), p(1), p(2) }), 0.7, 1e-6)
end

function tests.adamwDecaysApart()
  local x, state = torch.ones(3), {}
  optim.adamw(function(x) return 0, torch.zeros(3) end, x, { learningRate = 0.1, weightDecay = 0.5 }, state)
  tester:eq(x, torch.ones(3) * 0.95, 1e-15)
  tester:eq(state.m:norm(), 0)
end

function tests.clipping()
  local g = torch.Tensor{ 3, 4 }
  tester:eq(optim.clipGradNorm(g, 10), 5)
  tester:eq(g, torch.Tensor{ 3, 4 })
  optim.clipGradNorm(g, 1)
  tester:eq(g, torch.Tensor{ 0.6, 0.8 }, 1e-15)
  local clipped = optim.clipGradValue(function() return 1, torch.Tensor{ 3, -4 } end, 2)
  local f, h = clipped(g)
  tester:eq({ f, h }, { 1, torch.Tensor{ 2, -2 } })
end

function tests.schedules()
  local S = optim.schedule
  local step = S.step{ learningRate = 1, every = 10 }
  tester:eq({ step(0), step(9), step(10), step(25) }, { 1, 1, 0.1, 0.01 }, 1e-15)
  local miles = S.step{ learningRate = 1, milestones = { 2, 4 }, gamma = 0.5 }
  tester:eq({ miles(1), miles(2), miles(4) }, { 1, 0.5, 0.25 })
  local cosine = S.cosine{ learningRate = 1, steps = 10, warmup = 4 }
  tester:eq({ cosine(0), cosine(3), cosine(4), cosine(9), cosine(14), cosine(99) }, { 0.25, 1, 1, 0.5, 0, 0 }, 1e-12)
  local cycle = S.oneCycle{ learningRate = 1, steps = 100 }
  tester:eq({ cycle(0), cycle(30), cycle(100) }, { 1 / 25, 1, 1e-4 }, 1e-12)
  tester:assertErrorPattern(function() S.cosine{ learningRate = 1 } end, 'steps is missing')
  local x, config = torch.ones(1), {}
  local method = S.apply(optim.sgd, miles)
  for _ = 1, 3 do method(function() return 0, torch.ones(1) end, x, config) end
  tester:eq(x[1], 1 - 1 - 1 - 0.5)
  tester:eq(config.scheduleCounter, 3)
end

function tests.movingAverage()
  local x = torch.zeros(2)
  local ema = optim.EMA(x, 0.9)
  x:fill(1)
  ema:update(x)
  tester:eq(ema.average, torch.Tensor{ 0.1, 0.1 }, 1e-15)
  ema:swap(x)
  tester:eq(x[1], 0.1, 1e-15)
  ema:swap(x)
  tester:eq(x[1], 1)
end

function tests.confusionRefusesUnknownClasses()
  local c = optim.ConfusionMatrix(2)
  tester:assertErrorPattern(function() c:batchAdd(torch.Tensor{ 3 }, torch.Tensor{ 1 }) end, 'out of range')
  tester:eq(c.mat:sum(), 0)
end

function tests.loggerFindsColumnsByName()
  local name = os.tmpname()
  local logger = optim.Logger(name)
  logger:setNames{ 'a', 'b' }
  logger:add{ a = 1, b = 2 }
  logger.file:close()
  os.remove(name)
  tester:eq(logger.symbols, { { 1 }, { 2 } })
end

tester:add(tests):run()
