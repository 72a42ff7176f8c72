local JoinTable, parent = torch.class('nn.JoinTable', 'nn.Module')

function JoinTable:__init(dimension, nInputDims)
  parent.__init(self)
  self.size = torch.LongStorage()
  self.dimension = dimension
  self.gradInput = {}
  self.nInputDims = nInputDims
end

function JoinTable:updateOutput(input)
  torch.cat(self.output, input, nn.utils.actualDimension(input[1], self.dimension, self.nInputDims))
  self.size = self.output:size()
  return self.output
end

function JoinTable:updateGradInput(input, gradOutput)
  local gradients = self.gradInput
  local dim = nn.utils.actualDimension(input[1], self.dimension, self.nInputDims)
  local offset = 1
  for i = 1, #input do
    gradients[i] = gradients[i] or input[i].new()
    local length = input[i]:size(dim)
    gradients[i]:resizeAs(input[i]):copy(gradOutput:narrow(dim, offset, length))
    offset = offset + length
  end
  for i = #gradients, #input + 1, -1 do gradients[i] = nil end
  return gradients
end

function JoinTable:type(type, cache)
  if type then self.gradInput = {} end
  return parent.type(self, type, cache)
end
