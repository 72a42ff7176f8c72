-- A linear layer for sparse input: rows of (index, value).
local SparseLinear, parent = torch.class('nn.SparseLinear', 'nn.Module')

-- What gradWeight holds: nothing, the gradient of lastInput alone, or anything.
local CLEAN, ONE_INPUT, ANY = 0, 1, 2

function SparseLinear:__init(inputSize, outputSize, doGradInput)
  parent.__init(self)
  self.weightDecay = 0
  self.doGradInput = doGradInput or false
  self.weight = torch.Tensor(outputSize, inputSize):zero()
  self.bias = torch.Tensor(outputSize):zero()
  self.gradWeight = torch.Tensor(outputSize, inputSize):zero()
  self.gradBias = torch.Tensor(outputSize):zero()
  assert(type(self.doGradInput) == 'boolean', 'doGradInput must be a boolean')
  self.sparseUpdate = CLEAN
  self.output:resize(outputSize)
  self.gradInput = {}
  self:reset()
end

function SparseLinear:reset(stdv)
  stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.weight:size(2))
  self.weight:uniform(-stdv, stdv)
  self.bias:uniform(-stdv, stdv):mul(1e-6)
end

-- Brings every form of input to one list of (sample, index, value), and says how many samples there are.
local function format(self, input)
  local samples = input
  if torch.isTensor(input) then
    if input:dim() == 3 then
      self.legacyMode = true
      samples = {}
      for i = 1, input:size(1) do samples[i] = input[i] end
    else
      samples = { input }
    end
  end
  if not torch.isTensor(input) or input:dim() ~= 3 then self.legacyMode = false end
  local total = 0
  for _, sample in ipairs(samples) do
    if sample:dim() > 0 then total = total + sample:size(1) end
  end
  self.formatted_input = self.formatted_input or self.weight.new()
  local list = self.formatted_input:resize(math.max(total, 1), 3)
  if total == 0 then list:zero():select(2, 1):fill(1) end
  local at = 1
  for i, sample in ipairs(samples) do
    if sample:dim() > 0 then
      local n = sample:size(1)
      list:narrow(1, at, n):select(2, 1):fill(i)
      list:narrow(1, at, n):narrow(2, 2, 2):copy(sample)
      at = at + n
    end
  end
  return list, #samples
end

local function isSingle(input)
  return torch.isTensor(input) and input:dim() == 2
end

function SparseLinear:updateOutput(input)
  local list, n = format(self, input)
  local weight = self.weight
  self.output:resize(n, weight:size(1))
  weight.THNN.SparseLinear_updateOutput(list, self.output, weight, self.bias)
  if isSingle(input) then self.output:resize(weight:size(1)) end
  return self.output
end

local function asRows(gradOutput)
  gradOutput = gradOutput:contiguous()
  return gradOutput:dim() == 1 and gradOutput:view(1, -1) or gradOutput
end

function SparseLinear:accGradParameters(input, gradOutput, scale)
  local list = format(self, input)
  self.lastInput = self.lastInput or self.weight.new()
  if self.sparseUpdate == CLEAN then
    self.lastInput:resizeAs(list):copy(list)
    self.sparseUpdate = ONE_INPUT
  elseif not self.lastInput:isSameSizeAs(list) or not self.lastInput:equal(list) then
    self.sparseUpdate = ANY
  end
  self.weight.THNN.SparseLinear_accGradParameters(list, asRows(gradOutput), self.gradWeight, self.gradBias, self.weight, self.bias,
    self.weightDecay or 0, scale or 1)
end

-- One list of (index, gradient) for every sample, over all indices.
function SparseLinear:updateGradInput(input, gradOutput)
  local isList = not torch.isTensor(input) or input:dim() == 2
  if not self.doGradInput then
    if isList then self.gradInput = {} end
    return self.gradInput
  end
  local n, size = isSingle(input) and 1 or torch.isTensor(input) and input:size(1) or #input, self.weight:size(2)
  local all = self.weight.new(n, size, 2)
  all:select(3, 1):copy(torch.range(1, size):typeAs(all):view(1, size):expand(n, size))
  all:select(3, 2):copy(torch.mm(asRows(gradOutput), self.weight))
  if not isList then
    self.gradInput = all
    return all
  end
  self.gradInput = {}
  for i = 1, n do self.gradInput[i] = all[i] end
  -- a single sample's gradient is a list of one, as its input would be in a table
  return self.gradInput
end

function SparseLinear:updateParameters(lr)
  if self.lastInput and self.sparseUpdate == ONE_INPUT then
    self.weight.THNN.SparseLinear_updateParameters(self.weight, self.bias, self.gradWeight, self.gradBias, self.lastInput, lr)
  else
    parent.updateParameters(self, lr)
  end
end

function SparseLinear:zeroGradParameters()
  if self.lastInput and self.sparseUpdate == ONE_INPUT then
    self.weight.THNN.SparseLinear_zeroGradParameters(self.gradWeight, self.gradBias, self.lastInput)
  else
    parent.zeroGradParameters(self)
  end
  self.sparseUpdate = CLEAN
end

-- The weights take the place of gradients that are not clean: no column may be left out later.
function SparseLinear:accUpdateGradParameters(input, gradOutput, lr)
  local state = self.sparseUpdate
  parent.defaultAccUpdateGradParameters(self, input, gradOutput, lr)
  self.sparseUpdate = state
end

SparseLinear.sharedAccUpdateGradParameters = SparseLinear.accUpdateGradParameters

function SparseLinear:clearState()
  self.lastInput, self.formatted_input = nil, nil
  if self.sparseUpdate == ONE_INPUT then self.sparseUpdate = ANY end
  self.output:set()
  if torch.isTensor(self.gradInput) then self.gradInput:set() else self.gradInput = {} end
  return self
end
