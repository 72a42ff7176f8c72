local Contiguous = torch.class('nn.Contiguous', 'nn.Module')

local function contiguous(result, x)
   if x:isContiguous() then return result:set(x) end
   return result:resizeAs(x):copy(x)
end

function Contiguous:updateOutput(input)
   -- a fresh handle when the old one may be a view of somebody's data
   return contiguous(self.output:set(), input)
end

function Contiguous:updateGradInput(input, gradOutput)
   return contiguous(self.gradInput:set(), gradOutput)
end
