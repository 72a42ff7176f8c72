local Narrow, parent = torch.class('nn.Narrow', 'nn.Module')

function Narrow:__init(dimension, offset, length)
  parent.__init(self)
  if not dimension or not offset then error('nn.Narrow(dimension, offset, length)') end
  self.dimension = dimension
  self.index = offset
  self.length = length or 1
end

-- Counts from the end: a length of -1 reaches the last entry; a negative offset leaves out `length` entries at the end.
local function range(self, input)
  local dim = self.dimension < 0 and input:dim() + self.dimension + 1 or self.dimension
  local index, length = self.index, self.length
  if length < 0 then length = input:size(dim) - index + length + 2 end
  if index < 0 then index, length = 1, input:size(dim) - length end
  return dim, index, length
end

function Narrow:updateOutput(input)
  local part = input:narrow(range(self, input))
  return self.output:resizeAs(part):copy(part)
end

function Narrow:updateGradInput(input, gradOutput)
  local gradInput = self.gradInput:resizeAs(input):zero()
  gradInput:narrow(range(self, input)):copy(gradOutput)
  return gradInput
end
