-- index*, gather, scatter, masked* and nonzero, against Lua's own loops.
local tester, tests = torch.Tester(), torch.TestSuite()
local L, B = torch.LongTensor, torch.ByteTensor
local here = debug.getinfo(1, 'S').source:match('^@(.*)/') or '.'
local support = dofile(here .. '/support/layouts.lua')
local random, draw, layouts, all_layouts = support.random, support.draw, support.layouts, support.all_layouts
local function positions(n, ...) return L(...):apply(function() return random(n) + 1 end) end

-- Visits all positions of a 3D tensor: f({i, j, k}).
local function each(x, f)
  for i = 1, x:size(1) do for j = 1, x:size(2) do for k = 1, x:size(3) do f{i, j, k} end end end
end
local function at(p, d, v)
  local q = {p[1], p[2], p[3]}
  q[d] = v
  return q
end

function tests.index()
  all_layouts(function(name, x)
    for d = 1, 3 do
      local idx = positions(x:size(d), 7)
      local r = x:index(d, idx)
      tester:eq(r:size(d), 7, name)
      each(r, function(p) if r[p] ~= x[at(p, d, idx[p[d]])] then tester:assert(false, name .. ' dim ' .. d) end end)
      local size = r:size():totable()
      local given = x.new(size[2], size[1], size[3]):transpose(1, 2)
      tester:assert(given:index(x, d, idx):equal(r), name .. ' given')
      tester:assert(x.new():index(x, d, L(7, 2):select(2, 1):copy(idx)):equal(r), name .. ' strided index')
    end
  end)
  local x = torch.range(1, 4)
  x:index(x, 1, L{4, 1})
  tester:eq(x:totable(), {4, 1})
  local p = L{2, 1, 3}
  p:index(p, 1, p)
  tester:eq(p:totable(), {1, 2, 3})
end

function tests.indexInto()
  all_layouts(function(name, x, _, shared)
    if shared then return end
    for d = 1, 3 do
      local idx = positions(x:size(d), 4)
      local size = x:size()
      size[d] = 4
      local source = x.new():resize(size):apply(function() return random(20) end)
      for f, step in pairs{indexCopy = function(_, b) return b end, indexAdd = function(a, b) return a + b end} do
        local want, got = x:clone(), x:clone():copy(x)
        for k = 1, 4 do
          local slice, from = want:select(d, idx[k]), source:select(d, k)
          slice:map(from, step)
        end
        tester:assert(got[f](got, d, idx, source) == got, name)
        tester:assert(got:equal(want), name .. f)
        got:copy(x)
        tester:assert(got[f](got, d, idx, source:transpose(1, 3):clone():transpose(1, 3)):equal(want), name .. f)
      end
      local want, got = x:clone(), x:clone()
      for k = 1, 4 do want:select(d, idx[k]):fill(7) end
      tester:assert(got:indexFill(d, idx, 7):equal(want), name .. ' indexFill')
    end
  end)
  local x = torch.zeros(2, 2, 3)
  x:indexCopy(2, L{2}, torch.range(1, 6):view(2, 1, 3))
  x:indexAdd(1, L{1}, torch.range(1, 6):view(1, 6)) -- slices of another shape
  tester:eq(x:view(12):totable(), {1, 2, 3, 5, 7, 9, 0, 0, 0, 4, 5, 6})
  local v = torch.range(1, 4)
  v:narrow(1, 2, 3):indexCopy(1, L{1, 2, 3}, v:narrow(1, 1, 3)) -- over itself
  tester:eq(v:totable(), {1, 1, 2, 3})
end

function tests.gatherAndScatter()
  all_layouts(function(name, x, ty, shared)
    for d = 1, 3 do
      local size = x:size()
      size[d] = 6
      for layout, idx in pairs(layouts(function(...) return positions(x:size(d), ...) end, size[1], size[2], size[3])) do
        local r = x:gather(d, idx)
        each(r, function(p) if r[p] ~= x[at(p, d, idx[p])] then tester:assert(false, name .. layout) end end)
        local given = x.new(size[3], size[2], size[1]):transpose(1, 3)
        tester:assert(given:gather(x, d, idx):equal(r), name .. ' given')
        if not shared then
          local source = draw(ty, size[1], size[2], size[3])
          local want, got, filled, number = x:clone(), x:clone(), x:clone(), x:clone()
          each(source, function(p)
            want[at(p, d, idx[p])] = source[p]
            filled[at(p, d, idx[p])] = 9
          end)
          tester:assert(got:scatter(d, idx, source):equal(want), name .. ' scatter')
          tester:assert(torch.scatter(number, d, idx, 9):equal(filled), name .. ' scatter number')
        end
      end
    end
  end)
