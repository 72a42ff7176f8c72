local FlattenTable, parent = torch.class('nn.FlattenTable', 'nn.Module')

function FlattenTable:__init()
  parent.__init(self)
  self.output = {}
  self.input_map = {}
  self.gradInput = {}
end

-- The leaves of `input`, in order, into `output`; returns the same structure with their positions.
local function flatten(output, input)
  if type(input) ~= 'table' then
    output[#output + 1] = input
    return #output
  end
  local map = {}
  for i = 1, #input do map[i] = flatten(output, input[i]) end
  return map
end

local function restore(list, map)
  if type(map) ~= 'table' then return list[map] end
  local out = {}
  for i = 1, #map do out[i] = restore(list, map[i]) end
  return out
end

function FlattenTable:updateOutput(input)
  assert(type(input) == 'table', 'input must be a table')
  self.output = {}
  self.input_map = flatten(self.output, input)
  return self.output
end

function FlattenTable:updateGradInput(_, gradOutput)
  self.gradInput = restore(gradOutput, self.input_map)
  return self.gradInput
end

-- Nothing of its own has a type. As in Torch7 there is no result.
function FlattenTable:type()
  self:clearState()
end

function FlattenTable:clearState()
  self.output, self.gradInput, self.input_map = {}, {}, {}
  return self
end
