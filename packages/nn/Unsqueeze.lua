local Unsqueeze, parent = torch.class('nn.Unsqueeze', 'nn.Module')

function Unsqueeze:__init(pos, numInputDims)
  parent.__init(self)
  self.pos = pos or error('the position to insert singleton dim not specified')
  self:setNumInputDims(numInputDims)
end

function Unsqueeze:setNumInputDims(numInputDims)
  self.numInputDims = numInputDims
  return self
end

function Unsqueeze:updateOutput(input)
  self.numInputDims = self.numInputDims or input:dim()
  local dims = input:dim()
  assert(dims == self.numInputDims or dims == self.numInputDims + 1, 'input with unexpected number of dimensions')
  return nn.utils.addSingletonDimension(self.output, input, self.pos + dims - self.numInputDims)
end

function Unsqueeze:updateGradInput(input, gradOutput)
  assert(input:nElement() == gradOutput:nElement())
  return self.gradInput:set(gradOutput:contiguous():view(input:size()))
end

function Unsqueeze:__tostring__()
  return torch.type(self) .. '(dim ' .. self.pos .. ')'
end
