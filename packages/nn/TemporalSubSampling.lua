local geometry = require 'nn.geometry'
local TemporalSubSampling, parent = torch.class('nn.TemporalSubSampling', 'nn.Module')

function TemporalSubSampling:__init(inputFrameSize, kW, dW)
   parent.__init(self)
   self.inputFrameSize = inputFrameSize
   self.kW, self.dW = kW, dW or 1
   self.weight = torch.Tensor(inputFrameSize)
   self.bias = torch.Tensor(inputFrameSize)
   self.gradWeight = torch.Tensor(inputFrameSize)
   self.gradBias = torch.Tensor(inputFrameSize)
   self:reset()
end

function TemporalSubSampling:reset(stdv)
   geometry.reset(self, stdv, self.kW)
end

function TemporalSubSampling:updateOutput(input)
   input.THNN.TemporalSubSampling_updateOutput(input, self.output, self.weight, self.bias, self.kW, self.dW, self.inputFrameSize)
   return self.output
end

function TemporalSubSampling:updateGradInput(input, gradOutput)
   if self.gradInput then
      input.THNN.TemporalSubSampling_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.kW, self.dW)
      return self.gradInput
   end
end

function TemporalSubSampling:accGradParameters(input, gradOutput, scale)
   input.THNN.TemporalSubSampling_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.kW, self.dW, scale or 1)
end
