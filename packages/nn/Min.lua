local Min, parent = torch.class('nn.Min', 'nn.Module')

function Min:__init(dimension, nInputDims)
  parent.__init(self)
  self.dimension = dimension or 1
  self.nInputDims = nInputDims
end

function Min:updateOutput(input)
  local dim = nn.utils.actualDimension(input, self.dimension, self.nInputDims)
  self._output = self._output or input.new()
  if self._indices then
    torch.min(self._output, self._indices, input, dim)
  else
    self._output, self._indices = torch.min(input, dim)
  end
  return self.output:set(input:dim() > 1 and self._output:select(dim, 1) or self._output)
end

function Min:updateGradInput(input, gradOutput)
  local dim = nn.utils.actualDimension(input, self.dimension, self.nInputDims)
  if input:dim() > 1 then gradOutput = nn.utils.addSingletonDimension(gradOutput, dim) end
  return self.gradInput:resizeAs(input):zero():scatter(dim, self._indices, gradOutput)
end

-- Indices have a type of their own.
function Min:type(type, cache)
  if type then self._indices, self._output = nil, nil end
  return parent.type(self, type, cache)
end

function Min:clearState()
  self._indices, self._output = nil, nil
  return parent.clearState(self)
end
