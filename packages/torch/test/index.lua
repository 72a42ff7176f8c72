-- index*, gather, scatter, masked*, nonzero, cat and the functions that rearrange, against Lua's own loops.
local tester, tests = torch.Tester(), torch.TestSuite()
local types = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double'}
local L, B = torch.LongTensor, torch.ByteTensor

local seed = 11
local function random(n)
  seed = (seed * 16807) % 2147483647
  return seed % n
end
local function draw(ty, ...) return torch[ty .. 'Tensor'](...):apply(function() return random(100) end) end
local function positions(n, ...) return L(...):apply(function() return random(n) + 1 end) end

local function layouts(make, a, b, c)
  return {
    contiguous = make(a, b, c),
    transposed = make(c, b, a):transpose(1, 3),
    permuted = make(b, a, c):transpose(1, 2),
    narrowed = make(a + 1, b + 2, c + 3):narrow(1, 2, a):narrow(2, 2, b):narrow(3, 3, c),
    skipping = make(a, b, 2 * c):unfold(3, 1, 2):select(4, 1),
  }
end
local function all_layouts(check, a, b, c)
  for _, ty in ipairs(types) do
    local function make(...) return draw(ty, ...) end
    for name, x in pairs(layouts(make, a or 3, b or 4, c or 5)) do check(ty .. ' ' .. name, x, ty) end
    check(ty .. ' expanded', draw(ty, 3, 1, 5):expand(3, 4, 5), ty, true)
  end
end

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

function tests.cat()
  all_layouts(function(name, x, ty)
    for d = 1, 4 do
      local other = x:size()
      if d <= 3 then other[d] = 2 end
      local y = draw(ty, other[1], other[2], other[3])
      local r = torch.cat(x, y, d)
      local n = d <= 3 and x:size(d) or 1
      local first, second = r:narrow(d, 1, n), r:narrow(d, n + 1, d <= 3 and 2 or 1)
      if d == 4 then first, second = first:select(4, 1), second:select(4, 1) end
      tester:assert(first:equal(x) and second:equal(y), name .. ' dim ' .. d)
      local given = x.new(3)
      tester:assert(torch.cat(given, {x, x.new(), y}, d) == given and given:equal(r), name .. ' list')
    end
    local self = x:clone()
    torch.cat(self, self, self, 1)
    tester:assert(self:narrow(1, 1, 3):equal(x) and self:narrow(1, 4, 3):equal(x), name .. ' onto itself')
  end)
  local both = torch.range(1, 4)
  torch.cat(both, both:narrow(1, 3, 2), both:narrow(1, 1, 2))
  tester:eq(both:totable(), {3, 4, 1, 2})
end

