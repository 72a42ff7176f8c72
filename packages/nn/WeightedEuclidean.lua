-- y_j = ||c_j * (x - w_j)||, with the columns of weight and diagCov as w_j and c_j
local WeightedEuclidean, parent = torch.class('nn.WeightedEuclidean', 'nn.Module')

function WeightedEuclidean:__init(inputSize, outputSize)
  parent.__init(self)
  self.weight = torch.Tensor(inputSize, outputSize)
  self.gradWeight = torch.Tensor(inputSize, outputSize)
  self.diagCov = torch.Tensor(inputSize, outputSize)
  self.gradDiagCov = torch.Tensor(inputSize, outputSize)
  self:reset()
end

function WeightedEuclidean:reset(stdv)
  stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.weight:size(1))
  self.weight:uniform(-stdv, stdv)
  self.diagCov:fill(1)
end

local function spread(self, parameter)
  local d = self._difference
  return parameter:view(1, d:size(2), d:size(3)):expandAs(d)
end

function WeightedEuclidean:updateOutput(input)
  assert(input:dim() == 1 or input:dim() == 2, 'input must be vector or matrix')
  local weight = self.weight
  local inputs, outputs = weight:size(1), weight:size(2)
  local n = input:dim() == 2 and input:size(1) or 1
  self._difference = self._difference or weight.new()
  self._scaled = self._scaled or weight.new()
  local difference = self._difference:resize(n, inputs, outputs)
  torch.add(difference, input:contiguous():view(n, inputs, 1):expand(n, inputs, outputs), -1, spread(self, weight))
  self._scaled:cmul(difference, spread(self, self.diagCov))
  self.output:norm(self._scaled, 2, 2)
  if input:dim() == 1 then self.output:resize(outputs) else self.output:resize(n, outputs) end
  return self.output
end

-- gradOutput / y * c * d, with d = x - w: times c for the gradient of x and -w, times d for that of c
local function weighted(self, gradOutput)
  local scaled = self._scaled
  local ratio = torch.add(self.output, 1e-7)
  ratio:cdiv(gradOutput, ratio)
  self._weighted = self._weighted or scaled.new()
  return self._weighted:cmul(scaled, ratio:view(scaled:size(1), 1, scaled:size(3)):expandAs(scaled))
end

function WeightedEuclidean:updateGradInput(input, gradOutput)
  if not self.gradInput then return end
  local terms = weighted(self, gradOutput):cmul(spread(self, self.diagCov))
  self.gradInput:sum(terms, 3)
  self.gradInput:resizeAs(input)
  return self.gradInput
end

function WeightedEuclidean:accGradParameters(_, gradOutput, scale)
  scale = scale or 1
  local terms = weighted(self, gradOutput)
  self.gradWeight:add(-scale, torch.cmul(terms, spread(self, self.diagCov)):sum(1))
  self.gradDiagCov:add(scale, terms:cmul(self._difference):sum(1))
end

function WeightedEuclidean:parameters()
  return { self.weight, self.diagCov }, { self.gradWeight, self.gradDiagCov }
end

function WeightedEuclidean:accUpdateGradParameters(input, gradOutput, lr)
  local gradWeight, gradDiagCov = self.gradWeight, self.gradDiagCov
  -- both gradients depend on diagCov, so they are complete before either is applied
  self.gradWeight, self.gradDiagCov = gradWeight.new():resizeAs(gradWeight):zero(), gradDiagCov.new():resizeAs(gradDiagCov):zero()
  self:accGradParameters(input, gradOutput, 1)
  self:updateParameters(lr)
  self.gradWeight, self.gradDiagCov = gradWeight, gradDiagCov
end

function WeightedEuclidean:type(type, cache)
  if type then self._difference, self._scaled, self._weighted = nil, nil, nil end
  return parent.type(self, type, cache)
end

function WeightedEuclidean:clearState()
  nn.utils.clear(self, '_difference', '_scaled', '_weighted')
  return parent.clearState(self)
end
