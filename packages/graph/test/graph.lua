-- Deep graphs, pictures, and what the conformance cases leave out.
require 'graph'
local tester, tests = torch.Tester(), torch.TestSuite()

local function chain(n)
  local g, nodes = graph.Graph(), { graph.Node(1) }
  for i = 2, n do
    nodes[i] = graph.Node(i)
    g:add(graph.Edge(nodes[i - 1], nodes[i]))
  end
  return g, nodes
end

function tests.deepGraphs() -- deeper than Lua can recurse
  local n = 100000
  local g, nodes = chain(n)
  local sorted = g:topsort()
  tester:eq(#sorted, n)
  tester:eq(sorted[n].data, n)
  tester:assert(not g:hasCycle())
  nodes[n]:add(nodes[n / 2])
  tester:assert(nodes[1]:hasCycle())
end

function tests.topsortPutsCausesFirst()
  torch.manualSeed(3)
  local g, nodes = graph.Graph(), {}
  for i = 1, 40 do nodes[i] = graph.Node(i) end
  local order = torch.randperm(40)
  for _ = 1, 150 do
    local i, j = torch.random(40), torch.random(40)
    if order[i] < order[j] then g:add(graph.Edge(nodes[i], nodes[j])) end
  end
  local place = {}
  for k, node in ipairs(g:topsort()) do place[node] = k end
  for _, edge in ipairs(g.edges) do tester:assertlt(place[edge.from], place[edge.to]) end
end

function tests.emptyGraphsHaveNoOrder()
  tester:assertErrorPattern(function() graph.Graph():topsort() end, 'Graph has cycles')
end

function tests.dotWritesAFile()
  local name = os.tmpname()
  graph.dot(chain(3), 'three', name)
  local file = io.open(name .. '.dot')
  tester:assert(file:read('*a'):find('label="three"', 1, true) ~= nil)
  file:close()
  for _, ending in ipairs{ '', '.dot', '.svg' } do os.remove(name .. ending) end
end

function tests.refusesOtherPrograms()
  tester:assertError(function() graph.graphvizFile(chain(2), 'rm x;', 'out.svg') end)
  tester:assertError(function() graph.graphvizFile(chain(2), 'dot', 'out') end)
end

tester:add(tests):run()
