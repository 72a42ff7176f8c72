local AddConstant, parent = torch.class('nn.AddConstant', 'nn.Module')

function AddConstant:__init(constant, inplace)
   parent.__init(self)
   assert(type(constant) == 'number' or torch.isTensor(constant), 'input is neither scalar nor tensor!')
   if inplace ~= nil and type(inplace) ~= 'boolean' then error('in-place flag must be boolean') end
   self.constant_scalar = constant
   self.inplace = inplace or false
end

local function add(self, result, input, sign)
   local c = self.constant_scalar
   if type(c) == 'number' then return result:add(input, sign * c) end
   if c:nElement() ~= input:nElement() then
      c = c:view(1, -1):expandAs(input:view(-1, c:nElement())):viewAs(input)
   end
   return result:add(input, sign, c)
end

function AddConstant:updateOutput(input)
   if self.inplace then
      self.output:set(add(self, input, input, 1))
   else
      add(self, self.output, input, 1)
   end
   return self.output
end

function AddConstant:updateGradInput(input, gradOutput)
   if self.inplace then
      self.gradInput:set(gradOutput)
      add(self, input, input, -1) -- the input as it was
   else
      self.gradInput:resizeAs(gradOutput):copy(gradOutput)
   end
   return self.gradInput
end
