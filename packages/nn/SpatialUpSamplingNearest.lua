local SpatialUpSamplingNearest, parent = torch.class('nn.SpatialUpSamplingNearest', 'nn.Module')

function SpatialUpSamplingNearest:__init(scale)
   parent.__init(self)
   self.scale_factor = scale
   if scale < 1 then error('scale_factor must be greater than 1') end
   if math.floor(scale) ~= scale then error('scale_factor must be integer') end
   self.inputSize = torch.LongStorage(4)
   self.outputSize = torch.LongStorage(4)
end

function SpatialUpSamplingNearest:updateOutput(input)
   assert(input:dim() == 4 or input:dim() == 3, 'SpatialUpSamplingNearest only supports 3D or 4D tensors')
   input.THNN.SpatialUpSamplingNearest_updateOutput(input, self.output, self.scale_factor)
   return self.output
end

function SpatialUpSamplingNearest:updateGradInput(input, gradOutput)
   input.THNN.SpatialUpSamplingNearest_updateGradInput(input, gradOutput, self.gradInput, self.scale_factor)
   return self.gradInput
end
