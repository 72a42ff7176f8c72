local LookupTable, parent = torch.class('nn.LookupTable', 'nn.Module')

function LookupTable:__init(nIndex, nOutput, paddingValue, maxNorm, normType)
  parent.__init(self)
  self.weight = torch.Tensor(nIndex, nOutput)
  self.gradWeight = torch.Tensor(nIndex, nOutput):zero()
  self.paddingValue = paddingValue or 0
  self.maxNorm = maxNorm
  self.normType = normType
  self:reset()
end

function LookupTable:accUpdateOnly()
  self.gradWeight = nil
  return self
end

function LookupTable:setPadding(value)
  self.paddingValue = value
  return self
end

function LookupTable:setMaxNorm(maxNorm)
  self.maxNorm = maxNorm
  return self
end

function LookupTable:setNormType(normType)
  self.normType = normType
  return self
end

function LookupTable:scaleGradByFreq()
  self.shouldScaleGradByFreq = true
  return self
end

function LookupTable:reset(stdv)
  self.weight:normal(0, stdv or 1)
end

-- The indices as a contiguous tensor of the integer type that kernels take.
function LookupTable:makeInputContiguous(input)
  local wanted = input:type():find('Cuda') and 'torch.CudaLongTensor' or 'torch.LongTensor'
  if input:type() == wanted and input:isContiguous() then
    self.copiedInput = false
    return input
  end
  self.copiedInput = true
  if not self._input or self._input:type() ~= wanted then self._input = torch.getmetatable(wanted).new() end
  return nn.utils.resizeLike(self._input, input):copy(input)
end

function LookupTable:updateOutput(input)
  if self.shouldScaleGradByFreq == nil then self.shouldScaleGradByFreq = false end
  if input:dim() ~= 1 and input:dim() ~= 2 then error('input must be a vector or matrix') end
  self:renorm(input)
  local indices = self:makeInputContiguous(input)
  local weight, output = self.weight, self.output
  if indices:dim() == 1 then
    output:index(weight, 1, indices)
  else
    output:index(weight, 1, indices:view(-1))
    output:resize(indices:size(1), indices:size(2), weight:size(2))
  end
  return output
end

function LookupTable:updateGradInput(input)
  local gradInput = self.gradInput
  if not gradInput then return end
  if torch.type(gradInput) ~= torch.type(input) then
    gradInput = input.new()
    self.gradInput = gradInput
  end
  if not gradInput:isSameSizeAs(input) then gradInput:resizeAs(input):zero() end
  return gradInput
end

function LookupTable:accGradParameters(input, gradOutput, scale)
  local indices = self.copiedInput and self._input or input
  self._count = self._count or torch.IntTensor()
  if not gradOutput:isContiguous() then
    self._gradOutput = self._gradOutput or gradOutput.new()
    gradOutput = self._gradOutput:resizeAs(gradOutput):copy(gradOutput)
  end
  gradOutput.THNN.LookupTable_accGradParameters(indices, gradOutput, self.gradWeight, self._count, self._sorted, self._indices,
    self.shouldScaleGradByFreq or false, self.paddingValue or 0, scale or 1)
end

-- Shrinks the rows that the input uses to maxNorm.
function LookupTable:renorm(input)
  if not self.maxNorm then return end
  local indices = self:makeInputContiguous(input)
  self.weight.THNN.LookupTable_renorm(indices:view(-1), self.weight, self.maxNorm, self.normType or 2)
end

function LookupTable:type(type, cache)
  if not type then return self._type end
  parent.type(self, type, cache)
  if type:find('Cuda') then
    self._sorted, self._indices = torch.CudaLongTensor(), torch.CudaLongTensor()
    self._count, self._input = torch.CudaLongTensor(), torch.CudaLongTensor()
  else
    self._sorted, self._indices = nil, nil
    self._count, self._input = torch.IntTensor(), torch.LongTensor()
  end
  return self
end

function LookupTable:clearState()
  nn.utils.clear(self, '_count', '_input', '_gradOutput')
  return parent.clearState(self)
end

-- Nothing is read back: shared parameters can take the updates one after the other.
function LookupTable:sharedAccUpdateGradParameters(input, gradOutput, lr)
  self:defaultAccUpdateGradParameters(input, gradOutput, lr)
end
