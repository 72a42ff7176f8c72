local Squeeze, parent = torch.class('nn.Squeeze', 'nn.Module')

function Squeeze:__init(dim, numInputDims)
  parent.__init(self)
  self.dim = dim
  self.numInputDims = numInputDims
end

function Squeeze:updateOutput(input)
  assert(input and torch.isTensor(input), 'Squeeze only works on tensors')
  local isBatch = self.numInputDims and input:dim() == self.numInputDims + 1
  local sizes = {}
  for d = 1, input:dim() do
    local mine = not self.dim or d == self.dim + (isBatch and 1 or 0)
    if input:size(d) ~= 1 or not mine or isBatch and d == 1 then sizes[#sizes + 1] = d end
  end
  if #sizes == 0 then sizes[1] = 1 end -- one element stays a tensor
  local size, stride = torch.LongStorage(#sizes), torch.LongStorage(#sizes)
  for k, d in ipairs(sizes) do size[k], stride[k] = input:size(d), input:stride(d) end
  return self.output:set(input:storage(), input:storageOffset(), size, stride)
end

function Squeeze:updateGradInput(input, gradOutput)
  assert(input and torch.isTensor(input), 'Squeeze only works on tensors')
  assert(gradOutput and torch.isTensor(gradOutput), 'Squeeze only works on tensors')
  assert(input:nElement() == gradOutput:nElement())
  return self.gradInput:set(gradOutput:contiguous():view(input:size()))
end
