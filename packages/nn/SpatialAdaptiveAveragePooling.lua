local SpatialAdaptiveAveragePooling, parent = torch.class('nn.SpatialAdaptiveAveragePooling', 'nn.Module')

function SpatialAdaptiveAveragePooling:__init(W, H)
   parent.__init(self)
   self.W, self.H = W, H
end

function SpatialAdaptiveAveragePooling:updateOutput(input)
   input.THNN.SpatialAdaptiveAveragePooling_updateOutput(input, self.output, self.W, self.H)
   return self.output
end

function SpatialAdaptiveAveragePooling:updateGradInput(input, gradOutput)
   input.THNN.SpatialAdaptiveAveragePooling_updateGradInput(input, gradOutput, self.gradInput)
   return self.gradInput
end