end

function tests.masks()
  all_layouts(function(name, x, ty, shared)
    local masks = layouts(function(...) return B(...):apply(function() return random(2) end) end, 3, 4, 5)
    masks.none, masks.all = B(3, 4, 5):zero(), B(3, 4, 5):fill(1)
    for layout, m in pairs(masks) do
      local list = {}
      each(x, function(p) if m[p] == 1 then list[#list + 1] = x[p] end end)
      tester:eq(x:maskedSelect(m):totable(), list, name .. layout)
      if #list > 0 then
        local given = x.new(#list, 2):select(2, 1)
        given:maskedSelect(x, m)
        tester:eq(given:totable(), list, name .. ' given')
      end
      if not shared then
        local filled, source = x:clone(), draw(ty, 8, 8)
        local copied, next = x:clone(), 0
        each(x, function(p)
          if m[p] == 1 then
            next = next + 1
            filled[p] = 5
            copied[p] = source[math.floor((next - 1) / 8) + 1][(next - 1) % 8 + 1]
          end
        end)
        tester:assert(x.new(5, 4, 3):transpose(1, 3):copy(x):maskedFill(m, 5):equal(filled), name .. ' fill')
        tester:assert(x:clone():maskedCopy(m, source):equal(copied), name .. ' copy')
        tester:assert(x:clone():maskedCopy(m, source:t():clone():t()):equal(copied), name .. ' strided source')
      end
    end
  end)
  local b = B{1, 0, 1, 0}
  tester:eq(b:maskedFill(b, 0):totable(), {0, 0, 0, 0}) -- its own mask
  b = B{0, 1, 1}
  tester:eq(b:maskedSelect(b, b):totable(), {1, 1})
  local long = draw('Float', 5000)
  local picked, n = long:maskedSelect(long:gt(50)), 0
  for k = 1, 5000 do
    if long[k] > 50 then
      n = n + 1
      if picked[n] ~= long[k] then tester:assert(false, 'long mask') end
    end
  end
  tester:eq(picked:nElement(), n)
end

function tests.nonzero()
  all_layouts(function(name, x)
    x = x:clone()
    each(x, function(p) if random(2) == 1 then x[p] = 0 end end)
    for layout, y in pairs{same = x, transposed = x:transpose(1, 3), row = x[1], lane = x[2][3]} do
      local found, want = torch.nonzero(y), {}
      if y:dim() == 3 then
        each(y, function(p) if y[p] ~= 0 then want[#want + 1] = p end end)
      elseif y:dim() == 2 then
        for i = 1, y:size(1) do for j = 1, y:size(2) do if y[i][j] ~= 0 then want[#want + 1] = {i, j} end end end
      else
        for i = 1, y:size(1) do if y[i] ~= 0 then want[#want + 1] = {i} end end
      end
      tester:eq(found:totable(), want, name .. layout)
      if #want > 0 then
        local given = L(y:dim(), #want):t()
        tester:assert(y.nonzero(given, y):equal(found), name .. ' given')
      end
    end
  end)
  tester:eq(torch.Tensor{0, -0.0, 0 / 0, 1e-320}:nonzero():totable(), {{3}, {4}})
  tester:eq(torch.Tensor():nonzero():nElement(), 0)
  tester:eq(torch.range(0, 2000):nonzero():size(1), 2000)
end

function tests.wrongCalls()
  local x = torch.Tensor(3, 4):fill(1)
  local function message(f, text) tester:assertErrorPattern(f, text) end
  for _, i in ipairs{0, 4, -1, 2 ^ 40, -2 ^ 63} do
    local idx = L{1}
    idx[1] = i
    message(function() x:index(1, idx) end, 'index out of range')
    message(function() x:indexFill(1, idx, 1) end, 'index out of range')
    message(function() x:indexCopy(1, idx, x:narrow(1, 1, 1)) end, 'index out of range')
    message(function() x:indexAdd(1, idx, x:narrow(1, 1, 1)) end, 'index out of range')
    message(function() x:gather(1, idx:view(1, 1):expand(1, 4)) end, 'Invalid index in gather')
    message(function() x:scatter(1, idx:view(1, 1):expand(1, 4), 0) end, 'Invalid index in scatter')
    message(function() x:scatter(1, idx:view(1, 1):expand(1, 4), torch.ones(1, 4)) end, 'Invalid index in scatter')
  end
  for _, d in ipairs{0, 3, -1, 2 ^ 40, 0 / 0, 1 / 0} do
    message(function() x:index(d, L{1}) end, 'out of bounds of tensor')
    message(function() x:indexFill(d, L{1}, 1) end, 'out of bounds of tensor')
    message(function() x:indexAdd(d, L{1}, x) end, 'out of bounds of tensor')
    message(function() x:gather(d, L{{1}}) end, 'out of bounds')
    message(function() x:scatter(d, L{{1}}, 1) end, 'out of bounds')
  end
  message(function() torch.Tensor():index(1, L{1}) end, 'out of bounds of tensor')
  message(function() x:index(1, L()) end, 'Index is supposed to be a vector')
  message(function() x:index(1, L{{1}}) end, 'Index is supposed to be a vector')
  local endless = L{1}:expand(2 ^ 62)
  message(function() x:index(1, endless) end, 'cannot allocate')
  message(function() x:indexFill(1, endless, 1) end, 'cannot allocate')
  message(function() torch.multinomial(torch.ones(1):expand(2 ^ 62), 1) end, 'cannot allocate')
  for _, f in ipairs{'sort', 'median', 'mode', 'topk'} do
    message(function() torch.ones(1):expand(2 ^ 62)[f](torch.ones(1):expand(2 ^ 62)) end, 'cannot be ordered')
  end
  message(function() x:index(1, torch.IntTensor{1}) end, 'torch.LongTensor expected, got torch.IntTensor')
  message(function() x:index('a', L{1}) end, 'number expected, got string')
  message(function() x:index(1) end, 'torch.DoubleTensor, number, torch.LongTensor | torch.DoubleTensor, torch.DoubleTensor, ' ..
                                       'number, torch.LongTensor expected')
  message(function() x:indexCopy(1, L{1}) end, 'torch.DoubleTensor, number, torch.LongTensor, torch.DoubleTensor expected')
  message(function() x:indexFill(1, L{1}) end, 'torch.DoubleTensor, number, torch.LongTensor, number expected')
  message(function() x:maskedFill(B(3, 4)) end, 'torch.DoubleTensor, torch.ByteTensor, number expected')
  message(function() x:maskedCopy(B(3, 4)) end, 'torch.DoubleTensor, torch.ByteTensor, torch.DoubleTensor expected')
  message(function() x:maskedSelect() end, 'torch.DoubleTensor, torch.ByteTensor | torch.DoubleTensor, torch.DoubleTensor, ' ..
                                             'torch.ByteTensor expected')
  message(function() x:indexAdd(1, L{1, 2}, x) end, 'Number of indices should be equal to source:size%(dim%)')
  message(function() x:indexAdd(1, L{1, 2, 3}, torch.Tensor(3, 5)) end, 'slices of the same size')
  message(function() x:gather(1, L{1}) end, 'same dimensions')
  message(function() x:gather(1, L{{1}, {1}}) end, 'inconsistent tensor size')
  message(function() x:scatter(1, L(1, 4):fill(1), torch.Tensor(1, 3)) end, 'inconsistent tensor size')
  message(function() x:maskedFill(B(3, 4):fill(2), 1) end, 'Mask tensor can take 0 and 1 values only')
  message(function() x:maskedFill(B(3), 1) end, 'expected tensor %[3 x 4%] and mask %[3%]')
  message(function() x:maskedCopy(B(3, 4):fill(1), torch.Tensor(3)) end, 'Number of elements of src < number of ones in mask')
  message(function() torch.HalfTensor(2):index(1, L{1}) end, 'attempt to call method')
  message(function() torch.HalfTensor(2):apply(math.abs) end, 'attempt to call method')
end

tester:add(tests)
tester:run()
