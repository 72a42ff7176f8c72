-- A linear layer on sparse samples given as keys and values. Gradients are kept by key until updateParameters.
-- With `normalize`, every key keeps four numbers in front of its weights: the largest |value| seen in training, its
-- inverse, a factor for updates, and an offset that is learnt.
local IndexLinear, parent = torch.class('nn.IndexLinear', 'nn.Module')

local NORMALIZE_COLUMNS = 4

function IndexLinear:__init(inputSize, outputSize, doGradInput, keysOffset, weight, bias, normalize)
  parent.__init(self)
  self.inputSize = inputSize
  self.outputSize = outputSize
  self.doGradInput = doGradInput or false
  self.offset = (keysOffset or 0) - 1 -- kernels count from 0
  self.weightDecay = 0
  self.normalize = normalize and NORMALIZE_COLUMNS or 0
  self.weight = weight or torch.Tensor(inputSize, outputSize + self.normalize):zero()
  self.bias = bias or torch.Tensor(outputSize):zero()
  self.gradWeight = torch.Tensor()
  self.gradBias = torch.Tensor(outputSize):zero()
  self.gradWeightBuffer = torch.Tensor()
  self.valuesBuffer = torch.Tensor()
  self.normalizedValues = torch.Tensor()
  self.sizesCache = {}
  self.cumSumSizesCache = {}
  self.running = { counter = 1, keys = {}, gradWeight = {}, cumSumSizes = {} }
end

function IndexLinear:reset(stdv)
  stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.weight:size(2))
  self.weight:uniform(-stdv, stdv)
  self.bias:uniform(-stdv, stdv):mul(1e-6)
  if self.normalize > 0 then self.weight:narrow(2, 1, self.normalize):zero() end
end

local function joined(list)
  return #list == 1 and list[1] or torch.cat(list, 1)
end

-- Reads { keys, values [, sizes] }: flat tensors, or tables with one entry for each sample.
local function take(self, input)
  local keys, values, sizes = input[1], input[2], input[3]
  self.isFlat = torch.isTensor(keys)
  self.noBatch = false
  if self.isFlat then
    self.keys, self.values = keys, values
    if not sizes then
      self.noBatch = true
      sizes = torch.LongTensor{ keys:size(1) }
    end
  else
    local lengths = {}
    for i, sample in ipairs(keys) do lengths[i] = sample:nElement() end
    self.keys, self.values = joined(keys), joined(values)
    sizes = torch.LongTensor(lengths)
  end
  assert(self.keys:size(1) == self.values:size(1), 'keys and values should have the same size')
  self.sizes = sizes
  self.cumSumSizes = sizes:cumsum()
end

function IndexLinear:updateOutput(input)
  take(self, input)
  self.output:resize(self.sizes:size(1), self.outputSize)
  self.weight.THNN.IndexLinear_updateOutput(self.keys, self.offset, self.values, self.sizes, self.cumSumSizes, self.output,
    self.weight, self.bias, self.normalizedValues, self.train or false)
  if self.noBatch then self.output:resize(self.outputSize) end
  return self.output
end

local function asRows(t)
  t = t:contiguous()
  return t:dim() == 1 and t:view(1, -1) or t
end

-- One row of gradients for every key; with normalize, a second half for the offset.
local function keyGradients(self, gradOutput, gradBias, scale)
  local gradient = self.weight.new()
  local values = self.normalize > 0 and self.normalizedValues or self.values
  self.weight.THNN.IndexLinear_accGradParameters(self.keys, self.offset, values, self.sizes, self.cumSumSizes, asRows(gradOutput),
    gradient, gradBias, self.weight, self.bias, self.valuesBuffer, self.weightDecay or 0, scale)
  return gradient
end

function IndexLinear:accGradParameters(_, gradOutput, scale)
  local running = self.running
  local counter = running.counter
  running.gradWeight[counter] = keyGradients(self, gradOutput, self.gradBias, scale or 1)
  running.keys[counter] = self.keys
  running.cumSumSizes[counter] = self.cumSumSizes
  running.counter = counter + 1
end

function IndexLinear:updateGradInput(_, gradOutput)
  self.gradInput = {}
  if not self.doGradInput then return self.gradInput end
  if self.normalize > 0 then error('updateGradInput is not implemented in max-normalize mode') end
  local g = asRows(gradOutput)
  local n, size = g:size(1), self.weight:size(1)
  local values = torch.mm(g, self.weight:t())
  local keys = torch.repeatTensor(torch.range(1, size):long():view(1, size), n, 1)
  if self.noBatch then
    self.gradInput = { keys[1], values[1] }
  elseif self.isFlat then
    self.gradInput = { keys, values }
  else
    self.gradInput = { {}, {} }
    for i = 1, n do
      self.gradInput[1][i], self.gradInput[2][i] = keys[i], values[i]
    end
  end
  return self.gradInput
end

local function apply(self, gradient, gradBias, keys, lr)
  self.weight.THNN.IndexLinear_updateParameters(gradient, gradBias, self.weight, self.bias, keys, nil, self.offset,
    self.weightDecay or 0, lr)
end

function IndexLinear:updateParameters(lr)
  local running = self.running
  if running.counter == 1 then return end
  apply(self, joined(running.gradWeight), self.gradBias, joined(running.keys), lr)
end

function IndexLinear:accUpdateGradParameters(_, gradOutput, lr)
  local gradBias = self.bias.new():resizeAs(self.bias):zero()
  apply(self, keyGradients(self, gradOutput, gradBias, 1), gradBias, self.keys, lr)
end

IndexLinear.sharedAccUpdateGradParameters = IndexLinear.accUpdateGradParameters

function IndexLinear:zeroGradParameters()
  self.running = { counter = 1, keys = {}, gradWeight = {}, cumSumSizes = {} }
  self.gradBias:zero()
end

function IndexLinear:parameters()
  return { self.weight, self.bias }, { self.running, self.gradBias }
end

function IndexLinear:clearState()
  self.keys, self.values, self.sizes, self.cumSumSizes = nil, nil, nil, nil
  nn.utils.clear(self, 'valuesBuffer', 'normalizedValues', 'gradWeightBuffer')
  return parent.clearState(self)
end

-- Keys and sizes stay integers.
function IndexLinear:type(type, cache)
  if type then
    self.keys, self.values, self.sizes, self.cumSumSizes = nil, nil, nil, nil
    self:zeroGradParameters()
  end
  return parent.type(self, type, cache)
end
