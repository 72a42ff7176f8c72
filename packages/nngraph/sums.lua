-- Sums of the gradients that reach a node from its several users; values may be tensors or nested tables of them.
local sums = {}

local function addInto(buffer, a, b)
  if torch.isTensor(a) then
    buffer = torch.isTensor(buffer) and buffer or a.new()
    return torch.add(buffer:resizeAs(a), a, b)
  end
  buffer = type(buffer) == 'table' and buffer or {}
  for key, value in pairs(a) do buffer[key] = addInto(buffer[key], value, b[key]) end
  return buffer
end

-- The gradient of the node's output; where several arrived, their sum in a buffer of the node.
function sums.total(data)
  local list = data.gradOutput
  if #list <= 1 then return list[1] end
  local buffer = addInto(data.gradOutputBuffer, list[1], list[2])
  for i = 3, #list do buffer = addInto(buffer, buffer, list[i]) end
  data.gradOutputBuffer = buffer
  return buffer
end

-- The same, without adding up again.
function sums.last(data)
  if #data.gradOutput > 1 then return data.gradOutputBuffer end
  return data.gradOutput[1]
end

return sums
