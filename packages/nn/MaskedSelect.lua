local MaskedSelect, parent = torch.class('nn.MaskedSelect', 'nn.Module')

function MaskedSelect:__init()
  parent.__init(self)
  self._maskIndices = torch.LongTensor()
  self._maskIndexBuffer = torch.LongTensor()
  self._maskIndexBufferCPU = torch.FloatTensor()
  self._gradBuffer = torch.Tensor()
  self._gradMask = torch.ByteTensor()
end

function MaskedSelect:updateOutput(input)
  return self.output:maskedSelect(input[1], input[2])
end

function MaskedSelect:updateGradInput(input, gradOutput)
  local x, mask = input[1], input[2]
  self._gradBuffer:resizeAs(x):zero()
  self._gradBuffer:maskedCopy(mask, gradOutput)
  nn.utils.resizeLike(self._gradMask, mask):zero()
  self.gradInput = { self._gradBuffer, self._gradMask }
  return self.gradInput
end

-- Masks and indices keep their types.
function MaskedSelect:type(type, cache)
  if not type then return self._type end
  self._gradBuffer = self._gradBuffer:type(type)
  self.gradInput = self._gradBuffer.new()
  self.output = self.output:type(type)
  self._type = type
  return self
end

function MaskedSelect:clearState()
  return nn.utils.clear(self, 'output', 'gradInput', '_maskIndices', '_maskIndexBuffer', '_maskIndexBufferCPU', '_gradBuffer',
    '_gradMask')
end
