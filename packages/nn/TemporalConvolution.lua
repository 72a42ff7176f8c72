local geometry = require 'nn.geometry'
local TemporalConvolution, parent = torch.class('nn.TemporalConvolution', 'nn.Module')

function TemporalConvolution:__init(inputFrameSize, outputFrameSize, kW, dW)
   parent.__init(self)
   self.inputFrameSize, self.outputFrameSize = inputFrameSize, outputFrameSize
   self.kW, self.dW = kW, dW or 1
   self.weight = torch.Tensor(outputFrameSize, inputFrameSize * kW)
   self.bias = torch.Tensor(outputFrameSize)
   self.gradWeight = torch.Tensor(outputFrameSize, inputFrameSize * kW)
   self.gradBias = torch.Tensor(outputFrameSize)
   self:reset()
end

function TemporalConvolution:reset(stdv)
   geometry.reset(self, stdv, self.kW * self.inputFrameSize)
end

function TemporalConvolution:updateOutput(input)
   input.THNN.TemporalConvolution_updateOutput(input, self.output, self.weight, self.bias,
      self.kW, self.dW, self.inputFrameSize, self.outputFrameSize)
   return self.output
end

function TemporalConvolution:updateGradInput(input, gradOutput)
   if self.gradInput then
      input.THNN.TemporalConvolution_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.kW, self.dW)
      return self.gradInput
   end
end

function TemporalConvolution:accGradParameters(input, gradOutput, scale)
   input.THNN.TemporalConvolution_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.kW, self.dW, scale or 1)
end
