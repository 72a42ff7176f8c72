local Collapse, parent = torch.class('nn.Collapse', 'nn.Module')

function Collapse:__init(nInputDim)
  parent.__init(self)
  self.nInputDim = nInputDim
end

function Collapse:updateOutput(input)
  local lead = input:dim() - self.nInputDim
  local sizes = {}
  for d = 1, lead do sizes[d] = input:size(d) end
  sizes[lead + 1] = -1
  return self.output:set(input:contiguous():view(table.unpack(sizes)))
end

function Collapse:updateGradInput(input, gradOutput)
  return self.gradInput:set(gradOutput:contiguous():viewAs(input))
end
