local geometry = require 'nn.geometry'
local SpatialAveragePooling, parent = torch.class('nn.SpatialAveragePooling', 'nn.Module')

function SpatialAveragePooling:__init(kW, kH, dW, dH, padW, padH)
   parent.__init(self)
   self.kW, self.kH = kW, kH
   self.dW, self.dH = dW or 1, dH or 1
   self.padW, self.padH = padW or 0, padH or 0
   self.ceil_mode = false
   self.count_include_pad = true
   self.divide = true
end

function SpatialAveragePooling:ceil()
   self.ceil_mode = true
   return self
end

function SpatialAveragePooling:floor()
   self.ceil_mode = false
   return self
end

function SpatialAveragePooling:setCountIncludePad()
   self.count_include_pad = true
   return self
end

function SpatialAveragePooling:setCountExcludePad()
   self.count_include_pad = false
   return self
end

-- absent in old files
local function modernise(self)
   self.ceil_mode = self.ceil_mode or false
   if self.count_include_pad == nil then self.count_include_pad = true end
   self.padW, self.padH = self.padW or 0, self.padH or 0
   if self.divide == nil then self.divide = true end
end

function SpatialAveragePooling:updateOutput(input)
   modernise(self)
   input.THNN.SpatialAveragePooling_updateOutput(input, self.output, self.kW, self.kH, self.dW, self.dH,
      self.padW, self.padH, self.ceil_mode, self.count_include_pad)
   if not self.divide then self.output:mul(self.kW * self.kH) end
   return self.output
end

function SpatialAveragePooling:updateGradInput(input, gradOutput)
   if self.gradInput then
      modernise(self)
      input.THNN.SpatialAveragePooling_updateGradInput(input, gradOutput, self.gradInput, self.kW, self.kH, self.dW, self.dH,
         self.padW, self.padH, self.ceil_mode, self.count_include_pad)
      if not self.divide then self.gradInput:mul(self.kW * self.kH) end
      return self.gradInput
   end
end

function SpatialAveragePooling:__tostring__()
   return geometry.text(self, { 'W', 'H' }, { strides = true })
end
