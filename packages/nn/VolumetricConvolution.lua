local geometry = require 'nn.geometry'
local VolumetricConvolution, parent = torch.class('nn.VolumetricConvolution', 'nn.Module')

function VolumetricConvolution:__init(nInputPlane, nOutputPlane, kT, kW, kH, dT, dW, dH, padT, padW, padH)
   parent.__init(self)
   self.nInputPlane, self.nOutputPlane = nInputPlane, nOutputPlane
   self.kT, self.kW, self.kH = kT, kW, kH
   self.dT, self.dW, self.dH = dT or 1, dW or 1, dH or 1
   self.padT = padT or 0
   self.padW = padW or self.padT
   self.padH = padH or self.padW
   self.weight = torch.Tensor(nOutputPlane, nInputPlane, kT, kH, kW)
   self.bias = torch.Tensor(nOutputPlane)
   self.gradWeight = torch.Tensor(nOutputPlane, nInputPlane, kT, kH, kW)
   self.gradBias = torch.Tensor(nOutputPlane)
   self:reset()
end

VolumetricConvolution.noBias = geometry.noBias

function VolumetricConvolution:reset(stdv)
   geometry.reset(self, stdv, self.kT * self.kW * self.kH * self.nInputPlane)
end

function VolumetricConvolution:updateOutput(input)
   geometry.workspace(self)
   input.THNN.VolumetricConvolutionMM_updateOutput(input, self.output, self.weight, self.bias, self.finput,
      self.kT, self.kW, self.kH, self.dT, self.dW, self.dH, self.padT, self.padW, self.padH)
   return self.output
end

function VolumetricConvolution:updateGradInput(input, gradOutput)
   if self.gradInput then
      geometry.workspace(self)
      input.THNN.VolumetricConvolutionMM_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.finput,
         self.kT, self.kW, self.kH, self.dT, self.dW, self.dH, self.padT, self.padW, self.padH)
      return self.gradInput
   end
end

function VolumetricConvolution:accGradParameters(input, gradOutput, scale)
   geometry.workspace(self)
   input.THNN.VolumetricConvolutionMM_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.finput,
      self.kT, self.kW, self.kH, self.dT, self.dW, self.dH, self.padT, self.padW, self.padH, scale or 1)
end

function VolumetricConvolution:type(type, tensorCache)
   if type and self.finput then self.finput:set() end
   if type and self.fgradInput then self.fgradInput:set() end
   return parent.type(self, type, tensorCache)
end

function VolumetricConvolution:__tostring__()
   return geometry.text(self, { 'T', 'W', 'H' }, { head = geometry.planes(self) })
end

function VolumetricConvolution:clearState()
   nn.utils.clear(self, 'finput', 'fgradInput', '_input', '_gradOutput')
   return parent.clearState(self)
end
