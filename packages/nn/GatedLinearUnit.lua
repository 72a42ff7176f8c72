local GatedLinearUnit, parent = torch.class('nn.GatedLinearUnit', 'nn.Module')

-- dim: where to split into value and gate; the last dimension when absent
function GatedLinearUnit:__init(dim)
   parent.__init(self)
   self.dim = dim
end

function GatedLinearUnit:updateOutput(input)
   input.THNN.GatedLinear_updateOutput(input, self.output, self.dim or input:dim())
   return self.output
end

function GatedLinearUnit:updateGradInput(input, gradOutput)
   input.THNN.GatedLinear_updateGradInput(input, gradOutput, self.gradInput, self.dim or input:dim())
   return self.gradInput
end
