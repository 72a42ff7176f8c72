local geometry = require 'nn.geometry'
local SpatialSubSampling, parent = torch.class('nn.SpatialSubSampling', 'nn.Module')

function SpatialSubSampling:__init(nInputPlane, kW, kH, dW, dH)
   parent.__init(self)
   self.nInputPlane = nInputPlane
   self.kW, self.kH = kW, kH
   self.dW, self.dH = dW or 1, dH or 1
   self.weight = torch.Tensor(nInputPlane)
   self.bias = torch.Tensor(nInputPlane)
   self.gradWeight = torch.Tensor(nInputPlane)
   self.gradBias = torch.Tensor(nInputPlane)
   self:reset()
end

function SpatialSubSampling:reset(stdv)
   geometry.reset(self, stdv, self.kW * self.kH)
end

function SpatialSubSampling:updateOutput(input)
   input.THNN.SpatialSubSampling_updateOutput(input, self.output, self.weight, self.bias, self.kW, self.kH, self.dW, self.dH)
   return self.output
end

function SpatialSubSampling:updateGradInput(input, gradOutput)
   if self.gradInput then
      input.THNN.SpatialSubSampling_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.kW, self.kH, self.dW, self.dH)
      return self.gradInput
   end
end

function SpatialSubSampling:accGradParameters(input, gradOutput, scale)
   input.THNN.SpatialSubSampling_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias,
      self.kW, self.kH, self.dW, self.dH, scale or 1)
end
