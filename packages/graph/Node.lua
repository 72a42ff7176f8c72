-- A node: its data and its children, a list that also maps child -> position.
-- Walks keep their own stack: graphs may be deeper than Lua's.
local Node = torch.class('graph.Node')

function Node:__init(data)
  self.data = data
  self.id = 0
  self.children = {}
  self.visited = false
  self.marked = false
end

function Node:add(child)
  if torch.typename(child) == nil then
    for _, one in ipairs(child) do self:add(one) end
  elseif not self.children[child] then
    table.insert(self.children, child)
    self.children[child] = #self.children
  end
end

-- Depth first: pre before and post after the children of a node. Marking nodes as visited is up to the callbacks.
function Node:visit(pre, post)
  if self.visited then return end
  local path, position = { self }, { 0 }
  if pre then pre(self) end
  while #path > 0 do
    local node = path[#path]
    local i = position[#path] + 1
    position[#path] = i
    local child = node.children[i]
    if not child then
      if post then post(node) end
      path[#path] = nil
    elseif not child.visited then
      if pre then pre(child) end
      table.insert(path, child)
      position[#path] = 0
    end
  end
end

-- Post-order, each node once; leaves `visited` set and returns the nodes.
function Node:dfs_dirty(f)
  local nodes = {}
  self:visit(function(node) node.visited = true end, function(node)
    table.insert(nodes, node)
    if f then f(node) end
  end)
  return nodes
end

function Node:dfs(f)
  for _, node in ipairs(self:dfs_dirty(f)) do node.visited = false end
end

-- Breadth first; leaves `marked` set and returns the nodes.
function Node:bfs_dirty(f)
  local nodes = { self }
  self.marked = true
  local i = 1
  while nodes[i] do
    local node = nodes[i]
    if f then f(node) end
    for _, child in ipairs(node.children) do
      if not child.marked then
        child.marked = true
        table.insert(nodes, child)
      end
    end
    i = i + 1
  end
  return nodes
end

function Node:bfs(f)
  for _, node in ipairs(self:bfs_dirty(f)) do node.marked = false end
end

-- The graph of everything reachable from here.
function Node:graph()
  local g = graph.Graph()
  self:bfs(function(node)
    for _, child in ipairs(node.children) do g:add(graph.Edge(node, child)) end
  end)
  return g
end

-- Whether a path from here returns to a node of its own.
function Node:hasCycle()
  local state = { [self] = 'open' } -- open: on the path; done: leads nowhere back
  local path, position = { self }, { 0 }
  while #path > 0 do
    local node = path[#path]
    local i = position[#path] + 1
    position[#path] = i
    local child = node.children[i]
    if not child then
      state[node] = 'done'
      path[#path] = nil
    elseif state[child] == 'open' then
      return true
    elseif not state[child] then
      state[child] = 'open'
      table.insert(path, child)
      position[#path] = 0
    end
  end
  return false
end

function Node:label() return tostring(self.data) end
function Node:graphNodeName() return 'Node' .. self.id end
function Node:graphNodeAttributes() return {} end
