local geometry = require 'nn.geometry'
local reference = require 'nn.referenceSize'
local VolumetricFullConvolution, parent = torch.class('nn.VolumetricFullConvolution', 'nn.Module')

local axes = { 'T', 'H', 'W' } -- as in the tensors

function VolumetricFullConvolution:__init(nInputPlane, nOutputPlane, kT, kW, kH, dT, dW, dH, padT, padW, padH, adjT, adjW, adjH)
   parent.__init(self)
   self.nInputPlane, self.nOutputPlane = nInputPlane, nOutputPlane
   self.kT, self.kW, self.kH = kT, kW, kH
   self.dT, self.dW, self.dH = dT or 1, dW or 1, dH or 1
   self.padT, self.padW, self.padH = padT or 0, padW or 0, padH or 0
   self.adjT, self.adjW, self.adjH = adjT or 0, adjW or 0, adjH or 0
   if self.adjW > self.dW - 1 or self.adjH > self.dH - 1 or self.adjT > self.dT - 1 then
      error('adjW, adjH and adjT must be smaller than self.dW - 1, self.dH - 1 and self.dT - 1 respectively')
   end
   self.weight = torch.Tensor(nInputPlane, nOutputPlane, kT, kH, kW)
   self.gradWeight = torch.Tensor(nInputPlane, nOutputPlane, kT, kH, kW)
   self.bias = torch.Tensor(nOutputPlane)
   self.gradBias = torch.Tensor(nOutputPlane)
   self.ones = torch.Tensor()
   self.finput = torch.Tensor()
   self.fgradInput = torch.Tensor()
   self:reset()
end

VolumetricFullConvolution.noBias = geometry.noBias

function VolumetricFullConvolution:reset(stdv)
   geometry.reset(self, stdv, self.nInputPlane * self.kT * self.kH * self.kW)
end

function VolumetricFullConvolution:updateOutput(input)
   geometry.workspace(self)
   local x, adj = reference.split(self, input, axes)
   x.THNN.VolumetricFullConvolution_updateOutput(x, self.output, self.weight, self.bias, self.finput, self.fgradInput,
      self.dT, self.dW, self.dH, self.padT, self.padW, self.padH, adj[1], adj[3], adj[2])
   return self.output
end

function VolumetricFullConvolution:updateGradInput(input, gradOutput)
   if self.gradInput then
      geometry.workspace(self)
      local x, adj = reference.split(self, input, axes)
      x.THNN.VolumetricFullConvolution_updateGradInput(x, gradOutput, reference.gradient(self, input), self.weight, self.finput,
         self.fgradInput, self.dT, self.dW, self.dH, self.padT, self.padW, self.padH, adj[1], adj[3], adj[2])
      return self.gradInput
   end
end

function VolumetricFullConvolution:accGradParameters(input, gradOutput, scale)
   geometry.workspace(self)
   local x, adj = reference.split(self, input, axes)
   x.THNN.VolumetricFullConvolution_accGradParameters(x, gradOutput, self.gradWeight, self.gradBias, self.finput, self.fgradInput,
      self.dT, self.dW, self.dH, self.padT, self.padW, self.padH, adj[1], adj[3], adj[2], scale or 1)
end

function VolumetricFullConvolution:type(type, tensorCache)
   if type then
      self.finput:set()
      self.fgradInput:set()
   end
   return parent.type(self, type, tensorCache)
end

function VolumetricFullConvolution:__tostring__()
   return geometry.text(self, { 'T', 'W', 'H' }, { head = geometry.planes(self), adj = true, bias = true })
end

function VolumetricFullConvolution:clearState()
   nn.utils.clear(self, 'finput', 'fgradInput', '_input', '_gradOutput')
   return parent.clearState(self)
end
