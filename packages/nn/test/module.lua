-- What the conformance cases do not record: loading, flattening, error trails, updates, initial weights.
require 'nn'
local tester, tests = torch.Tester(), torch.TestSuite()

function tests.classesAreLoadedAtFirstUse()
  tester:assert(torch.factory('nn.WeightedEuclidean') ~= nil)
  torch.class('TestLazyParent', 'nn.ZipTable')
  tester:assert(torch.isTypeOf(TestLazyParent(), 'nn.ZipTable'))
  tester:eq(nn.NoSuchClass, nil)
  local n = 0
  for name in pairs(nn) do n = n + 1 end
  tester:assertge(n, #(nn.classes()))
end

function tests.flattenLeavesHolesOut()
  local base = torch.range(1, 12)
  local a, b = base:narrow(1, 2, 3), base:narrow(1, 9, 2)
  local c = base:narrow(1, 3, 4) -- overlaps a
  local flat = nn.Module.flatten{ a, b, c }
  tester:eq(flat:totable(), { 2, 3, 4, 5, 6, 9, 10 })
  a:fill(0)
  tester:eq(c:totable(), { 0, 0, 5, 6 })
  local column = torch.rand(3, 2):select(2, 1)
  tester:assertErrorPattern(function() nn.Module.flatten{ column } end, 'Cannot gather tensors that are not compact')
  local matrix = torch.rand(3, 2)
  tester:eq(nn.Module.flatten{ matrix:select(2, 1), matrix:select(2, 2) }:nElement(), 6)
  tester:eq(nn.Module.flatten{ torch.Tensor(), torch.ones(2) }:nElement(), 2)
end

function tests.errorsNameTheirPlaceOnce()
  local bad = nn.Identity()
  function bad:updateOutput() error('broken') end
  local net = nn.Sequential():add(nn.Sequential():add(nn.Identity()):add(bad))
  local ok, message = pcall(net.forward, net, torch.rand(2))
  local trail = '^\nIn 1 module of nn.Sequential:\nIn 2 module of nn.Sequential:\n[^\n]*broken\nstack traceback:'
  tester:assert(not ok and message:find(trail) ~= nil, message)
  tester:eq(select(2, message:gsub('stack traceback', '')), 1)
  tester:eq(select(2, message:gsub('WARNING', '')), 1)
  tester:assert(message:find('module.lua', 1, true) ~= nil, 'the traceback shows where')
  local object = { code = 7 }
  function bad:updateOutput() error(object) end
  local _, raised = pcall(net.forward, net, torch.rand(2))
  tester:assert(raised == object, 'error objects pass through')
end

function tests.updatesAgree()
  for _, make in ipairs{ function() return nn.Linear(3, 2) end, function() return nn.WeightNorm(nn.Linear(3, 2)) end,
    function() return nn.LinearWeightNorm(3, 2) end, function() return nn.WeightedEuclidean(3, 2) end,
    function() return nn.PartialLinear(3, 2) end, function() return nn.CMul(3) end, function() return nn.Add(3) end } do
    local a = make()
    local b = a:clone()
    local x = torch.rand(4, 3)
    local go = torch.rand(a:forward(x):size())
    b:forward(x)
    a:zeroGradParameters()
    a:backward(x, go)
    a:updateParameters(0.1)
    b:zeroGradParameters()
    b:backwardUpdate(x, go, 0.1)
    local pa, pb = a:parameters(), b:parameters()
    for i = 1, #pa do tester:assertlt((pa[i] - pb[i]):abs():max(), 1e-12, tostring(a) .. ' parameter ' .. i) end
  end
end

function tests.sparseLinearIsLinear()
  local sparse, dense = nn.SparseLinear(6, 3), nn.Linear(6, 3)
  dense.weight:copy(sparse.weight)
  dense.bias:copy(sparse.bias)
  local samples, x = { torch.Tensor{ { 1, 0.5 }, { 4, -1 } }, torch.Tensor{ { 6, 2 } } }, torch.zeros(2, 6)
  x[1][1], x[1][4], x[2][6] = 0.5, -1, 2
  local go = torch.rand(2, 3)
  for step = 1, 3 do
    tester:assertTensorEq(sparse:forward(samples), dense:forward(x), 1e-12)
    for _, m in ipairs{ sparse, dense } do
      m:zeroGradParameters()
      m:backward(m == sparse and samples or x, go)
      if step == 2 then m:backward(m == sparse and samples or x, go, 0.5) end
      m:updateParameters(0.1)
    end
    tester:assertTensorEq(sparse.weight, dense.weight, 1e-12)
    tester:assertTensorEq(sparse.bias, dense.bias, 1e-12)
  end
  sparse.doGradInput = true
  local lists = sparse:updateGradInput(samples, go)
  tester:assertTensorEq(lists[2]:select(2, 2), dense:updateGradInput(x, go)[2], 1e-12)
end

function tests.indexLinearIsLinear()
  local index, dense = nn.IndexLinear(6, 3, true), nn.Linear(6, 3)
  index:reset()
  dense.weight:copy(index.weight:t())
  dense.bias:copy(index.bias)
  local input = { torch.LongTensor{ 1, 4, 6, 6 }, torch.Tensor{ 0.5, -1, 2, 1 }, torch.LongTensor{ 2, 2 } }
  local x = torch.zeros(2, 6)
  x[1][1], x[1][4], x[2][6] = 0.5, -1, 3
  local go = torch.rand(2, 3)
  for step = 1, 2 do
    tester:assertTensorEq(index:forward(input), dense:forward(x), 1e-12)
    index:zeroGradParameters()
    dense:zeroGradParameters()
    local gi = index:backward(input, go)
    tester:assertTensorEq(gi[2], dense:backward(x, go), 1e-12)
    index:updateParameters(0.1)
    dense:updateParameters(0.1)
    tester:assertTensorEq(index.weight:t():clone(), dense.weight, 1e-12)
    tester:assertTensorEq(index.bias, dense.bias, 1e-12)
  end
end

function tests.indexLinearNormalizes()
  local m = nn.IndexLinear(3, 2, false, 0, nil, nil, true)
  m:reset()
  m:training()
  local input = { torch.LongTensor{ 1, 2 }, torch.Tensor{ 4, -2 } }
  m:forward(input)
  tester:eq(m.weight:narrow(2, 1, 3):narrow(1, 1, 2):totable(), { { 4, 0.25, 1 }, { 2, 0.5, 1 } })
  m:evaluate()
  local y = m:forward{ torch.LongTensor{ 1, 2 }, torch.Tensor{ 2, -8 } }
  local w = m.weight:narrow(2, 5, 2)
  tester:assertTensorEq(y, w[1] * 0.5 - w[2] + m.bias, 1e-12)
end

function tests.lookupTableRefusesBadIndices()
  local m = nn.LookupTable(3, 2)
  m:forward(torch.LongTensor{ 1 })
  for _, bad in ipairs{ 0, 4, -1 } do
    tester:assert(not pcall(m.accGradParameters, m, torch.LongTensor{ bad }, torch.zeros(1, 2)))
    tester:assert(not pcall(m.forward, m, torch.LongTensor{ bad }))
  end
end

function tests.cloneSharesWhatIsNamed()
  local net = nn.Sequential():add(nn.Linear(2, 2)):add(nn.Tanh())
  local copy = net:clone('weight')
  net:get(1).weight:fill(3)
  tester:eq(copy:get(1).weight:sum(), 12)
  tester:assertne(copy:get(1).bias:sum(), nil)
  net:get(1).bias:fill(9)
  tester:assertne(copy:get(1).bias:sum(), 18)
end

function tests.initialisers()
  torch.manualSeed(3)
  local q = nn.init.orthogonal(torch.Tensor(4, 7))
  tester:assertTensorEq(torch.mm(q, q:t()), torch.eye(4), 1e-12)
  q = nn.init.orthogonal(torch.Tensor(7, 2, 2), 2)
  tester:assertTensorEq(torch.mm(q:view(7, 4):t(), q:view(7, 4)), torch.eye(4) * 4, 1e-12)
  local function deviation(method, ...) return nn.init[method](torch.Tensor(300, 200), ...):std() end
  tester:assertalmosteq(deviation('kaiming'), math.sqrt(2 / 200), 1e-3)
  tester:assertalmosteq(deviation('kaimingNormal', nil, 'fanOut'), math.sqrt(2 / 300), 1e-3)
  tester:assertalmosteq(deviation('xavier'), math.sqrt(2 / 500), 1e-3)
  tester:assertalmosteq(deviation('xavierNormal', 2), 2 * math.sqrt(2 / 500), 1e-3)
  tester:assertalmosteq(deviation('lecun'), math.sqrt(1 / 200), 1e-3)
  tester:assertle(nn.init.truncatedNormal(torch.Tensor(100, 100)):abs():max(), 2)
  tester:assertalmosteq(nn.init.sparse(torch.Tensor(100, 100), 0.2):ne(0):sum() / 1e4, 0.2, 0.02)
  local delta = nn.init.identity(torch.Tensor(2, 2, 3, 3))
  tester:eq({ delta:sum(), delta[1][1][2][2], delta[2][2][2][2] }, { 2, 1, 1 })
  local net = nn.init.apply(nn.Sequential():add(nn.Linear(4, 3)):add(nn.PReLU(3)), 'constant', 5)
  tester:eq({ net:get(1).weight:sum(), net:get(1).bias:sum(), net:get(2).weight:sum() }, { 60, 0, 0.75 })
  tester:assertErrorPattern(function() nn.init.apply(net, 'nothing') end, 'no initialiser is called nothing')
end

function tests.recurrentStatesCarryOn()
  for _, make in ipairs{ nn.FusedLSTM, nn.FusedGRU } do
    local m = make(3, 4)
    local x = torch.rand(6, 2, 3)
    local whole = m:forward(x):clone()
    m:forward(x:narrow(1, 1, 2))
    local h, c = m:state()
    local rest = m:forward{ x:narrow(1, 3, 4), h, c }
    tester:assertTensorEq(rest, whole:narrow(1, 3, 4):clone(), 1e-12)
    local f = make(3, 4):float()
    tester:eq(torch.type(f:forward(x:float())), 'torch.FloatTensor')
  end
end

function tests.attentionKeepsToItsMask()
  local m = nn.MultiHeadAttention(6, 2, true)
  local x = torch.rand(1, 4, 6)
  local y = m:forward(x):clone()
  x[1][4]:fill(0)
  tester:assertTensorEq(m:forward(x):narrow(2, 1, 3):clone(), y:narrow(2, 1, 3):clone(), 1e-12)
  m = nn.MultiHeadAttention(6, 2):setMask(torch.ByteTensor{ { 1, 1, 0, 1 } })
  y = m:forward(x):clone()
  local changed = x:clone()
  changed[1][3]:fill(5)
  local again = m:forward(changed)
  tester:assertTensorEq(again[1][1], y[1][1], 1e-12)
end

function tests.sparseJacobian()
  local m = nn.SparseLinear(5, 2, true)
  local function x() return torch.Tensor{ { 1, 0.5 }, { 3, -1 }, { 5, 2 } } end
  local J = nn.SparseJacobian
  tester:assertlt(J.testJacobian(m, x()), 1e-5)
  tester:assertlt(J.testJacobianParameters(m, x(), m.weight, m.gradWeight), 1e-5)
  tester:assertlt(J.testJacobianParameters(m, x(), m.bias, m.gradBias), 1e-5)
  tester:assertlt(J.testJacobianUpdateParameters(m, x(), m.weight), 1e-5)
  local output, gradient = J.testIO(m, x())
  tester:eq({ output, gradient }, { 0, 0 })
  for name, err in pairs(J.testAllUpdate(m, x(), 'weight', 'gradWeight')) do tester:assertlt(err, 1e-10, name) end
end

function tests.randomConnections()
  local t = nn.tables.random(5, 7, 3)
  tester:eq(t:size():totable(), { 21, 2 })
  local used = {}
  for row = 1, 21 do
    local from, to = t[row][1], t[row][2]
    tester:assert(from >= 1 and from <= 5 and to == math.ceil(row / 3))
    local key = from .. '-' .. to
    tester:assert(not used[key], 'a connection appears twice')
    used[key] = true
  end
end

function tests.convertShapes()
  local x = torch.rand(3, 4)
  tester:assertTensorEq(nn.Convert('bt', 'b'):forward(x), x:select(2, 1):clone(), 0)
  tester:eq(nn.Convert('b', 'bt'):forward(torch.rand(3)):size():totable(), { 3, 1 })
  tester:eq(nn.Convert('b', 'bf'):forward(torch.rand(3)):size():totable(), { 3, 1 })
  tester:eq(nn.Convert('tb', 'b'):forward(x):size():totable(), { 4 })
  tester:eq(nn.Convert('bf', 'b'):forward(torch.rand(3, 1)):size():totable(), { 3 })
  tester:assertErrorPattern(function() nn.Convert('bt', 'bchw'):forward(x) end, 'Unrecognized conversion of shape bt to bchw')
  local m = nn.Convert('bf', 'bf'):float()
  tester:eq(m:forward(x):type(), 'torch.FloatTensor')
  tester:eq(m:backward(x, torch.rand(3, 4):float()):type(), 'torch.DoubleTensor')
end

function tests.trainingReachesXor()
  torch.manualSeed(2)
  local net = nn.Sequential():add(nn.Linear(2, 8)):add(nn.Tanh()):add(nn.Linear(8, 1))
  nn.init.apply(net, 'xavier', nn.init.gain('tanh'))
  local c = nn.MSECriterion()
  local x = torch.Tensor{ { -1, -1 }, { -1, 1 }, { 1, -1 }, { 1, 1 } }
  local y = torch.Tensor{ { -1 }, { 1 }, { 1 }, { -1 } }
  for _ = 1, 500 do
    net:zeroGradParameters()
    c:forward(net:forward(x), y)
    net:backward(x, c:backward(net.output, y))
    net:updateParameters(0.1)
  end
  tester:assertlt(c:forward(net:forward(x), y), 1e-3)
end

tester:add(tests)
tester:run(arg and #arg > 0 and arg or nil)
