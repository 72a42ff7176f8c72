local HardTanh, parent = torch.class('nn.HardTanh', 'nn.Module')

function HardTanh:__init(min, max, inplace)
   parent.__init(self)
   self.min_val = min or -1
   self.max_val = max or 1
   self.inplace = inplace or false
   if type(self.inplace) ~= 'boolean' then error('in-place flag must be boolean') end
   assert(self.max_val > self.min_val, 'max_value must be larger than min_value')
end

function HardTanh:updateOutput(input)
   input.THNN.HardTanh_updateOutput(input, self.output, self.min_val or -1, self.max_val or 1, self.inplace or false)
   return self.output
end

function HardTanh:updateGradInput(input, gradOutput)
   input.THNN.HardTanh_updateGradInput(input, gradOutput, self.gradInput, self.min_val or -1, self.max_val or 1, self.inplace or false)
   return self.gradInput
end
