local geometry = require 'nn.geometry'
local SpatialDilatedConvolution, parent = torch.class('nn.SpatialDilatedConvolution', 'nn.SpatialConvolution')

function SpatialDilatedConvolution:__init(nInputPlane, nOutputPlane, kW, kH, dW, dH, padW, padH, dilationW, dilationH)
   parent.__init(self, nInputPlane, nOutputPlane, kW, kH, dW, dH, padW, padH)
   self.dilationW = dilationW or 1
   self.dilationH = dilationH or 1
end

function SpatialDilatedConvolution:updateOutput(input)
   geometry.workspace(self)
   input.THNN.SpatialDilatedConvolution_updateOutput(input, self.output, self.weight, self.bias, self.finput, self.fgradInput,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, self.dilationW, self.dilationH)
   return self.output
end

function SpatialDilatedConvolution:updateGradInput(input, gradOutput)
   if self.gradInput then
      geometry.workspace(self)
      input.THNN.SpatialDilatedConvolution_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.finput,
         self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, self.dilationW, self.dilationH)
      return self.gradInput
   end
end

function SpatialDilatedConvolution:accGradParameters(input, gradOutput, scale)
   geometry.workspace(self)
   input.THNN.SpatialDilatedConvolution_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.finput, self.fgradInput,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, self.dilationW, self.dilationH, scale or 1)
end

function SpatialDilatedConvolution:__tostring__()
   return geometry.text(self, { 'W', 'H' }, { head = geometry.planes(self), dilation = true, bias = true })
end
