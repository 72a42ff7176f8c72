-- A variational auto-encoder of handwritten digits (Kingma and Welling, 2013, arXiv:1312.6114).
require 'nngraph'
require 'optim'
require 'xlua'
local data = dofile(paths.thisfile('data.lua'))

local cmd = torch.CmdLine()
cmd:text('Trains a variational auto-encoder on MNIST and draws new digits.')
cmd:text()
cmd:option('-data', '', 'folder of the data (default $TORCH_DATA)')
cmd:option('-code', 10, 'numbers in the code')
cmd:option('-hidden', 256, 'units of the hidden layers')
cmd:option('-epochs', 10, 'passes over the data')
cmd:option('-batch', 50, 'images a step')
cmd:option('-rate', 1e-3, 'learning rate of Adam')
cmd:option('-seed', 1, 'seed of the random numbers')
cmd:option('-save', 'vae.t7', 'file for the model')
local opt = cmd:parse(arg)
torch.manualSeed(opt.seed)
torch.setdefaulttensortype('torch.FloatTensor')

-- {mean, log of the variance} -> a draw from that normal distribution
local Sampler, parent = torch.class('nn.GaussianSampler', 'nn.Module')

function Sampler:__init()
  parent.__init(self)
  self.noise = torch.Tensor()
  self.gradInput = { torch.Tensor(), torch.Tensor() }
end

function Sampler:updateOutput(input)
  local mean, logVariance = unpack(input)
  self.noise:resizeAs(mean):normal()
  self.output:resizeAs(mean):copy(logVariance):mul(0.5):exp():cmul(self.noise):add(mean)
  return self.output
end

function Sampler:updateGradInput(input, gradOutput)
  local mean = input[1]
  self.gradInput[1]:resizeAs(mean):copy(gradOutput)
  self.gradInput[2]:resizeAs(mean):copy(self.output):add(-1, mean):cmul(gradOutput):mul(0.5)
  return self.gradInput
end

-- Divergence of those distributions from the standard normal one, a sample on average.
local function divergence(mean, logVariance)
  local n = mean:size(1)
  local variance = torch.exp(logVariance)
  local value = 0.5 * (torch.pow(mean, 2):sum() + variance:sum() - logVariance:sum() - mean:nElement()) / n
  return value, mean / n, variance:add(-1):div(2 * n)
end

local x = nn.Identity()()
local h = nn.ReLU()(nn.Linear(784, opt.hidden)(x))
local mean, logVariance = nn.Linear(opt.hidden, opt.code)(h), nn.Linear(opt.hidden, opt.code)(h)
local encoder = nn.gModule({ x }, { mean, logVariance })
local decoder = nn.Sequential()
  :add(nn.Linear(opt.code, opt.hidden)):add(nn.ReLU()):add(nn.Linear(opt.hidden, 784)):add(nn.Sigmoid())
local sampler = nn.GaussianSampler()

local likelihood = nn.BCECriterion()
likelihood.sizeAverage = false
local params, gradParams = nn.Container():add(encoder):add(decoder):getParameters()

-- Evidence bound of a batch; with gradient when asked.
local function bound(images, learn)
  local n = images:size(1)
  local code = encoder:forward(images)
  local pixels = decoder:forward(sampler:forward(code))
  local loss = likelihood:forward(pixels, images) / n
  local kl, gradMean, gradLogVariance = divergence(unpack(code))
  if learn then
    local gradCode = sampler:backward(code, decoder:backward(sampler.output, likelihood:backward(pixels, images):div(n)))
    encoder:backward(images, { gradMean:add(gradCode[1]), gradLogVariance:add(gradCode[2]) })
  end
  return loss + kl
end

local train = data.mnist(opt.data, 'train'):view(-1, 784)
local test = data.mnist(opt.data, 't10k'):view(-1, 784)
local config = { learningRate = opt.rate }
for epoch = 1, opt.epochs do
  local sum, steps = 0, 0
  data.batches(train:size(1), opt.batch, function(indices, done)
    local images = train:index(1, indices)
    local _, fs = optim.adam(function()
      gradParams:zero()
      return bound(images, true), gradParams
    end, params, config)
    sum, steps = sum + fs[1], steps + 1
    xlua.progress(done, train:size(1))
  end)
  print(string.format('epoch %d: bound on training images %.2f, on test images %.2f nats', epoch, sum / steps, bound(test)))
end

-- Four new digits, in letters.
local digits = decoder:forward(torch.randn(4, opt.code)):view(4, 28, 28)
local shades = ' .:+#'
for row = 1, 28, 2 do
  local line = {}
  for digit = 1, 4 do
    for column = 1, 28 do
      local level = math.floor(digits[digit][row][column] * 4.999) + 1
      line[#line + 1] = shades:sub(level, level)
    end
  end
  print(table.concat(line))
end

torch.save(opt.save, { encoder = encoder:clearState(), decoder = decoder:clearState() })
print('saved to ' .. opt.save)
