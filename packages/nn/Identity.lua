local Identity = torch.class('nn.Identity', 'nn.Module')

function Identity:updateOutput(input)
   self.output = input
   return self.output
end

function Identity:updateGradInput(input, gradOutput)
   self.gradInput = gradOutput
   return self.gradInput
end

-- output and gradInput belong to others: let go of them, do not empty them
function Identity:clearState()
   local function fresh(x) return torch.isTensor(x) and x.new() or type(x) == 'table' and {} or x end
   self.output = fresh(self.output)
   self.gradInput = fresh(self.gradInput)
   return self
end
