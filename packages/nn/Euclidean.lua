-- y_j = ||x - w_j||, with the columns of weight as w_j
local Euclidean, parent = torch.class('nn.Euclidean', 'nn.Module')

function Euclidean:__init(inputSize, outputSize)
  parent.__init(self)
  self.weight = torch.Tensor(inputSize, outputSize)
  self.gradWeight = torch.Tensor(inputSize, outputSize)
  self.gradInput:resize(inputSize)
  self.output:resize(outputSize)
  self.fastBackward = true -- kept from older files; the gradient needs no second pass either way
  self:reset()
end

function Euclidean:reset(stdv)
  stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.weight:size(1))
  self.weight:uniform(-stdv, stdv)
end

-- _difference[n] = x[n] - w, a matrix of inputSize x outputSize
function Euclidean:updateOutput(input)
  assert(input:dim() == 1 or input:dim() == 2, 'input must be vector or matrix')
  local weight = self.weight
  local inputs, outputs = weight:size(1), weight:size(2)
  local n = input:dim() == 2 and input:size(1) or 1
  self._difference = self._difference or weight.new()
  local difference = self._difference:resize(n, inputs, outputs)
  torch.add(difference, input:contiguous():view(n, inputs, 1):expand(n, inputs, outputs), -1,
    weight:view(1, inputs, outputs):expand(n, inputs, outputs))
  self.output:norm(difference, 2, 2)
  if input:dim() == 1 then self.output:resize(outputs) else self.output:resize(n, outputs) end
  return self.output
end

-- gradOutput / y for every difference: what both gradients sum
local function weighted(self, gradOutput)
  local difference = self._difference
  local n, outputs = difference:size(1), difference:size(3)
  local ratio = torch.add(self.output, 1e-7)
  ratio:cdiv(gradOutput, ratio)
  self._weighted = self._weighted or difference.new()
  return self._weighted:cmul(difference, ratio:view(n, 1, outputs):expandAs(difference))
end

function Euclidean:updateGradInput(input, gradOutput)
  if not self.gradInput then return end
  self.gradInput:sum(weighted(self, gradOutput), 3)
  self.gradInput:resizeAs(input)
  return self.gradInput
end

function Euclidean:accGradParameters(_, gradOutput, scale)
  self.gradWeight:add(-(scale or 1), weighted(self, gradOutput):sum(1))
end

function Euclidean:type(type, cache)
  if type then self._difference, self._weighted = nil, nil end
  return parent.type(self, type, cache)
end

function Euclidean:clearState()
  nn.utils.clear(self, '_difference', '_weighted')
  return parent.clearState(self)
end
