local SpatialSoftMax = torch.class('nn.SpatialSoftMax', 'nn.Module')

function SpatialSoftMax:updateOutput(input)
   assert(input:dim() == 3 or input:dim() == 4, 'input must be 3-D or 4-D')
   input.THNN.SoftMax_updateOutput(input, self.output)
   return self.output
end

function SpatialSoftMax:updateGradInput(input, gradOutput)
   input.THNN.SoftMax_updateGradInput(input, gradOutput, self.gradInput, self.output)
   return self.gradInput
end
