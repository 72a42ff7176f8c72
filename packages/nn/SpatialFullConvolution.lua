local geometry = require 'nn.geometry'
local reference = require 'nn.referenceSize'
local SpatialFullConvolution, parent = torch.class('nn.SpatialFullConvolution', 'nn.Module')

local axes = { 'H', 'W' } -- as in the tensors

function SpatialFullConvolution:__init(nInputPlane, nOutputPlane, kW, kH, dW, dH, padW, padH, adjW, adjH)
   parent.__init(self)
   self.nInputPlane, self.nOutputPlane = nInputPlane, nOutputPlane
   self.kW, self.kH = kW, kH
   self.dW, self.dH = dW or 1, dH or 1
   self.padW, self.padH = padW or 0, padH or 0
   self.adjW, self.adjH = adjW or 0, adjH or 0
   if self.adjW > self.dW - 1 or self.adjH > self.dH - 1 then
      error('adjW and adjH must be smaller than self.dW - 1 and self.dH - 1 respectively')
   end
   self.weight = torch.Tensor(nInputPlane, nOutputPlane, kH, kW)
   self.gradWeight = torch.Tensor(nInputPlane, nOutputPlane, kH, kW)
   self.bias = torch.Tensor(nOutputPlane)
   self.gradBias = torch.Tensor(nOutputPlane)
   self.ones = torch.Tensor()
   self:reset()
end

SpatialFullConvolution.noBias = geometry.noBias

function SpatialFullConvolution:reset(stdv)
   geometry.reset(self, stdv, self.nInputPlane * self.kH * self.kW)
end

local function modernise(self)
   geometry.workspace(self)
   self.adjW, self.adjH = self.adjW or 0, self.adjH or 0
end

function SpatialFullConvolution:updateOutput(input)
   modernise(self)
   local x, adj = reference.split(self, input, axes)
   x.THNN.SpatialFullConvolution_updateOutput(x, self.output, self.weight, self.bias, self.finput, self.fgradInput,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, adj[2], adj[1])
   return self.output
end

function SpatialFullConvolution:updateGradInput(input, gradOutput)
   if self.gradInput then
      modernise(self)
      local x, adj = reference.split(self, input, axes)
      x.THNN.SpatialFullConvolution_updateGradInput(x, gradOutput, reference.gradient(self, input), self.weight, self.finput,
         self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, adj[2], adj[1])
      return self.gradInput
   end
end

function SpatialFullConvolution:accGradParameters(input, gradOutput, scale)
   modernise(self)
   local x, adj = reference.split(self, input, axes)
   x.THNN.SpatialFullConvolution_accGradParameters(x, gradOutput, self.gradWeight, self.gradBias, self.finput, self.fgradInput,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, adj[2], adj[1], scale or 1)
end

function SpatialFullConvolution:type(type, tensorCache)
   if type and self.finput then self.finput:set() end
   if type and self.fgradInput then self.fgradInput:set() end
   return parent.type(self, type, tensorCache)
end

function SpatialFullConvolution:__tostring__()
   return geometry.text(self, { 'W', 'H' }, { head = geometry.planes(self), adj = true, bias = true })
end

function SpatialFullConvolution:clearState()
   nn.utils.clear(self, 'finput', 'fgradInput', '_input', '_gradOutput')
   return parent.clearState(self)
end
