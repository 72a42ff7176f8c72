-- A graph: nodes and edges, lists that also map object -> position.
local Graph = torch.class('graph.Graph')

function Graph:__init()
  self.nodes = {}
  self.edges = {}
end

function Graph:_addNode(node)
  if self.nodes[node] then return end
  table.insert(self.nodes, node)
  self.nodes[node] = #self.nodes
  node.id = #self.nodes
end

function Graph:add(edge)
  if type(edge) ~= 'table' then error('graph.Edge or {graph.Edges} expected', 2) end
  if torch.typename(edge) == nil then
    for _, one in ipairs(edge) do self:add(one) end
    return
  end
  if self.edges[edge] then return end
  table.insert(self.edges, edge)
  self.edges[edge] = #self.edges
  self:_addNode(edge.from)
  self:_addNode(edge.to)
  edge.from:add(edge.to)
end

function Graph:roots()
  local entered, roots = {}, {}
  for _, edge in ipairs(self.edges) do entered[edge.to] = true end
  for _, node in ipairs(self.nodes) do
    if not entered[node] then table.insert(roots, node) end
  end
  return roots
end

function Graph:leaves()
  local leaves = {}
  for _, node in ipairs(self.nodes) do
    if #node.children == 0 then table.insert(leaves, node) end
  end
  return leaves
end

-- A graph of new nodes over the same data. -> it, and old node -> new node
local function copy(self, turned)
  local out, twin = graph.Graph(), {}
  local function of(node)
    twin[node] = twin[node] or node.new(node.data)
    return twin[node]
  end
  for _, edge in ipairs(self.edges) do
    local from, to = of(edge.from), of(edge.to)
    if turned then from, to = to, from end
    out:add(graph.Edge(from, to, edge.weight))
  end
  return out, twin
end

function Graph:reverse() return copy(self, true) end
function Graph:clone() return (copy(self, false)) end

-- Nodes, every one after those that lead to it. Further results: the reverse graph and its roots.
function Graph:topsort()
  local reversed, twin = self:reverse()
  local roots = reversed:roots()
  if #roots == 0 then error('Graph has cycles', 2) end

  local original = {}
  for old, new in pairs(twin) do original[new] = old end
  local top = roots[1]
  if #roots > 1 then
    top = graph.Node('dummy root')
    for _, root in ipairs(roots) do top:add(root) end
  end
  local sorted = {}
  top:dfs(function(node) table.insert(sorted, original[node]) end)

  if #sorted ~= #self.nodes then error('Graph has cycles', 2) end
  return sorted, reversed, roots
end

function Graph:hasCycle()
  local roots = self:roots()
  if #roots == 0 then return true end
  for _, root in ipairs(roots) do
    if root:hasCycle() then return true end
  end
  return false
end

-- Text as graphviz reads it: quoted unless it is a plain word.
function graph._dotEscape(s)
  if not s:find('[^%a]') then return s end
  return '"' .. s:gsub('\n', '\\n'):gsub('"', '\\"') .. '"'
end

local function attributesText(attributes)
  local items = {}
  for key, value in pairs(attributes) do table.insert(items, key .. '=' .. graph._dotEscape(tostring(value))) end
  table.sort(items)
  return #items > 0 and ' ' .. table.concat(items, ' ') or ''
end

function Graph:todot(title)
  local out = { 'digraph G {\n' }
  local function put(...) table.insert(out, string.format(...)) end
  if title then put('labelloc="t";\nlabel="%s";\n', title) end
  put('node [shape = oval]; ')
  for i, node in ipairs(self.nodes) do
    local name = graph._dotEscape(node:graphNodeName() .. '\n' .. node:label())
    put('\nn%d[label=%s%s];', i, name, attributesText(node:graphNodeAttributes()))
  end
  put('\n')
  for _, edge in ipairs(self.edges) do put('n%d -> n%d;\n', self.nodes[edge.from], self.nodes[edge.to]) end
  put('}')
  return table.concat(out)
end