function tests.rearrange()
  all_layouts(function(name, x)
    local flat = x:clone():view(-1)
    tester:assert(x:reshape(5, 12):view(-1):equal(flat), name)
    tester:assert(torch.reshape(x, torch.LongStorage{60}):equal(flat), name)
    local m = x[2]
    for k = -6, 6 do
      local lower, upper = torch.tril(m, k), m:triu(k)
      for i = 1, m:size(1) do
        for j = 1, m:size(2) do
          tester:assert(lower[i][j] == (j <= i + k and m[i][j] or 0) and upper[i][j] == (j >= i + k and m[i][j] or 0), name)
        end
      end
      local copy = m:clone()
      tester:assert(torch.tril(copy, copy, k):equal(lower), name .. ' in place')
      local list = {}
      for i = 1, m:size(1) do if i + k >= 1 and i + k <= m:size(2) then list[#list + 1] = m[i][i + k] end end
      tester:eq(torch.diag(m, k):totable(), list, name)
      local square = torch.diag(m[1], k)
      tester:eq(square:size(1), m:size(2) + math.abs(k), name)
      tester:assert(square:diag(k):equal(m[1]), name)
      tester:eq(square:ne(0):double():sum(), m[1]:ne(0):double():sum(), name)
    end
  end)
  for _, k in ipairs{-2 ^ 62, 2 ^ 62, 0 / 0} do
    local m = torch.ones(2, 3)
    tester:eq(m:tril(k):sum(), k > 0 and 6 or 0)
    tester:eq(m:triu(k):sum(), k > 0 and 0 or 6)
    tester:eq(m:diag(k):nElement(), 0)
    tester:assertErrorPattern(function() m[1]:diag(k) end, 'too large')
  end
end

function tests.repeatTensor()
  all_layouts(function(name, x)
    local r = x:repeatTensor(2, 1, 3, 2)
    tester:eq(r:size():totable(), {2, 3, 12, 10}, name)
    local good = true
    for a = 1, 2 do for i = 1, 3 do for j = 1, 12 do for k = 1, 10 do
      good = good and r[a][i][j][k] == x[i][(j - 1) % 4 + 1][(k - 1) % 5 + 1]
    end end end end
    tester:assert(good, name)
    local given = x.new(10, 12, 3, 2):transpose(1, 4):transpose(2, 3)
    tester:assert(given:repeatTensor(x, 2, 1, 3, 2):equal(r), name .. ' given')
  end)
  tester:eq(torch.Tensor():repeatTensor(2, 3):nElement(), 0)
  tester:assertErrorPattern(function() torch.ones(4):repeatTensor(2 ^ 62) end, 'too many')
end

function tests.squeeze()
  local x = torch.range(1, 6):view(1, 3, 1, 2)
  tester:eq(x:squeeze():size():totable(), {3, 2})
  tester:eq(x:squeeze(3):size():totable(), {1, 3, 2})
  tester:eq(x:squeeze(2):size():totable(), {1, 3, 1, 2})
  tester:eq(torch.squeeze(torch.IntTensor(1, 1):fill(4)), 4)
  tester:eq(torch.FloatTensor(1):fill(2):squeeze(1), 2)
  tester:eq(torch.Tensor(1, 1):fill(2):squeeze(2):totable(), {2})
  tester:eq(torch.Tensor():squeeze():dim(), 0)
  local r = torch.Tensor()
  tester:assert(torch.squeeze(r, x, 1) == r and r:storage() == x:storage())
end

function tests.products()
  for _, ty in ipairs(types) do
    local a, b = torch[ty .. 'Tensor']{{1, 2, 3}, {4, 5, 6}}, torch[ty .. 'Tensor']{{2, 0, 1}, {1, 1, 2}}
    if ty ~= 'Byte' then
      tester:eq(torch.cross(a, b):totable(), {{2, 5, -4}, {4, -2, -1}}, ty)
      tester:eq(torch.cross(a:t(), b:t():clone(), 1):totable(), {{2, 4}, {5, -2}, {-4, -1}}, ty)
      local copy = a:clone()
      tester:assert(copy:cross(copy, b):equal(torch.cross(a, b)), ty)
    end
    tester:eq(torch.match(a, b):totable(), {{9, 2}, {54, 41}}, ty)
    tester:eq(a.new():match(a, b, 2):totable(), {{18, 4}, {108, 82}}, ty)
  end
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
    message(function() torch.cat(x, x, d == 3 and 65 or d) end, 'invalid dimension')
    message(function() torch.cross(x, x, d == 0 and 5 or d) end, 'out of range')
  end
  message(function() torch.Tensor():index(1, L{1}) end, 'out of bounds of tensor')
  message(function() x:index(1, L()) end, 'Index is supposed to be a vector')
  message(function() x:index(1, L{{1}}) end, 'Index is supposed to be a vector')
  local endless = L{1}:expand(2 ^ 62)
  message(function() x:index(1, endless) end, 'cannot allocate')
  message(function() x:indexFill(1, endless, 1) end, 'cannot allocate')
  message(function() torch.multinomial(torch.ones(1):expand(2 ^ 62), 1) end, 'cannot allocate')
  message(function() torch.cat(torch.ones(1):expand(2 ^ 62), torch.ones(1):expand(2 ^ 62)) end, 'too large')
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
  message(function() x:reshape(5) end, 'do not hold')
  message(function() torch.cat(x, torch.Tensor(2, 5), 1) end, 'inconsistent tensor sizes')
  message(function() torch.tril(x[1]) end, 'expected a matrix')
  message(function() torch.diag(torch.Tensor(2, 2, 2)) end, 'matrix or a vector expected')
  message(function() torch.cross(x:narrow(1, 1, 2), x:narrow(1, 1, 2)) end, 'no dimension of size 3 in a: %[2 x 4%]')
  message(function() torch.cross(x, x, 2) end, 'dimension 2 does not have size 3')
  message(function() torch.match(x, torch.Tensor(2, 5)) end, 'same inner vector dim')
  message(function() torch.match(x, torch.Tensor()) end, 'empty tensor')
  message(function() torch.HalfTensor(2):index(1, L{1}) end, 'attempt to call method')
  message(function() torch.HalfTensor(2):apply(math.abs) end, 'attempt to call method')
end

tester:add(tests)
tester:run()
