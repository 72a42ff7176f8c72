local geometry = require 'nn.geometry'
local SpatialConvolution, parent = torch.class('nn.SpatialConvolution', 'nn.Module')

function SpatialConvolution:__init(nInputPlane, nOutputPlane, kW, kH, dW, dH, padW, padH)
   parent.__init(self)
   self.nInputPlane, self.nOutputPlane = nInputPlane, nOutputPlane
   self.kW, self.kH = kW, kH
   self.dW, self.dH = dW or 1, dH or 1
   self.padW = padW or 0
   self.padH = padH or self.padW
   self.weight = torch.Tensor(nOutputPlane, nInputPlane, kH, kW)
   self.bias = torch.Tensor(nOutputPlane)
   self.gradWeight = torch.Tensor(nOutputPlane, nInputPlane, kH, kW)
   self.gradBias = torch.Tensor(nOutputPlane)
   self:reset()
end

SpatialConvolution.noBias = geometry.noBias

function SpatialConvolution:reset(stdv)
   geometry.reset(self, stdv, self.kW * self.kH * self.nInputPlane)
end

-- files of older versions: one padding for both dimensions, weights as a matrix
local function modernise(self)
   geometry.workspace(self)
   if self.padding then
      self.padW, self.padH, self.padding = self.padding, self.padding, nil
   end
   self.padW, self.padH = self.padW or 0, self.padH or 0
   for _, name in ipairs{ 'weight', 'gradWeight' } do
      local w = self[name]
      if w and w:dim() == 2 then self[name] = w:view(self.nOutputPlane, self.nInputPlane, self.kH, self.kW) end
   end
end

function SpatialConvolution:updateOutput(input)
   if not self.finput or self.padding or self.weight:dim() == 2 or not self.padH then modernise(self) end
   input.THNN.SpatialConvolutionMM_updateOutput(input, self.output, self.weight, self.bias, self.finput, self.fgradInput,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH)
   return self.output
end

function SpatialConvolution:updateGradInput(input, gradOutput)
   if self.gradInput then
      modernise(self)
      input.THNN.SpatialConvolutionMM_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.finput, self.fgradInput,
         self.kW, self.kH, self.dW, self.dH, self.padW, self.padH)
      return self.gradInput
   end
end

function SpatialConvolution:accGradParameters(input, gradOutput, scale)
   modernise(self)
   input.THNN.SpatialConvolutionMM_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.finput, self.fgradInput,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, scale or 1)
end

function SpatialConvolution:type(type, tensorCache)
   if type and self.finput then self.finput:set() end
   if type and self.fgradInput then self.fgradInput:set() end
   return parent.type(self, type, tensorCache)
end

function SpatialConvolution:__tostring__()
   return geometry.text(self, { 'W', 'H' }, { head = geometry.planes(self), bias = true })
end

function SpatialConvolution:clearState()
   nn.utils.clear(self, 'finput', 'fgradInput', '_input', '_gradOutput')
   return parent.clearState(self)
end
