local Threshold, parent = torch.class('nn.Threshold', 'nn.Module')

function Threshold:__init(threshold, value, inplace)
   parent.__init(self)
   self.threshold = threshold or 1e-6
   self.val = value or 0
   if type(self.threshold) ~= 'number' or type(self.val) ~= 'number' then error('nn.Threshold(threshold, value)') end
   if inplace ~= nil and type(inplace) ~= 'boolean' then error('in-place flag must be boolean') end
   self.inplace = inplace or false
   self:validateParameters()
end

function Threshold:updateOutput(input)
   self:validateParameters()
   input.THNN.Threshold_updateOutput(input, self.output, self.threshold, self.val, self.inplace)
   return self.output
end

function Threshold:updateGradInput(input, gradOutput)
   self:validateParameters()
   input.THNN.Threshold_updateGradInput(input, gradOutput, self.gradInput, self.threshold, self.val, self.inplace)
   return self.gradInput
end

-- In place, what was replaced must still read as "at or below the threshold" when the gradient is computed.
function Threshold:validateParameters()
   self.inplace = self.inplace or false -- absent in old files
   if self.inplace and self.val > self.threshold then
      error('in-place processing requires value (' .. self.val .. ') not exceed threshold (' .. self.threshold .. ')')
   end
end
