local NaN, parent = torch.class('nn.NaN', 'nn.Decorator')

local count = 0

function NaN:__init(module, id)
  parent.__init(self, module)
  if not id then
    count = count + 1
    id = count
  end
  self.id = id
end

-- True when a tensor anywhere in v holds a NaN.
function NaN:recursiveIsNaN(v)
  if torch.isTensor(v) then
    if v:nElement() == 0 then return false end
    local sum = v:sum()
    return sum ~= sum and v:ne(v):sum() > 0
  end
  for _, x in pairs(v) do
    if (torch.isTensor(x) or torch.type(x) == 'table') and self:recursiveIsNaN(x) then return true end
  end
  return false
end

local function check(self, v, where)
  if v and self:recursiveIsNaN(v) then
    error(('NaN found in %s of module :\n%s'):format(where, tostring(self)))
  end
end

function NaN:updateOutput(input)
  check(self, input, 'input')
  check(self, self:parameters(), 'parameters')
  self.output = self.modules[1]:updateOutput(input)
  check(self, self.output, 'output')
  return self.output
end

function NaN:updateGradInput(input, gradOutput)
  check(self, gradOutput, 'gradOutput')
  self.gradInput = self.modules[1]:updateGradInput(input, gradOutput)
  check(self, self.gradInput, 'gradInput')
  return self.gradInput
end

function NaN:accGradParameters(input, gradOutput, scale)
  self.modules[1]:accGradParameters(input, gradOutput, scale)
  check(self, select(2, self:parameters()), 'gradParameters')
end

function NaN:__tostring__()
  return torch.type(self) .. '(' .. self.id .. ') @ ' .. tostring(self.modules[1])
end
