-- Names for nodes, and pictures of graphs that fail.
local debugging = false

-- After nngraph.setDebug(true) an error inside a gModule leaves a picture of it, the failing node red.
function nngraph.setDebug(on) debugging = on end

local function draw(self, failing)
  local attributes
  if failing then
    local annotations = failing.data.annotations
    attributes = annotations.graphAttributes
    annotations.graphAttributes = { color = 'red' }
    for key, value in pairs(attributes or {}) do annotations.graphAttributes[key] = annotations.graphAttributes[key] or value end
  end
  local name = self.name or string.format('nngraph_%din_%dout', self.nInputs, #self.outnode.data.mapindex)
  graph.dot(self.fg, name, name)
  if failing then failing.data.annotations.graphAttributes = attributes end
  return name
end

-- f(self, ...), watched when debugging is on.
function nngraph._debugged(self, run, f, input)
  if not debugging then return run(self, f, input) end
  local current
  local function watched(module, x)
    current = module
    return f(module, x)
  end
  local ok, result = xpcall(function() return run(self, watched, input) end, function(e)
    return type(e) == 'string' and e .. '\n' .. debug.traceback() or e
  end)
  if ok then return result end
  local failing
  for _, node in ipairs(self.forwardnodes) do if node.data.module == current then failing = node end end
  io.stderr:write('nngraph: wrote a picture of the failing graph to ' .. draw(self, failing) .. '.svg\n')
  error(result, 0)
end

-- Names the nodes that the caller holds in local variables, alone or in lists, after these variables.
function nngraph.annotateNodes(level)
  level = level or 2
  for index = 1, math.huge do
    local name, value = debug.getlocal(level, index)
    if not name then break end
    if torch.isTypeOf(value, 'nngraph.Node') then
      if not value.data.annotations.name then value:annotate{ name = name } end
    elseif torch.type(value) == 'table' then
      for i, node in ipairs(value) do
        if torch.isTypeOf(node, 'nngraph.Node') and not node.data.annotations.name then
          node:annotate{ name = name .. '[' .. i .. ']' }
        end
      end
    end
  end
end

function nngraph.display(gmodule) return draw(gmodule) .. '.svg' end
