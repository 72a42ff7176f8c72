-- A small residual network (He, Zhang, Ren and Sun, 2015, arXiv:1512.03385) for handwritten digits, or for comparison
-- a plain one (Simonyan and Zisserman, 2014, arXiv:1409.1556).
require 'nn'
require 'optim'
require 'xlua'
local data = dofile(paths.thisfile('data.lua'))

local cmd = torch.CmdLine()
cmd:text('Trains a residual network of 6n+2 layers, or a plain one, on MNIST.')
cmd:text()
cmd:option('-data', '', 'folder of the data (default $TORCH_DATA)')
cmd:option('-network', 'resnet', 'resnet or vgg')
cmd:option('-n', 1, 'blocks a stage; convolutions a stage of the plain network')
cmd:option('-width', 8, 'planes of the first stage')
cmd:option('-epochs', 5, 'passes over the data')
cmd:option('-batch', 50, 'images a step')
cmd:option('-rate', 0.1, 'largest learning rate')
cmd:option('-momentum', 0.9, 'momentum')
cmd:option('-decay', 1e-4, 'weight decay')
cmd:option('-seed', 1, 'seed of the random numbers')
cmd:option('-save', 'resnet.t7', 'file for the model')
local opt = cmd:parse(arg)
torch.manualSeed(opt.seed)
torch.setdefaulttensortype('torch.FloatTensor')

local function convolution(from, to, stride)
  local module = nn.SpatialConvolution(from, to, 3, 3, stride, stride, 1, 1):noBias()
  module.weight:normal(0, math.sqrt(2 / (9 * to)))
  return module
end

local function normalized(model, from, to, stride)
  return model:add(convolution(from, to, stride)):add(nn.SpatialBatchNormalization(to)):add(nn.ReLU(true))
end

-- Two convolutions beside a shortcut, which strides and pads with zero planes where the shape changes.
local function block(from, to, stride)
  local path = normalized(nn.Sequential(), from, to, stride)
    :add(convolution(to, to, 1)):add(nn.SpatialBatchNormalization(to))
  local shortcut = nn.Identity()
  if from ~= to then
    shortcut = nn.Sequential():add(nn.SpatialAveragePooling(1, 1, stride, stride))
      :add(nn.Concat(2):add(nn.Identity()):add(nn.MulConstant(0)))
  end
  return nn.Sequential():add(nn.ConcatTable():add(path):add(shortcut)):add(nn.CAddTable(true)):add(nn.ReLU(true))
end

local networks = {}

function networks.resnet(width)
  local model, planes = normalized(nn.Sequential(), 1, width, 1), width
  for stage = 1, 3 do
    for i = 1, opt.n do
      local widen = stage > 1 and i == 1
      model:add(block(planes, widen and 2 * planes or planes, widen and 2 or 1))
      if widen then planes = 2 * planes end
    end
  end
  return model:add(nn.SpatialAveragePooling(7, 7)):add(nn.View(planes)):add(nn.Linear(planes, 10))
end

-- Stages of 3 x 3 convolutions, each ended by a pooling that halves the sides: 28, 14, 7, 3.
function networks.vgg(width)
  local model, planes = nn.Sequential(), 1
  for stage = 1, 3 do
    for _ = 1, opt.n do
      local to = width * 2 ^ (stage - 1)
      normalized(model, planes, to, 1)
      planes = to
    end
    model:add(nn.SpatialMaxPooling(2, 2, 2, 2))
  end
  return model:add(nn.View(9 * planes)):add(nn.Dropout()):add(nn.Linear(9 * planes, 10))
end

if not networks[opt.network] then error('-network resnet or vgg expected, got ' .. opt.network, 0) end
local model = networks[opt.network](opt.width)
local criterion = nn.CrossEntropyCriterion()
local params, gradParams = model:getParameters()
print(model)
print(params:nElement() .. ' parameters')

local images, labels = data.mnist(opt.data, 'train')
local testImages, testLabels = data.mnist(opt.data, 't10k')
local mean, std = images:mean(), images:std()
images, testImages = images:add(-mean):div(std), testImages:add(-mean):div(std)
local n = images:size(1)

local schedule = optim.schedule.cosine{ learningRate = opt.rate, steps = opt.epochs * math.floor(n / opt.batch) }
local sgd = optim.schedule.apply(optim.sgd, schedule)
local config = { momentum = opt.momentum, dampening = 0, nesterov = true, weightDecay = opt.decay }

local function test()
  model:evaluate()
  local confusion = optim.ConfusionMatrix{ '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' }
  for first = 1, testImages:size(1), opt.batch do
    local count = math.min(opt.batch, testImages:size(1) - first + 1)
    confusion:batchAdd(model:forward(testImages:narrow(1, first, count):view(count, 1, 28, 28)), testLabels:narrow(1, first, count))
  end
  return confusion
end

for epoch = 1, opt.epochs do
  model:training()
  local sum, steps = 0, 0
  data.batches(n, opt.batch, function(indices, done)
    local x, y = images:index(1, indices):view(-1, 1, 28, 28), labels:index(1, indices)
    local _, fs = sgd(function()
      gradParams:zero()
      local loss = criterion:forward(model:forward(x), y)
      model:backward(x, criterion:backward(model.output, y))
      return loss, gradParams
    end, params, config)
    sum, steps = sum + fs[1], steps + 1
    xlua.progress(done, n)
  end)
  local confusion = test()
  confusion:updateValids()
  print(string.format('epoch %d: training loss %.4f, test accuracy %.2f%%', epoch, sum / steps, 100 * confusion.totalValid))
end
print(test())

torch.save(opt.save, model:clearState())
print('saved to ' .. opt.save)
