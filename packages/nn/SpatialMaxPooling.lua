local geometry = require 'nn.geometry'
local SpatialMaxPooling, parent = torch.class('nn.SpatialMaxPooling', 'nn.Module')

function SpatialMaxPooling:__init(kW, kH, dW, dH, padW, padH)
   parent.__init(self)
   self.kW, self.kH = kW, kH
   self.dW, self.dH = dW or kW, dH or kH
   self.padW, self.padH = padW or 0, padH or 0
   self.ceil_mode = false
   self.indices = torch.LongTensor()
end

function SpatialMaxPooling:ceil()
   self.ceil_mode = true
   return self
end

function SpatialMaxPooling:floor()
   self.ceil_mode = false
   return self
end

function SpatialMaxPooling:updateOutput(input)
   self.indices = geometry.indexTensor(input, self.indices)
   local dims = input:dim()
   self.iheight, self.iwidth = input:size(dims - 1), input:size(dims)
   -- absent in old files
   self.ceil_mode = self.ceil_mode or false
   self.padW, self.padH = self.padW or 0, self.padH or 0
   input.THNN.SpatialMaxPooling_updateOutput(input, self.output, self.indices,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, self.ceil_mode)
   return self.output
end

function SpatialMaxPooling:updateGradInput(input, gradOutput)
   input.THNN.SpatialMaxPooling_updateGradInput(input, gradOutput, self.gradInput, self.indices,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, self.ceil_mode)
   return self.gradInput
end

function SpatialMaxPooling:empty()
   self:clearState()
end

function SpatialMaxPooling:__tostring__()
   return geometry.text(self, { 'W', 'H' }, { strides = true })
end

function SpatialMaxPooling:clearState()
   if self.indices then self.indices:set() end
   return parent.clearState(self)
end
