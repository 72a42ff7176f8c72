-- Linear regression by stochastic gradient descent, by L-BFGS and in closed form: the width of an iris petal from
-- its length and the measures of the sepal.
require 'nn'
require 'optim'
local data = dofile(paths.thisfile('data.lua'))

local cmd = torch.CmdLine()
cmd:text('Linear regression on csv/iris.csv, three ways.')
cmd:text()
cmd:option('-data', '', 'folder of the data (default $TORCH_DATA)')
cmd:option('-rate', 1e-2, 'learning rate of SGD')
cmd:option('-epochs', 100, 'passes of SGD')
cmd:option('-seed', 1, 'seed of the random numbers')
local opt = cmd:parse(arg)
torch.manualSeed(opt.seed)

local rows = data.csv(data.find(opt.data, 'csv', 'iris.csv'))
local inputs, targets = rows:narrow(2, 1, 3):clone(), rows:narrow(2, 4, 1):clone()
local n = inputs:size(1)

local model, criterion = nn.Linear(3, 1), nn.MSECriterion()
local params, gradParams = model:getParameters()

-- The loss of some samples and its gradient, as optim wants them.
local function closure(x, y)
  return function()
    gradParams:zero()
    local loss = criterion:forward(model:forward(x), y)
    model:backward(x, criterion:backward(model.output, y))
    return loss, gradParams
  end
end

local function report(name)
  print(string.format('%-12s error %.6f   weights %s bias %.4f', name, (closure(inputs, targets)()),
    table.concat(model.weight[1]:totable(), ' '):gsub('(%-?%d+%.%d%d%d%d)%d*', '%1'), model.bias[1]))
end

-- 1. one sample at a time
local config = { learningRate = opt.rate, learningRateDecay = 1e-3 }
for _ = 1, opt.epochs do
  local order = torch.randperm(n)
  for i = 1, n do
    local k = order[i]
    optim.sgd(closure(inputs[k], targets[k]), params, config)
  end
end
report('SGD')

-- 2. all samples at once
model:reset()
optim.lbfgs(closure(inputs, targets), params, { maxIter = 50, lineSearch = optim.lswolfe })
report('L-BFGS')

-- 3. the answer
local solution = torch.gels(targets, torch.cat(inputs, torch.ones(n, 1), 2)):narrow(1, 1, 4)
params:copy(solution)
report('closed form')
