local geometry = require 'nn.geometry'
local SpatialDepthWiseConvolution, parent = torch.class('nn.SpatialDepthWiseConvolution', 'nn.Module')

-- nOutputPlane: how many output planes each input plane gets; the planes of the first input plane come first
function SpatialDepthWiseConvolution:__init(nInputPlane, nOutputPlane, kW, kH, dW, dH, padW, padH)
   parent.__init(self)
   self.nInputPlane, self.nOutputPlane = nInputPlane, nOutputPlane
   self.kW, self.kH = kW, kH
   self.dW, self.dH = dW or 1, dH or 1
   self.padW = padW or 0
   self.padH = padH or self.padW
   self.weight = torch.Tensor(nOutputPlane, nInputPlane * kH * kW)
   self.bias = torch.Tensor(nOutputPlane, nInputPlane)
   self.gradWeight = torch.Tensor(nOutputPlane, nInputPlane * kH * kW)
   self.gradBias = torch.Tensor(nOutputPlane, nInputPlane)
   self:reset()
end

SpatialDepthWiseConvolution.noBias = geometry.noBias

function SpatialDepthWiseConvolution:reset(stdv)
   geometry.reset(self, stdv, self.kW * self.kH * self.nInputPlane)
end

local function shaped(self, name)
   geometry.workspace(self)
   local w = self[name]
   if w:dim() ~= 4 then
      self[name] = w:view(self.nOutputPlane, self.nInputPlane, self.kH, self.kW)
   end
   return self[name]
end

function SpatialDepthWiseConvolution:updateOutput(input)
   input.THNN.SpatialDepthWiseConvolution_updateOutput(input, self.output, shaped(self, 'weight'), self.bias, self.finput, self.fgradInput,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH)
   return self.output
end

function SpatialDepthWiseConvolution:updateGradInput(input, gradOutput)
   if self.gradInput then
      input.THNN.SpatialDepthWiseConvolution_updateGradInput(input, gradOutput, self.gradInput, shaped(self, 'weight'),
         self.finput, self.fgradInput, self.kW, self.kH, self.dW, self.dH, self.padW, self.padH)
      return self.gradInput
   end
end

function SpatialDepthWiseConvolution:accGradParameters(input, gradOutput, scale)
   input.THNN.SpatialDepthWiseConvolution_accGradParameters(input, gradOutput, shaped(self, 'gradWeight'), self.gradBias,
      self.finput, self.fgradInput, self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, scale or 1)
end

function SpatialDepthWiseConvolution:type(type, tensorCache)
   if type and self.finput then self.finput:set() end
   if type and self.fgradInput then self.fgradInput:set() end
   return parent.type(self, type, tensorCache)
end

function SpatialDepthWiseConvolution:__tostring__()
   return geometry.text(self, { 'W', 'H' }, { head = geometry.planes(self), bias = true })
end

function SpatialDepthWiseConvolution:clearState()
   nn.utils.clear(self, 'finput', 'fgradInput', '_input', '_gradOutput')
   return parent.clearState(self)
end
