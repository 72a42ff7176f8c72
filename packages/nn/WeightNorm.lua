-- Weight normalisation (Salimans and Kingma, 2016): weight = g * v / ||v||, one norm for each slice along outputDim.
local WeightNorm, parent = torch.class('nn.WeightNorm', 'nn.Decorator')

function WeightNorm:__init(module, outputDim)
  assert(module.weight)
  parent.__init(self, module)
  self.outputDim = outputDim or 1
  self.weightSize = module.weight:size()
  self.bias, self.gradBias = module.bias, module.gradBias
  self.weight, self.gradWeight = module.weight, module.gradWeight

  local outputs = self.weightSize[self.outputDim]
  self.otherDims = module.weight:nElement() / outputs
  self.viewIn = torch.LongStorage{ outputs, self.otherDims }
  self.viewOut = torch.LongStorage(self.weightSize:size())
  self.viewOut[1] = outputs
  local k = 1
  for d = 1, self.weightSize:size() do
    if d ~= self.outputDim then
      k = k + 1
      self.viewOut[k] = self.weightSize[d]
    end
  end

  self.v = torch.Tensor(outputs, self.otherDims)
  self.g = torch.Tensor(outputs, 1)
  self._norm = torch.Tensor(outputs)
  self._scale = torch.Tensor(outputs)
  self.gradV = torch.Tensor(outputs, self.otherDims)
  self.gradG = torch.Tensor(outputs)
  self:resetInit()
end

function WeightNorm:resetInit()
  self.v:normal(0, math.sqrt(2 / self.otherDims))
  self.g:norm(self.v, 2, 2)
  if self.bias then self.bias:zero() end
end

-- The weight, or its gradient, with outputDim in front and the other dimensions in one: v's layout.
local function asRows(self, t)
  for d = self.outputDim, 2, -1 do t = t:transpose(d, d - 1) end
  return t
end

function WeightNorm:updateWeight()
  local v, outputs = self.v, self.viewIn[1]
  self._norm:resize(outputs, 1):norm(v, 2, 2)
  self._norm:cmul(self._norm):add(1e-4):sqrt()
  self._scale:resize(outputs, 1):cdiv(self.g, self._norm)
  asRows(self, self.weight):copy(torch.cmul(v, self._scale:expandAs(v)))
  self._norm:resize(outputs)
  self._scale:resize(outputs)
end

function WeightNorm:updateOutput(input)
  if self.train ~= false then self:updateWeight() end
  self.output = self:rethrowErrors(self.modules[1], 1, 'updateOutput', input)
  return self.output
end

-- The inner module's gradient of this pass alone gives those of v and g:
--   dg = (dw . v) / norm,   dv = dw g / norm - v dg g / norm^2
function WeightNorm:accGradParameters(input, gradOutput, scale)
  local module = self.modules[1]
  module.gradWeight:zero()
  module:accGradParameters(input, gradOutput, scale or 1)
  local outputs, v = self.viewIn[1], self.v
  local gradRows = asRows(self, module.gradWeight):contiguous():view(self.viewIn)
  local norm, ratio = self._norm:view(outputs, 1), self._scale:view(outputs, 1)
  local gradG = torch.cmul(gradRows, v):sum(2):cdiv(norm)
  self.gradG:resize(outputs, 1):add(gradG)
  self.gradV:resize(self.viewIn)
  self.gradV:addcmul(gradRows, ratio:expandAs(v))
  gradG:cmul(ratio):cdiv(norm)
  self.gradV:addcmul(-1, v, gradG:expandAs(v))
  self.gradV:resize(self.viewOut)
end

function WeightNorm:backward(input, gradOutput, scale)
  self:updateGradInput(input, gradOutput)
  self:accGradParameters(input, gradOutput, scale)
  return self.gradInput
end

function WeightNorm:parameters()
  if self.bias then
    return { self.v, self.g, self.bias }, { self.gradV, self.gradG, self.gradBias }
  end
  return { self.v, self.g }, { self.gradV, self.gradG }
end

WeightNorm.zeroGradParameters = nn.Module.zeroGradParameters
WeightNorm.updateParameters = nn.Module.updateParameters

function WeightNorm:accUpdateGradParameters(input, gradOutput, lr)
  self:zeroGradParameters()
  self:accGradParameters(input, gradOutput, 1)
  self:updateParameters(lr)
end

function WeightNorm:evaluate()
  if self.train ~= false then self:updateWeight() end
  parent.evaluate(self)
end

-- weight and its gradient follow from v and g: files do without them.
function WeightNorm:write(file)
  local module = self.modules[1]
  local weight, gradWeight = self.weight, self.gradWeight
  self.weight, self.gradWeight, module.weight, module.gradWeight = nil, nil, nil, nil
  local ok, err = pcall(parent.write, self, file)
  self.weight, self.gradWeight, module.weight, module.gradWeight = weight, gradWeight, weight, gradWeight
  if not ok then error(err, 0) end
end

function WeightNorm:read(file)
  parent.read(self, file)
  local module = self.modules[1]
  self.weight = self.v.new(self.weightSize)
  self.gradWeight = self.v.new(self.weightSize)
  module.weight, module.gradWeight = self.weight, self.gradWeight
  self:updateWeight()
end
