local SplitTable, parent = torch.class('nn.SplitTable', 'nn.Module')

function SplitTable:__init(dimension, nInputDims)
  parent.__init(self)
  self.dimension = dimension
  self.nInputDims = nInputDims
end

function SplitTable:updateOutput(input)
  local dim = nn.utils.actualDimension(input, self.dimension, self.nInputDims)
  local output = {}
  for i = 1, input:size(dim) do output[i] = input:select(dim, i) end
  self.output = output
  return output
end

function SplitTable:updateGradInput(input, gradOutput)
  local dim = nn.utils.actualDimension(input, self.dimension, self.nInputDims)
  local gradInput = self.gradInput
  gradInput:resizeAs(input)
  for i = 1, input:size(dim) do
    if input:dim() == 1 then gradInput[i] = gradOutput[i] else gradInput:select(dim, i):copy(gradOutput[i]) end
  end
  return gradInput
end
