local SelectTable, parent = torch.class('nn.SelectTable', 'nn.Module')

function SelectTable:__init(index)
  parent.__init(self)
  self.index = index
  self.gradInput = {}
end

local function key(self, input)
  if type(self.index) == 'number' and self.index < 0 then return #input + self.index + 1 end
  return self.index
end

function SelectTable:updateOutput(input)
  local value = input[key(self, input)]
  assert(value, 'index does not exist in the input table')
  self.output = value
  return value
end

-- Zeros in the structure of the input, made of what is there already.
local function zeros(buffer, source)
  if torch.isTensor(source) then
    if torch.type(buffer) ~= torch.type(source) then buffer = source.new() end
    return nn.utils.resizeLike(buffer, source):zero()
  end
  if type(source) ~= 'table' then return source end
  if torch.type(buffer) ~= 'table' then buffer = {} end
  for k, x in pairs(source) do buffer[k] = zeros(buffer[k], x) end
  for k in pairs(buffer) do
    if source[k] == nil then buffer[k] = nil end
  end
  return buffer
end

function SelectTable:updateGradInput(input, gradOutput)
  local k = key(self, input)
  zeros(self.gradInput, input)
  nn.utils.recursiveCopy({ self.gradInput[k] }, { gradOutput })
  assert(self.gradInput[k] ~= nil, 'index does not exist in the input table')
  return self.gradInput
end

function SelectTable:type(type, cache)
  if type then
    self.gradInput = {}
    self.output = torch.isTensor(self.output) and self.output.new() or {}
  end
  return parent.type(self, type, cache)
end

-- The output belongs to the input.
function SelectTable:clearState()
  self.gradInput = {}
  self.output = torch.isTensor(self.output) and self.output.new() or {}
  return self
end

function SelectTable:__tostring__()
  return torch.type(self) .. '(' .. self.index .. ')'
end
