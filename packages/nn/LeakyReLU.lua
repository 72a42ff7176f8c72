local LeakyReLU, parent = torch.class('nn.LeakyReLU', 'nn.Module')

-- LeakyReLU([negval][, inplace]); LeakyReLU(true) is in place with the usual slope
function LeakyReLU:__init(negval, inplace)
   parent.__init(self)
   if type(negval) == 'boolean' then negval, inplace = nil, negval end
   self.negval = negval or 1 / 100
   if type(self.negval) ~= 'number' then error('nn.LeakyReLU(negval)') end
   if inplace ~= nil and type(inplace) ~= 'boolean' then error('in-place flag must be boolean') end
   self.inplace = inplace or false
end

function LeakyReLU:updateOutput(input)
   input.THNN.LeakyReLU_updateOutput(input, self.output, self.negval, self.inplace)
   return self.output
end

function LeakyReLU:updateGradInput(input, gradOutput)
   input.THNN.LeakyReLU_updateGradInput(input, gradOutput, self.gradInput, self.negval, self.inplace)
   return self.gradInput
end

function LeakyReLU:__tostring__()
   return torch.type(self) .. string.format('(%g)', self.negval)
end
