local geometry = require 'nn.geometry'
local VolumetricAveragePooling, parent = torch.class('nn.VolumetricAveragePooling', 'nn.Module')

function VolumetricAveragePooling:__init(kT, kW, kH, dT, dW, dH)
   parent.__init(self)
   self.kT, self.kW, self.kH = kT, kW, kH
   self.dT, self.dW, self.dH = dT or kT, dW or kW, dH or kH
end

function VolumetricAveragePooling:updateOutput(input)
   input.THNN.VolumetricAveragePooling_updateOutput(input, self.output, self.kT, self.kW, self.kH, self.dT, self.dW, self.dH)
   return self.output
end

function VolumetricAveragePooling:updateGradInput(input, gradOutput)
   input.THNN.VolumetricAveragePooling_updateGradInput(input, gradOutput, self.gradInput, self.kT, self.kW, self.kH,
      self.dT, self.dW, self.dH)
   return self.gradInput
end

function VolumetricAveragePooling:__tostring__()
   return geometry.text(self, { 'T', 'W', 'H' }, { strides = true })
end
