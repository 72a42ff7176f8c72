local FeatureLPPooling, parent = torch.class('nn.FeatureLPPooling', 'nn.Module')

-- batch_mode: the features are dimension 2, not 1
function FeatureLPPooling:__init(width, stride, power, batch_mode)
   parent.__init(self)
   if width < 2 or width > 16 then error('width must be within 2 to 16') end
   if stride < 1 or stride > 4 then error('stride must be within 1 to 4') end
   self.width = width
   self.stride = stride
   self.power = power
   self.batch_mode = batch_mode
end

function FeatureLPPooling:updateOutput(input)
   input.THNN.FeatureLPPooling_updateOutput(input, self.output, self.power, self.width, self.stride, self.batch_mode or false)
   return self.output
end

function FeatureLPPooling:updateGradInput(input, gradOutput)
   input.THNN.FeatureLPPooling_updateGradInput(gradOutput, input, self.output, self.gradInput,
      self.power, self.width, self.stride, self.batch_mode or false)
   return self.gradInput
end

function FeatureLPPooling:__tostring__()
   return string.format('%s(%d, %d, %g)', torch.type(self), self.width, self.stride, self.power)
end
