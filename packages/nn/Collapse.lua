local Collapse, parent = torch.class('nn.Collapse', 'nn.Module')

function Collapse:__init(nInputDim)
  parent.__init(self)
  self.nInputDim = nInputDim
end

function Collapse:updateOutput(input)
  input = input:contiguous()
  return self.output:set(input:dim() > self.nInputDim and input:view(input:size(1), -1) or input:view(-1))
end

function Collapse:updateGradInput(input, gradOutput)
  return self.gradInput:set(gradOutput:contiguous():viewAs(input))
end

-- The output is the input's memory, which is not ours to drop.
function Collapse:clearState() end
