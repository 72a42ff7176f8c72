local SoftPlus, parent = torch.class('nn.SoftPlus', 'nn.Module')

function SoftPlus:__init(beta)
   parent.__init(self)
   self.beta = beta or 1
   self.threshold = 20 -- beta * x above it: the identity, since exp would overflow or add nothing
end

function SoftPlus:updateOutput(input)
   input.THNN.SoftPlus_updateOutput(input, self.output, self.beta, self.threshold)
   return self.output
end

function SoftPlus:updateGradInput(input, gradOutput)
   input.THNN.SoftPlus_updateGradInput(input, gradOutput, self.gradInput, self.output, self.beta, self.threshold)
   return self.gradInput
end
