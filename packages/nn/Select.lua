local Select, parent = torch.class('nn.Select', 'nn.Module')

function Select:__init(dimension, index)
  parent.__init(self)
  self.dimension = dimension
  self.index = index
end

local function position(self, input)
  local dim = self.dimension < 0 and input:dim() + self.dimension + 1 or self.dimension
  local index = self.index < 0 and input:size(dim) + self.index + 1 or self.index
  return dim, index
end

function Select:updateOutput(input)
  local output = input:select(position(self, input))
  if type(output) == 'number' then return self.output:resize(1):fill(output) end
  return nn.utils.resizeLike(self.output, output):copy(output)
end

function Select:updateGradInput(input, gradOutput)
  local dim, index = position(self, input)
  local gradInput = self.gradInput:resizeAs(input):zero()
  gradInput:narrow(dim, index, 1):copy(gradOutput)
  return gradInput
end
