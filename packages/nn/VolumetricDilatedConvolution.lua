local geometry = require 'nn.geometry'
local VolumetricDilatedConvolution, parent = torch.class('nn.VolumetricDilatedConvolution', 'nn.VolumetricConvolution')

function VolumetricDilatedConvolution:__init(nInputPlane, nOutputPlane, kT, kW, kH, dT, dW, dH, padT, padW, padH,
      dilationT, dilationW, dilationH)
   parent.__init(self, nInputPlane, nOutputPlane, kT, kW, kH, dT, dW, dH, padT, padW, padH)
   self.dilationT, self.dilationW, self.dilationH = dilationT or 1, dilationW or 1, dilationH or 1
end

function VolumetricDilatedConvolution:updateOutput(input)
   geometry.workspace(self)
   input.THNN.VolumetricDilatedConvolution_updateOutput(input, self.output, self.weight, self.bias, self.finput, self.fgradInput,
      self.kT, self.kW, self.kH, self.dT, self.dW, self.dH, self.padT, self.padW, self.padH,
      self.dilationT, self.dilationW, self.dilationH)
   return self.output
end

function VolumetricDilatedConvolution:updateGradInput(input, gradOutput)
   if self.gradInput then
      geometry.workspace(self)
      input.THNN.VolumetricDilatedConvolution_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.finput,
         self.kT, self.kW, self.kH, self.dT, self.dW, self.dH, self.padT, self.padW, self.padH,
         self.dilationT, self.dilationW, self.dilationH)
      return self.gradInput
   end
end

function VolumetricDilatedConvolution:accGradParameters(input, gradOutput, scale)
   geometry.workspace(self)
   input.THNN.VolumetricDilatedConvolution_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.finput,
      self.fgradInput, self.kT, self.kW, self.kH, self.dT, self.dW, self.dH, self.padT, self.padW, self.padH,
      self.dilationT, self.dilationW, self.dilationH, scale or 1)
end

function VolumetricDilatedConvolution:__tostring__()
   return geometry.text(self, { 'T', 'W', 'H' }, { head = geometry.planes(self), dilation = true })
end
