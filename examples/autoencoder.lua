-- A denoising auto-encoder of handwritten digits: 784 pixels through 32 numbers and back.
require 'nn'
require 'optim'
require 'xlua'
local data = dofile(paths.thisfile('data.lua'))

local cmd = torch.CmdLine()
cmd:text('Trains an auto-encoder on MNIST.')
cmd:text()
cmd:option('-data', '', 'folder of the data (default $TORCH_DATA)')
cmd:option('-code', 32, 'numbers in the code')
cmd:option('-hidden', 256, 'units between pixels and code')
cmd:option('-noise', 0.2, 'share of the pixels set to zero')
cmd:option('-epochs', 5, 'passes over the data')
cmd:option('-batch', 50, 'images a step')
cmd:option('-rate', 1e-3, 'learning rate of Adam')
cmd:option('-seed', 1, 'seed of the random numbers')
cmd:option('-save', 'autoencoder.t7', 'file for the model')
local opt = cmd:parse(arg)
torch.manualSeed(opt.seed)
torch.setdefaulttensortype('torch.FloatTensor')

local train = data.mnist(opt.data, 'train'):view(-1, 784)
local test = data.mnist(opt.data, 't10k'):view(-1, 784)

local encoder = nn.Sequential()
  :add(nn.Dropout(opt.noise, true)):add(nn.Linear(784, opt.hidden)):add(nn.ReLU()):add(nn.Linear(opt.hidden, opt.code))
local decoder = nn.Sequential()
  :add(nn.Linear(opt.code, opt.hidden)):add(nn.ReLU()):add(nn.Linear(opt.hidden, 784)):add(nn.Sigmoid())
local model = nn.Sequential():add(encoder):add(decoder)
local criterion = nn.MSECriterion()
local params, gradParams = model:getParameters()
print(model)
print(params:nElement() .. ' parameters')

local config = { learningRate = opt.rate }
for epoch = 1, opt.epochs do
  model:training()
  local sum, steps = 0, 0
  data.batches(train:size(1), opt.batch, function(indices, done)
    local clean = train:index(1, indices)
    local _, fs = optim.adam(function()
      gradParams:zero()
      local loss = criterion:forward(model:forward(clean), clean)
      model:backward(clean, criterion:backward(model.output, clean))
      return loss, gradParams
    end, params, config)
    sum, steps = sum + fs[1], steps + 1
    xlua.progress(done, train:size(1))
  end)
  model:evaluate()
  print(string.format('epoch %d: training error %.5f, test error %.5f', epoch, sum / steps,
    criterion:forward(model:forward(test), test)))
end

torch.save(opt.save, { encoder = encoder:clearState(), decoder = decoder:clearState() })
print('saved to ' .. opt.save)
