nngraph._ownSource()

local function nest(x)
  if torch.isTypeOf(x, 'nngraph.Node') then return x end
  if torch.type(x) ~= 'table' then error('what is this in the nest input? ' .. tostring(x), 3) end
  local nodes = {}
  for i, item in ipairs(x) do nodes[i] = nest(item) end
  if #nodes == 1 then return nngraph.JustTable()(nodes[1]) end
  return nn.Identity()(nodes)
end

-- One node that gives the table in which the nodes are nested.
function nngraph.nest(...)
  local count, x = select('#', ...), ...
  if count == 0 then error('Pass an input.', 2) end
  return nest(count == 1 and x or { ... })
end
