-- Logistic regression by stochastic gradient descent and by L-BFGS: which of three brands a person buys, by sex and age.
require 'nn'
require 'optim'
local data = dofile(paths.thisfile('data.lua'))

local cmd = torch.CmdLine()
cmd:text('Logistic regression on csv/example-logistic-regression.csv.')
cmd:text()
cmd:option('-data', '', 'folder of the data (default $TORCH_DATA)')
cmd:option('-rate', 1e-2, 'learning rate of SGD')
cmd:option('-epochs', 200, 'passes of SGD')
cmd:option('-batch', 35, 'samples a step of SGD')
cmd:option('-seed', 1, 'seed of the random numbers')
cmd:option('-save', '', 'file for the model')
local opt = cmd:parse(arg)
torch.manualSeed(opt.seed)

local rows = data.csv(data.find(opt.data, 'csv', 'example-logistic-regression.csv'))
local brands, inputs = rows:select(2, 2):clone(), rows:narrow(2, 3, 2):clone()
local n = inputs:size(1)
local age = inputs:select(2, 2)
age:add(-age:mean()):div(age:std())

local model = nn.Sequential():add(nn.Linear(2, 3)):add(nn.LogSoftMax())
local criterion = nn.ClassNLLCriterion()
local params, gradParams = model:getParameters()

local function closure(x, y)
  return function()
    gradParams:zero()
    local loss = criterion:forward(model:forward(x), y)
    model:backward(x, criterion:backward(model.output, y))
    return loss, gradParams
  end
end

local function report(name)
  local confusion = optim.ConfusionMatrix{ 'brand 1', 'brand 2', 'brand 3' }
  confusion:batchAdd(model:forward(inputs), brands)
  print(string.format('%s: loss %.4f', name, (closure(inputs, brands)())))
  print(confusion)
end

-- 1. a few samples at a time
local config = { learningRate = opt.rate, momentum = 0.9, dampening = 0 }
for _ = 1, opt.epochs do
  data.batches(n, opt.batch, function(indices)
    optim.sgd(closure(inputs:index(1, indices), brands:index(1, indices)), params, config)
  end)
end
report('SGD')

-- 2. all samples at once
params:zero()
local _, losses = optim.lbfgs(closure(inputs, brands), params, { maxIter = 100, lineSearch = optim.lswolfe })
print(#losses .. ' values of L-BFGS, the last ' .. losses[#losses])
report('L-BFGS')

if opt.save ~= '' then torch.save(opt.save, model:clearState()) end
