local MulConstant, parent = torch.class('nn.MulConstant', 'nn.Module')

function MulConstant:__init(constant, inplace)
   parent.__init(self)
   assert(type(constant) == 'number', 'input is not scalar!')
   if inplace ~= nil and type(inplace) ~= 'boolean' then error('in-place flag must be boolean') end
   self.constant_scalar = constant
   self.inplace = inplace or false
end

function MulConstant:updateOutput(input)
   if self.inplace then
      self.output:set(input:mul(self.constant_scalar))
   else
      self.output:mul(input, self.constant_scalar)
   end
   return self.output
end

function MulConstant:updateGradInput(input, gradOutput)
   if self.gradInput then
      if self.inplace then
         self.gradInput:set(gradOutput:mul(self.constant_scalar))
         input:div(self.constant_scalar) -- the input as it was
      else
         self.gradInput:mul(gradOutput, self.constant_scalar)
      end
      return self.gradInput
   end
end
