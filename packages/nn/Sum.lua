local Sum, parent = torch.class('nn.Sum', 'nn.Module')

function Sum:__init(dimension, nInputDims, sizeAverage, squeeze)
  parent.__init(self)
  self.dimension = dimension or 1
  self.nInputDims = nInputDims
  self.sizeAverage = sizeAverage or false
  self.squeeze = squeeze == nil or squeeze -- false keeps the dimension with size 1
end

function Sum:updateOutput(input)
  local dim = nn.utils.actualDimension(input, self.dimension, self.nInputDims)
  local output = self.output
  output:sum(input, dim)
  if self.sizeAverage then output:div(input:size(dim)) end
  if self.squeeze ~= false and output:dim() > 1 then output:set(output:select(dim, 1)) end
  return output
end

function Sum:updateGradInput(input, gradOutput)
  local dim = nn.utils.actualDimension(input, self.dimension, self.nInputDims)
  if self.squeeze ~= false and input:dim() > 1 then gradOutput = nn.utils.addSingletonDimension(gradOutput, dim) end
  self.gradInput:resizeAs(input):copy(gradOutput:expandAs(input))
  if self.sizeAverage then self.gradInput:div(input:size(dim)) end
  return self.gradInput
end
