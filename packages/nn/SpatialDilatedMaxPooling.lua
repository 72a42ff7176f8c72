local geometry = require 'nn.geometry'
local SpatialDilatedMaxPooling, parent = torch.class('nn.SpatialDilatedMaxPooling', 'nn.SpatialMaxPooling')

function SpatialDilatedMaxPooling:__init(kW, kH, dW, dH, padW, padH, dilationW, dilationH)
   parent.__init(self, kW, kH, dW, dH, padW, padH)
   self.dilationW, self.dilationH = dilationW or 1, dilationH or 1
end

function SpatialDilatedMaxPooling:updateOutput(input)
   self.indices = geometry.indexTensor(input, self.indices)
   local dims = input:dim()
   self.iheight, self.iwidth = input:size(dims - 1), input:size(dims)
   input.THNN.SpatialDilatedMaxPooling_updateOutput(input, self.output, self.indices,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, self.dilationW, self.dilationH, self.ceil_mode)
   return self.output
end

function SpatialDilatedMaxPooling:updateGradInput(input, gradOutput)
   input.THNN.SpatialDilatedMaxPooling_updateGradInput(input, gradOutput, self.gradInput, self.indices,
      self.kW, self.kH, self.dW, self.dH, self.padW, self.padH, self.dilationW, self.dilationH, self.ceil_mode)
   return self.gradInput
end

function SpatialDilatedMaxPooling:__tostring__()
   return geometry.text(self, { 'W', 'H' }, { strides = true, dilation = true })
end
