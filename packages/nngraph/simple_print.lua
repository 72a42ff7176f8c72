-- Pictures of a gModule's graph that show only what computes: no identities, splits or ends.
local simple_print = {}

local function shown(node)
  local module = node.data.module
  return module ~= nil and not torch.isTypeOf(module, 'nn.Identity')
end

-- The nodes shown that follow a node, looking through the others.
local function successors(node, found, seen)
  for _, child in ipairs(node.children) do
    if not seen[child] then
      seen[child] = true
      if shown(child) then table.insert(found, child) else successors(child, found, seen) end
    end
  end
  return found
end

local function simplified(g)
  local out, twin = graph.Graph(), {}
  local function of(node)
    if not twin[node] then
      local text = tostring(node.data.annotations.name or node.data.module):gsub('\n', '\\l')
      twin[node] = graph.Node(text)
    end
    return twin[node]
  end
  for _, node in ipairs(g.nodes) do
    if shown(node) then
      out:_addNode(of(node))
      for _, to in ipairs(successors(node, {}, {})) do out:add(graph.Edge(of(node), of(to))) end
    end
  end
  return out
end

function simple_print.todot(g, title) return simplified(g):todot(title) end
function simple_print.dot(g, title, fname) return graph.dot(simplified(g), title, fname) end

return simple_print
