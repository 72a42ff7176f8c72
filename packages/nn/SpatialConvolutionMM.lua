local geometry = require 'nn.geometry'
local SpatialConvolutionMM, parent = torch.class('nn.SpatialConvolutionMM', 'nn.Module')

function SpatialConvolutionMM:__init(nInputPlane, nOutputPlane, kW, kH, dW, dH, padW, padH)
   parent.__init(self)
   self.nInputPlane, self.nOutputPlane = nInputPlane, nOutputPlane
   self.kW, self.kH = kW, kH
   self.dW, self.dH = dW or 1, dH or 1
   self.padW = padW or 0
   self.padH = padH or self.padW
   self.weight = torch.Tensor(nOutputPlane, nInputPlane * kH * kW)
   self.bias = torch.Tensor(nOutputPlane)
   self.gradWeight = torch.Tensor(nOutputPlane, nInputPlane * kH * kW)
   self.gradBias = torch.Tensor(nOutputPlane)
   self:reset()
end

SpatialConvolutionMM.noBias = geometry.noBias

function SpatialConvolutionMM:reset(stdv)
   geometry.reset(self, stdv, self.kW * self.kH * self.nInputPlane)
end

local function modernise(self)
   geometry.workspace(self)
   if self.padding then
      self.padW, self.padH, self.padding = self.padding, self.padding, nil
   end
   self.padW, self.padH = self.padW or 0, self.padH or 0
end

function SpatialConvolutionMM:updateOutput(input)
   modernise(self)
   input.THNN.SpatialConvolutionMM_updateOutput(input, self.output, self.weight, self.bias, self.finput, self.fgradInput,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH)
   return self.output
end

function SpatialConvolutionMM:updateGradInput(input, gradOutput)
   if self.gradInput then
      modernise(self)
      input.THNN.SpatialConvolutionMM_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.finput, self.fgradInput,
         self.kW, self.kH, self.dW, self.dH, self.padW, self.padH)
      return self.gradInput
   end
end

function SpatialConvolutionMM:accGradParameters(input, gradOutput, scale)
   modernise(self)
   input.THNN.SpatialConvolutionMM_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.finput, self.fgradInput,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, scale or 1)
end

function SpatialConvolutionMM:type(type, tensorCache)
   if type and self.finput then self.finput:set() end
   if type and self.fgradInput then self.fgradInput:set() end
   return parent.type(self, type, tensorCache)
end

function SpatialConvolutionMM:__tostring__()
   return geometry.text(self, { 'W', 'H' }, { head = geometry.planes(self), bias = true })
end

function SpatialConvolutionMM:clearState()
   nn.utils.clear(self, 'finput', 'fgradInput', '_input', '_gradOutput')
   return parent.clearState(self)
end
