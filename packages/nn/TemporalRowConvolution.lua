local geometry = require 'nn.geometry'
local TemporalRowConvolution, parent = torch.class('nn.TemporalRowConvolution', 'nn.Module')

-- featFirst: input is features x frames instead of frames x features
function TemporalRowConvolution:__init(inputFrameSize, kW, dW, featFirst)
   parent.__init(self)
   self.inputFrameSize = inputFrameSize
   self.kW, self.dW = kW, dW or 1
   self.weight = torch.Tensor(inputFrameSize, 1, kW)
   self.bias = torch.Tensor(inputFrameSize)
   self.gradWeight = torch.Tensor(inputFrameSize, 1, kW)
   self.gradBias = torch.Tensor(inputFrameSize)
   self.featFirst = featFirst or false
   self:reset()
end

TemporalRowConvolution.noBias = geometry.noBias

function TemporalRowConvolution:reset(stdv)
   geometry.reset(self, stdv, self.kW * self.inputFrameSize)
end

function TemporalRowConvolution:updateOutput(input)
   geometry.workspace(self)
   input.THNN.TemporalRowConvolution_updateOutput(input, self.output, self.weight, self.bias, self.finput, self.fgradInput,
      self.kW, self.dW, 0, self.featFirst)
   return self.output
end

function TemporalRowConvolution:updateGradInput(input, gradOutput)
   if self.gradInput then
      geometry.workspace(self)
      input.THNN.TemporalRowConvolution_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.finput, self.fgradInput,
         self.kW, self.dW, 0, self.featFirst)
      return self.gradInput
   end
end

function TemporalRowConvolution:accGradParameters(input, gradOutput, scale)
   geometry.workspace(self)
   input.THNN.TemporalRowConvolution_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.finput, self.fgradInput,
      self.kW, self.dW, 0, self.featFirst, scale or 1)
end

function TemporalRowConvolution:type(type, tensorCache)
   if type and self.finput then self.finput:set() end
   if type and self.fgradInput then self.fgradInput:set() end
   return parent.type(self, type, tensorCache)
end

function TemporalRowConvolution:__tostring__()
   local stride = self.dW ~= 1 and ', ' .. self.dW or ''
   return torch.type(self) .. '(' .. self.inputFrameSize .. ', ' .. self.kW .. stride .. ')' .. (self.bias and '' or ' without bias')
end

function TemporalRowConvolution:clearState()
   nn.utils.clear(self, 'finput', 'fgradInput', '_input', '_gradOutput')
   return parent.clearState(self)
end
