local geometry = require 'nn.geometry'
local TemporalMaxPooling, parent = torch.class('nn.TemporalMaxPooling', 'nn.Module')

function TemporalMaxPooling:__init(kW, dW)
   parent.__init(self)
   self.kW, self.dW = kW, dW or kW
end

function TemporalMaxPooling:updateOutput(input)
   self.indices = geometry.indexTensor(input, self.indices)
   input.THNN.TemporalMaxPooling_updateOutput(input, self.output, self.indices, self.kW, self.dW)
   return self.output
end

function TemporalMaxPooling:updateGradInput(input, gradOutput)
   if self.gradInput then
      input.THNN.TemporalMaxPooling_updateGradInput(input, gradOutput, self.gradInput, self.indices, self.kW, self.dW)
      return self.gradInput
   end
end

function TemporalMaxPooling:empty()
   self:clearState()
end

function TemporalMaxPooling:clearState()
   if self.indices then self.indices:set() end
   return parent.clearState(self)
end
