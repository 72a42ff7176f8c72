local SiLU = torch.class('nn.SiLU', 'nn.Module')

function SiLU:updateOutput(input)
   input.THNN.SiLU_updateOutput(input, self.output)
   return self.output
end

function SiLU:updateGradInput(input, gradOutput)
   input.THNN.SiLU_updateGradInput(input, gradOutput, self.gradInput)
   return self.gradInput
end
