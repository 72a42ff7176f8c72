local ZeroGrad = torch.class('nn.ZeroGrad', 'nn.Module')

-- the gradient of nested tables too
local function zeros(grad, input)
   if torch.isTensor(input) then
      grad = torch.isTensor(grad) and grad or input.new()
      return grad:resizeAs(input):zero()
   end
   grad = type(grad) == 'table' and grad or {}
   for k, v in ipairs(input) do grad[k] = zeros(grad[k], v) end
   for k = #input + 1, #grad do grad[k] = nil end
   return grad
end

function ZeroGrad:updateOutput(input)
   self.output:set(input)
   return self.output
end

function ZeroGrad:updateGradInput(input, gradOutput)
   self.gradInput = zeros(self.gradInput, input)
   return self.gradInput
end
