-- A place in a network under construction. data: module, mapindex (the data of its inputs in order, and data ->
-- position), reverseMap (the nodes that use it), annotations; for splits nSplitOutputs or selectindex.
-- The children of a node are its inputs.
local Node, parent = torch.class('nngraph.Node', 'graph.Node')

-- Where in the user's code a node is made: the nearest frame outside of these files and of torch's classes.
local own = {}
nngraph._ownSource = function() own[debug.getinfo(2, 'S').source] = true end
nngraph._ownSource()
own[debug.getinfo(torch.class, 'S').source] = true

local function caller()
  for level = 3, 12 do
    local info = debug.getinfo(level, 'Sln')
    if not info then break end
    if info.what ~= 'C' and not own[info.source] then return info end
  end
  return { short_src = '?', currentline = 0 }
end

function Node:__init(data)
  parent.__init(self, data or {})
  data = self.data
  data.annotations = data.annotations or {}
  data.mapindex = data.mapindex or {}
  data.reverseMap = data.reverseMap or {}
  if not data.annotations._debugLabel then
    local info = caller()
    data.annotations._debugLabel = string.format('[%s]:%d_%s', info.short_src, info.currentline, info.name or '')
  end
end

-- With `ordered` the child becomes the next input.
function Node:add(child, ordered)
  parent.add(self, child)
  if ordered then
    local mapindex, data = self.data.mapindex, child.data
    assert(not mapindex[data], "Don't pass the same input twice.")
    table.insert(mapindex, data)
    mapindex[data] = #mapindex
  end
end

-- Nodes for the n entries of a table.
function Node:split(n)
  if n == 1 then return nngraph.JustElement()(self) end
  local info = caller()
  local label = string.format('%s split at [%s]:%d', self.data.annotations._debugLabel, info.short_src, info.currentline)
  local whole = nngraph.Node{ nSplitOutputs = n, annotations = { _debugLabel = label .. '-mnode' } }
  whole:add(self, true)
  self.data.reverseMap[whole] = true
  local parts = {}
  for i = 1, n do
    parts[i] = nngraph.Node{ selectindex = i, annotations = { _debugLabel = label .. '-' .. i } }
    parts[i]:add(whole, true)
  end
  return unpack(parts)
end

function Node:annotate(annotations)
  for key, value in pairs(annotations) do self.data.annotations[key] = value end
  return self
end

function Node:graphNodeName()
  local name = self.data.annotations.name
  return name and name .. ' (' .. self.id .. ')' or 'Node' .. self.id
end

function Node:graphNodeAttributes()
  local attributes = { tooltip = self.data.annotations._debugLabel }
  for key, value in pairs(self.data.annotations.graphAttributes or {}) do attributes[key] = value end
  return attributes
end

-- What is odd about the numbers of a tensor.
local function oddity(tensor)
  local type = tensor:type()
  if tensor:dim() == 0 or not (type:find('Float') or type:find('Double') or type:find('Cuda')) then return '' end
  local out = tensor:ne(tensor):max() == 1 and 'NaN' or ''
  if tensor:max() == math.huge then out = out .. 'inf' end
  if tensor:min() == -math.huge then out = out .. '-inf' end
  return out
end

local function text(value)
  if torch.isTensor(value) then
    return 'Tensor[' .. table.concat(value:size():totable(), 'x') .. ']' .. oddity(value)
  elseif torch.type(value) == 'table' then
    local items = {}
    for i, item in ipairs(value) do items[i] = text(item) end
    return '{' .. table.concat(items, ',') .. '}'
  end
  return (tostring(value):gsub('\n', '\\l'))
end

function Node:label()
  local lines = {}
  for key, value in pairs(self.data) do
    if key == 'mapindex' then
      if #value > 1 then
        local inputs = {}
        for i, data in ipairs(value) do inputs[i] = 'Node' .. (data.forwardNodeId or '') end
        table.insert(lines, 'mapindex = {' .. table.concat(inputs, ',') .. '}')
      end
    elseif key ~= 'forwardNodeId' and key ~= 'annotations' then
      table.insert(lines, key .. ' = ' .. text(value))
    end
  end
  local description = self.data.annotations.description
  return (description and 'desc = ' .. description .. '\\n' or '') .. table.concat(lines, '\\l')
end
