-- Gradients of graphs against finite differences, and what the conformance cases leave out.
require 'nngraph'
local tester, tests = torch.Tester(), torch.TestSuite()

-- |analytic - estimated| gradient of sum(r .* m(input)) by one input tensor.
local function gradientError(m, inputs, k)
  local x = inputs[k]
  local input = #inputs == 1 and inputs[1] or inputs
  local weights
  local function value()
    local y = m:forward(input)
    weights = weights or torch.randn(y:size())
    return torch.dot(y, weights)
  end
  value()
  local gradInput = m:updateGradInput(input, weights)
  local analytic = (#inputs == 1 and gradInput or gradInput[k]):clone()
  local estimate, eps = analytic:clone(), 1e-5
  local flat, flatEstimate = x:view(-1), estimate:view(-1)
  for i = 1, flat:size(1) do
    local original = flat[i]
    flat[i] = original + eps
    local above = value()
    flat[i] = original - eps
    local below = value()
    flat[i] = original
    flatEstimate[i] = (above - below) / (2 * eps)
  end
  return (analytic - estimate):abs():max()
end

function tests.gradients()
  local a, b = nn.Identity()(), nn.Identity()()
  local h = nn.Tanh()(nn.Linear(3, 4)(a))
  local left, right = nn.SplitTable(2)(nn.Reshape(2, 2)(h)):split(2)
  local product = nn.CMulTable()({ left, nn.Sigmoid()(right), b })
  local m = nn.gModule({ a, b }, { nn.JoinTable(2)({ product, h, left }) })
  local inputs = { torch.randn(5, 3), torch.randn(5, 2) }
  for k = 1, 2 do tester:assertlt(gradientError(m, inputs, k), 1e-7) end
end

function tests.sameAsSequential()
  local s = nn.Sequential():add(nn.Linear(3, 4)):add(nn.Tanh()):add(nn.Linear(4, 2))
  local x = nn.Identity()()
  local y = x
  for _, module in ipairs(s.modules) do y = module(y) end
  local g = nn.gModule({ x }, { y })
  local input, gradOutput = torch.randn(6, 3), torch.randn(6, 2)
  local _, gradients = s:getParameters()
  tester:eq(g:forward(input), s:forward(input):clone(), 1e-15)
  gradients:zero()
  local bySequential = s:backward(input, gradOutput):clone()
  local first = gradients:clone()
  gradients:zero()
  tester:eq(g:backward(input, gradOutput), bySequential, 1e-15)
  tester:eq(gradients, first, 1e-15)
end

function tests.twoPassesGiveTheSame() -- buffers of the nodes are used again
  local x = nn.Identity()()
  local m = nn.gModule({ x }, { nn.CAddTable()({ nn.Tanh()(x), nn.Abs()(x), nn.Square()(x) }), nn.Sigmoid()(x) })
  local a, b, ga, gb = torch.randn(4), torch.randn(7), torch.randn(4), torch.randn(7)
  m:forward(a)
  local first = m:backward(a, { ga, ga }):clone()
  m:forward(b)
  m:backward(b, { gb, gb })
  m:forward(a)
  tester:eq(m:backward(a, { ga, ga }), first)
end

function tests.nestsAndSplitsTables()
  local x = nn.Identity()()
  local a, b = x:split(2)
  local m = nn.gModule({ x }, { nngraph.nest{ a, { b }, { a, b } } })
  local p, q = torch.randn(2), torch.randn(3)
  tester:eq(m:forward{ p, q }, { p, { q }, { p, q } })
  local g = m:backward({ p, q }, { p, { q }, { p, q } })
  tester:eq(g, { p * 2, q * 2 })
end

function tests.namesTheLineOfALooseNode()
  local x = nn.Identity()()
  local y = nn.Tanh()(x)
  local loose = nn.Abs()(y)
  local _, message = pcall(nn.gModule, { x }, { y })
  tester:assert(message:find('nngraph.lua]:' .. debug.getinfo(1, 'l').currentline - 2, 1, true) ~= nil, message)
  return loose
end

function tests.runsOtherMethods()
  local x = nn.Identity()()
  local m = nn.gModule({ x }, { nn.Tanh()(nn.Linear(2, 2)(x)) })
  local seen = {}
  m:runForwardFunction(function(module, input)
    table.insert(seen, torch.type(module))
    return module:updateOutput(input)
  end, torch.randn(2))
  tester:eq(seen, { 'nn.Identity', 'nn.Linear', 'nn.Tanh' })
end

function tests.debuggingDrawsTheFailure()
  local x = nn.Identity()()
  local m = nn.gModule({ x }, { nn.View(5)(nn.Tanh()(x)) })
  m.name = os.tmpname()
  nngraph.setDebug(true)
  local ok = pcall(m.forward, m, torch.randn(3))
  nngraph.setDebug(false)
  tester:assert(not ok)
  local file = io.open(m.name .. '.dot')
  local text = file:read('*a')
  file:close()
  for _, ending in ipairs{ '', '.dot', '.svg' } do os.remove(m.name .. ending) end
  local _, red = text:gsub('color=red', '')
  tester:eq(red, 1)
end

function tests.simplePictures()
  local x = nn.Identity()()
  local a, b = nn.SplitTable(1)(nn.Linear(2, 2)(x)):split(2)
  local m = nn.gModule({ x }, { nn.CAddTable()({ nn.Tanh()(a), b }) })
  local text = nngraph.simple_print.todot(m.fg, 'title')
  tester:assert(not text:find('Identity') and not text:find('selectindex'))
  local _, edges = text:gsub('%->', '')
  tester:eq(edges, 4 + 1) -- one arrow is in the label "nn.Linear(2 -> 2)"
end

-- An LSTM cell, its gates in the order given, its next cell used outside of it too.
local function lstm(order, swapped, selecting)
  local x, c, h = nn.Identity()(), nn.Identity()(), nn.Identity()()
  local sums = nn.CAddTable()({ nn.Linear(3, 16)(x), nn.Linear(4, 16)(h) })
  local split, parts, gates = nn.SplitTable(2)(nn.Reshape(4, 4)(sums)), {}, {}
  if selecting then for k = 1, 4 do parts[k] = nn.SelectTable(k)(split) end
  else parts = { split:split(4) } end
  for k, name in ipairs(order) do gates[name] = (name == 'g' and nn.Tanh or nn.Sigmoid)()(parts[k]) end
  local function pair(a, b) return swapped and { b, a } or { a, b } end
  local nextC = nn.CAddTable()(pair(nn.CMulTable()(pair(gates.f, c)), nn.CMulTable()(pair(gates.i, gates.g))))
  local nextH = nn.CMulTable()(pair(gates.o, nn.Tanh()(nextC)))
  return nn.gModule({ x, c, h }, { nextC, nextH, nn.Square()(nextC) })
end

local function passes(m, input, gradOutput)
  m:zeroGradParameters()
  local output, gradInput = {}, {}
  for k, t in ipairs(m:forward(input)) do output[k] = t:clone() end
  for k, t in ipairs(m:backward(input, gradOutput)) do gradInput[k] = t:clone() end
  local _, gradients = m:parameters()
  local kept = {}
  for k, t in ipairs(gradients) do kept[k] = t:clone() end
  return { output, gradInput, kept }
end

function tests.cellsInOneKernel()
  for _, order in ipairs{ { 'i', 'f', 'o', 'g' }, { 'g', 'o', 'i', 'f' } } do
    for _, swapped in ipairs{ false, true } do
      for _, batch in ipairs{ 1, 5 } do
        local m = lstm(order, swapped, batch == 5)
        local input = { torch.randn(batch, 3), torch.randn(batch, 4), torch.randn(batch, 4) }
        local gradOutput = { torch.randn(batch, 4), torch.randn(batch, 4), torch.randn(batch, 4) }
        local fused = passes(m, input, gradOutput)
        local split = m:findModules('nn.SplitTable')[1]
        tester:assert(torch.isTensor(split.output), 'the cell was not found')
        nngraph.setFusion(false)
        local plain = passes(m, input, gradOutput)
        nngraph.setFusion(true)
        tester:eq(#split.output, 4)
        tester:eq(fused, plain, 1e-12)
      end
    end
  end
end

function tests.cellsThatChangeAreRunInFull()
  local m = lstm{ 'i', 'f', 'o', 'g' }
  local input = { torch.randn(2, 3), torch.randn(2, 4), torch.randn(2, 4) }
  m:forward(input)
  for _, node in ipairs(m.forwardnodes) do
    if torch.type(node.data.module) == 'nn.Sigmoid' then node.data.module = nn.HardTanh() end
  end
  local changed = m:forward(input)[2]:clone()
  nngraph.setFusion(false)
  tester:eq(m:forward(input)[2], changed, 1e-15)
  nngraph.setFusion(true)
end

tester:add(tests):run()
