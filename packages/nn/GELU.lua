local GELU, parent = torch.class('nn.GELU', 'nn.Module')

-- approximate: the tanh form of the first paper instead of the exact one with erf
function GELU:__init(approximate)
   parent.__init(self)
   self.approximate = approximate or false
end

function GELU:updateOutput(input)
   input.THNN.GELU_updateOutput(input, self.output, self.approximate)
   return self.output
end

function GELU:updateGradInput(input, gradOutput)
   input.THNN.GELU_updateGradInput(input, gradOutput, self.gradInput, self.approximate)
   return self.gradInput
end
