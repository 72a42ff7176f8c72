local geometry = require 'nn.geometry'
local SpatialConvolutionLocal, parent = torch.class('nn.SpatialConvolutionLocal', 'nn.Module')

function SpatialConvolutionLocal:__init(nInputPlane, nOutputPlane, iW, iH, kW, kH, dW, dH, padW, padH)
   parent.__init(self)
   self.nInputPlane, self.nOutputPlane = nInputPlane, nOutputPlane
   self.kW, self.kH = kW, kH
   self.iW, self.iH = iW, iH
   self.dW, self.dH = dW or 1, dH or 1
   self.padW = padW or 0
   self.padH = padH or self.padW
   self.oW = math.floor((self.padW * 2 + iW - self.kW) / self.dW) + 1
   self.oH = math.floor((self.padH * 2 + iH - self.kH) / self.dH) + 1
   assert(1 <= self.oW and 1 <= self.oH, 'illegal configuration: output width or height less than 1')
   self.weight = torch.Tensor(self.oH, self.oW, nOutputPlane, nInputPlane, kH, kW)
   self.bias = torch.Tensor(nOutputPlane, self.oH, self.oW)
   self.gradWeight = torch.Tensor():resizeAs(self.weight)
   self.gradBias = torch.Tensor():resizeAs(self.bias)
   self:reset()
end

SpatialConvolutionLocal.noBias = geometry.noBias

function SpatialConvolutionLocal:reset(stdv)
   geometry.reset(self, stdv, self.kW * self.kH * self.nInputPlane)
end

local function checkSize(self, input)
   local d = input:dim()
   if d ~= 3 and d ~= 4 then error('3D or 4D tensor expected') end
   if input:size(d - 2) ~= self.nInputPlane or input:size(d - 1) ~= self.iH or input:size(d) ~= self.iW then
      error(string.format('Given input size: (%dx%dx%d) inconsistent with expected input size: (%dx%dx%d).',
         input:size(d - 2), input:size(d - 1), input:size(d), self.nInputPlane, self.iH, self.iW))
   end
end

function SpatialConvolutionLocal:updateOutput(input)
   geometry.workspace(self)
   checkSize(self, input)
   input.THNN.SpatialConvolutionLocal_updateOutput(input, self.output, self.weight, self.bias, self.finput, self.fgradInput,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, self.iW, self.iH, self.oW, self.oH)
   return self.output
end

function SpatialConvolutionLocal:updateGradInput(input, gradOutput)
   if self.gradInput then
      checkSize(self, input)
      input.THNN.SpatialConvolutionLocal_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.finput, self.fgradInput,
         self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, self.iW, self.iH, self.oW, self.oH)
      return self.gradInput
   end
end

function SpatialConvolutionLocal:accGradParameters(input, gradOutput, scale)
   checkSize(self, input)
   input.THNN.SpatialConvolutionLocal_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.finput, self.fgradInput,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, self.iW, self.iH, self.oW, self.oH, scale or 1)
end

function SpatialConvolutionLocal:type(type, tensorCache)
   if type and self.finput then self.finput:set() end
   if type and self.fgradInput then self.fgradInput:set() end
   return parent.type(self, type, tensorCache)
end

function SpatialConvolutionLocal:__tostring__()
   local head = geometry.planes(self) .. self.iW .. 'x' .. self.iH .. ', '
   return geometry.text(self, { 'W', 'H' }, { head = head, bias = true })
end

function SpatialConvolutionLocal:clearState()
   nn.utils.clear(self, 'finput', 'fgradInput', '_input', '_gradOutput')
   return parent.clearState(self)
end
