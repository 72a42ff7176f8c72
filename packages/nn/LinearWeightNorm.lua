-- A linear layer whose weight is g * v / ||v||, row by row.
local LinearWeightNorm, parent = torch.class('nn.LinearWeightNorm', 'nn.Linear')

function LinearWeightNorm:__init(inputSize, outputSize, bias, eps)
  nn.Module.__init(self)
  self.eps = eps or 1e-16
  self.outputSize = outputSize
  self.inputSize = inputSize
  self.v = torch.Tensor(outputSize, inputSize)
  self.gradV = torch.Tensor(outputSize, inputSize)
  self.weight = torch.Tensor(outputSize, inputSize)
  self.g = torch.Tensor(outputSize, 1)
  self.gradG = torch.Tensor(outputSize, 1)
  self.norm = torch.Tensor(outputSize, 1)
  self.scale = torch.Tensor(outputSize, 1)
  if bias ~= false then
    self.bias = torch.Tensor(outputSize)
    self.gradBias = torch.Tensor(outputSize)
  end
  self:reset()
end

function LinearWeightNorm:evaluate()
  if self.train ~= false then self:updateWeightMatrix() end
  parent.evaluate(self)
end

function LinearWeightNorm:initFromWeight(weight)
  weight = weight or self.weight
  self.g:norm(weight, 2, 2):clamp(self.eps, math.huge)
  self.v:copy(weight)
  return self
end

function LinearWeightNorm.fromLinear(linear)
  local size = linear.weight:size()
  local module = nn.LinearWeightNorm(size[2], size[1], linear.bias ~= nil):type(linear:type())
  module.weight:copy(linear.weight)
  module:initFromWeight()
  if linear.bias then module.bias:copy(linear.bias) end
  return module
end

function LinearWeightNorm:toLinear()
  self:updateWeightMatrix()
  local linear = nn.Linear(self.inputSize, self.outputSize, self.bias ~= nil):type(self:type())
  linear.weight:copy(self.weight)
  if self.bias then linear.bias:copy(self.bias) end
  return linear
end

function LinearWeightNorm:parameters()
  if self.bias then
    return { self.v, self.g, self.bias }, { self.gradV, self.gradG, self.gradBias }
  end
  return { self.v, self.g }, { self.gradV, self.gradG }
end

function LinearWeightNorm:reset(stdv)
  self.weight:resizeAs(self.v)
  parent.reset(self, stdv)
  return self:initFromWeight()
end

function LinearWeightNorm:updateWeightMatrix()
  self.norm:norm(self.v, 2, 2):clamp(self.eps, math.huge)
  self.scale:cdiv(self.g, self.norm)
  self.weight:cmul(self.v, self.scale:expandAs(self.v))
end

function LinearWeightNorm:updateOutput(input)
  if self.train ~= false then self:updateWeightMatrix() end
  return parent.updateOutput(self, input)
end

-- dg = (dw . v) / norm,   dv = dw g / norm - v dg g / norm^2, from the gradient dw of this pass alone.
function LinearWeightNorm:accGradParameters(input, gradOutput, scale)
  local v, norm, ratio = self.v, self.norm, self.scale
  self._gradWeight = self._gradWeight or v.new()
  local gradWeight = self._gradWeight:resizeAs(v):zero()
  input.THNN.Linear_accGradParameters(input, gradOutput, gradWeight, self.gradBias, scale or 1)
  local gradG = torch.cmul(gradWeight, v):sum(2):cdiv(norm)
  self.gradG:add(gradG)
  self.gradV:addcmul(gradWeight, ratio:expandAs(v))
  gradG:cmul(ratio):cdiv(norm)
  self.gradV:addcmul(-1, v, gradG:expandAs(v))
end

function LinearWeightNorm:defaultAccUpdateGradParameters(input, gradOutput, lr)
  self:zeroGradParameters()
  self:accGradParameters(input, gradOutput, 1)
  self:updateParameters(lr)
end

function LinearWeightNorm:clearState()
  nn.utils.clear(self, 'weight', 'norm', 'scale', '_gradWeight')
  return parent.clearState(self)
end

function LinearWeightNorm:__tostring__()
  return ('%s(%d -> %d)'):format(torch.type(self), self.inputSize, self.outputSize) .. (self.bias and '' or ' without bias')
end
