local SpatialLogSoftMax = torch.class('nn.SpatialLogSoftMax', 'nn.Module')

function SpatialLogSoftMax:updateOutput(input)
   assert(input:dim() == 3 or input:dim() == 4, 'input must be 3-D or 4-D')
   input.THNN.LogSoftMax_updateOutput(input, self.output)
   return self.output
end

function SpatialLogSoftMax:updateGradInput(input, gradOutput)
   input.THNN.LogSoftMax_updateGradInput(input, gradOutput, self.gradInput, self.output)
   return self.gradInput
end
