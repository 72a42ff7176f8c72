-- Random numbers against the definition of their streams, written here in Lua.
local tester, tests = torch.Tester(), torch.TestSuite()
local types = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double'}
local floats = {'Float', 'Double'}

local here = debug.getinfo(1, 'S').source:match('^@(.*)/') or '.'
local twister = dofile(here .. '/support/twister.lua')
local function unit(word) return function() return word() / 2 ^ 32 end end
local function normals(u)
  local second
  return function()
    if second then
      local v = second
      second = nil
      return v
    end
    local x, y = u(), u()
    local rho = math.sqrt(-2 * math.log(1 - y))
    second = rho * math.sin(2 * math.pi * x)
    return rho * math.cos(2 * math.pi * x)
  end
end

-- ---- tensors of all layouts take one draw an element, in row-major order ----

local function layouts(T)
  return {contiguous = T(40, 50), vector = T(3000), transposed = T(31, 29):t(), narrowed = T(30, 40):narrow(2, 5, 21),
          column = T(1300, 2):select(2, 1), one = T(1), three = T(3, 3, 3):transpose(1, 3)}
end

local function check(name, ty, draw, make, tolerance)
  local T = torch[ty .. 'Tensor']
  for layout, x in pairs(layouts(T)) do
    torch.manualSeed(99)
    local want = make(twister(99))
    tester:assert(draw(x) == x, name)
    local worst = 0
    local function compare(a, w)
      w = T{w}[1]
      worst = math.max(worst, a == w and 0 or math.abs(a - w) / math.max(math.abs(w), 1e-3))
    end
    if x:dim() == 1 then for i = 1, x:size(1) do compare(x[i], want()) end
    elseif x:dim() == 2 then for i = 1, x:size(1) do for j = 1, x:size(2) do compare(x[i][j], want()) end end
    else for i = 1, 3 do for j = 1, 3 do for k = 1, 3 do compare(x[i][j][k], want()) end end end end
    tester:assert(worst <= (tolerance or 0), ('%s %s %s: off by %g'):format(ty, name, layout, worst))
    local after = want()
    compare(draw(T(1))[1], after)
    tester:assert(worst <= (tolerance or 0), ('%s %s %s: the stream goes on'):format(ty, name, layout))
  end
end

function tests.floatingDraws()
  for _, ty in ipairs(floats) do
    local close = ty == 'Float' and 1e-6 or 1e-12
    local function rounded(v) return torch[ty .. 'Tensor']{v}[1] end
    local a, b = rounded(-0.3), rounded(1.7)
    check('uniform', ty, function(x) return x:uniform(-0.3, 1.7) end, function(word)
      local u = unit(word)
      return function() return u() * (b - a) + a end
    end)
    check('normal', ty, function(x) return x:normal(-0.3, 1.7) end, function(word)
      local n = normals(unit(word))
      return function() return n() * b + a end
    end, close)
    check('logNormal', ty, function(x) return x:logNormal(-0.3, 1.7) end, function(word)
      local n = normals(unit(word))
      return function() return math.exp(n() * b + a) end
    end, close)
    check('exponential', ty, function(x) return x:exponential(1.7) end, function(word)
      local u = unit(word)
      return function() return -1 / b * math.log(1 - u()) end
    end, close)
    check('cauchy', ty, function(x) return x:cauchy(-0.3, 1.7) end, function(word)
      local u = unit(word)
      return function() return a + b * math.tan(math.pi * (u() - 0.5)) end
    end, close)
  end
end

function tests.wholeDraws()
  for _, ty in ipairs(types) do
    check('geometric', ty, function(x) return x:geometric(0.3) end, function(word)
      local u = unit(word)
      return function() return math.floor(math.log(1 - u()) / math.log(0.3)) + 1 end
    end)
    for _, p in ipairs{0, 0.25, 0.7, 1} do
      check('bernoulli', ty, function(x) return x:bernoulli(p) end, function(word)
        local u = unit(word)
        return function() return u() <= p and 1 or 0 end
      end)
    end
    for _, r in ipairs{{3, 9}, {-5, 100}, {1, 2 ^ 31}, {1, 2 ^ 32 - 1}, {-2, 2 ^ 40}} do
      check('random', ty, function(x) return x:random(r[1], r[2]) end, function(word)
        return function() return word() % (r[2] + 1 - r[1]) + r[1] end
      end)
    end
    check('random to', ty, function(x) return x:random(77) end, function(word)
      return function() return word() % 77 + 1 end
    end)
    local range = ({Byte = 256, Char = 128, Short = 2 ^ 15, Int = 2 ^ 31, Long = 2 ^ 32, Float = 2 ^ 24 + 1, Double = 2 ^ 32})[ty]
    check('random all', ty, function(x) return x:random() end, function(word)
      return function() return word() % range end
    end)
    for _, n in ipairs{1, 2, 100} do
      local word, want = twister(5), {}
      for k = 1, n do want[k] = k end
      for k = 0, n - 2 do
        local z = word() % (n - k)
        want[k + 1], want[k + 1 + z] = want[k + 1 + z], want[k + 1]
      end
      torch.manualSeed(5)
      tester:eq(torch[ty .. 'Tensor']():randperm(n):totable(), want, ty .. ' randperm')
      torch.manualSeed(5)
      local strided = torch[ty .. 'Tensor'](n, 2):select(2, 1)
      tester:eq(torch.randperm(strided, n):totable(), want, ty .. ' randperm')
    end
  end
end

function tests.normalsInPieces() -- the second of a pair is kept between calls of all kinds
  for _, cuts in ipairs{{1, 1, 1}, {3, 4, 5}, {1, 2000, 7}, {1023, 1, 1025}, {2, 0, 4097}} do
    torch.manualSeed(17)
    local want, word = nil, twister(17)
    want = normals(unit(word))
    local close = true
    for _, n in ipairs(cuts) do
      if n == 0 then torch.Tensor():normal() end
      if n > 0 then torch.Tensor(n):normal():apply(function(v) close = close and math.abs(v - want()) < 1e-12 end) end
      close = close and math.abs(torch.normal() - want()) < 1e-12
      torch.FloatTensor(3):normal():apply(function(v) close = close and math.abs(v - want()) < 1e-5 end)
    end
    tester:assert(close, table.concat(cuts, ' '))
    tester:eq(torch.random(), word())
  end
  local function state(f)
    torch.manualSeed(3)
    f()
    return torch.getRNGState()
  end
  local one = state(function() for _ = 1, 3001 do torch.normal() end end)
  local block = state(function() torch.Tensor(3001):normal() end)
  tester:assert(one:equal(block), 'a block leaves the state that single draws leave')
end

function tests.bernoulliEach()
  for _, ty in ipairs(types) do
    for _, pty in ipairs(floats) do
      local p = torch[pty .. 'Tensor'](20, 30):uniform()
      torch.manualSeed(8)
      local u = unit(twister(8))
      local x = torch[ty .. 'Tensor'](30, 20):t()
      x:bernoulli(p)
      local good = true
      for i = 1, 20 do for j = 1, 30 do good = good and x[i][j] == (u() <= p[i][j] and 1 or 0) end end
      tester:assert(good, ty .. pty)
    end
  end
  torch.manualSeed(8)
  local p = torch.Tensor(50):fill(0.5)
  local want = torch.Tensor(50):bernoulli(0.5)
  torch.manualSeed(8)
  tester:assert(p:bernoulli(p):equal(want), 'its own probabilities')
end

function tests.seeds()
  torch.manualSeed(-1)
  tester:eq(torch.initialSeed(), -1)
  local a = torch.random()
  torch.manualSeed(2 ^ 32 - 1)
  tester:eq(torch.random(), a)
  torch.manualSeed(0 / 0)
  tester:eq(torch.initialSeed(), -2 ^ 63)
  local first, second = torch.seed(), torch.seed()
  tester:assert(first ~= second, 'two seeds differ')
  local g = torch.Generator()
  tester:assert(torch.initialSeed(g) ~= torch.initialSeed(torch.Generator()))
  torch.manualSeed(g, 6)
  local state = torch.getRNGState(g)
  local want = torch.rand(g, 700)
  local given = torch.ByteTensor(5048, 2):select(2, 1)
  torch.getRNGState(g, given)
  torch.setRNGState(g, state)
  tester:assert(torch.rand(g, 700):equal(want))
  tester:assert(torch.getRNGState(g):equal(given))
  torch.setRNGState(g, given)
  tester:assert(not torch.rand(g, 700):equal(want))
end

function tests.wrongCalls()
  local x = torch.Tensor(3)
  local function message(f, text) tester:assertErrorPattern(f, text) end
  message(function() x:normal(0, 0) end, 'standard deviation must be strictly positive')
  message(function() x:normal(0, 0 / 0) end, 'standard deviation must be strictly positive')
  message(function() torch.logNormal(0, -1) end, 'standard deviation must be strictly positive')
  message(function() x:geometric(0) end, 'must be > 0 and < 1')
  message(function() x:geometric(0 / 0) end, 'must be > 0 and < 1')
  message(function() x:bernoulli(0 / 0) end, 'must be >= 0 and <= 1')
  message(function() x:bernoulli(torch.Tensor{0, 1, 2}) end, 'must be >= 0 and <= 1')
  message(function() x:bernoulli(torch.Tensor(2):fill(1)) end, 'inconsistent tensor size')
  message(function() x:random(0) end, 'upper bound must be strictly positive')
  message(function() x:random(0 / 0) end, 'upper bound must be strictly positive')
  message(function() torch.random(2, 1) end, 'upper bound must be larger than lower bound')
  message(function() torch.randperm(-2) end, 'must be strictly positive')
  message(function() torch.randperm(1e17) end, 'cannot allocate')
  message(function() torch.rand(2 ^ 31, 2 ^ 31) end, '')
  message(function() torch.setRNGState(torch.ByteTensor(5048):zero()) end, 'Invalid RNG state')
  message(function() torch.setRNGState(torch.ByteTensor(5048):fill(255)) end, 'Invalid RNG state')
  message(function() torch.setRNGState() end, 'RNG state is wrong size')
end

-- The stream is one whatever the number of threads.
function tests.threads()
  local before = torch.getnumthreads()
  local draws = { { 'uniform', -1, 2 }, { 'normal', 1, 2 }, { 'logNormal', 0.1, 0.5 }, { 'cauchy', 1, 2 }, { 'exponential', 0.5 },
                  { 'geometric', 0.3 }, { 'bernoulli', 0.4 }, { 'random' }, { 'random', 3, 1000 } }
  for _, ty in ipairs{ 'FloatTensor', 'DoubleTensor', 'IntTensor', 'ByteTensor' } do
    for k, draw in ipairs(draws) do
      for _, n in ipairs(k > 5 and { 140001 } or ty:find('Int') and {} or ty:find('Byte') and {} or { 3, 16385, 131073, 270001 }) do
        local function run(threads)
          torch.setnumthreads(threads)
          torch.manualSeed(7)
          torch.normal() -- leaves half a pair
          local t, strided = torch[ty](n), torch[ty](n, 2):select(2, 1)
          t[draw[1]](t, unpack(draw, 2))
          strided[draw[1]](strided, unpack(draw, 2))
          return t, strided:clone(), torch.normal(), torch.random()
        end
        local a, as, an, ar = run(1)
        local b, bs, bn, br = run(2)
        tester:assert(a:equal(b) and as:equal(bs) and an == bn and ar == br, ty .. ' ' .. draw[1] .. ' ' .. n)
      end
    end
  end
  torch.setnumthreads(before)
  for _, threads in ipairs{ 1, 2 } do
    torch.setnumthreads(threads)
    torch.manualSeed(3)
    local t = torch.DoubleTensor(20001):normal(2, 3)
    torch.manualSeed(3)
    local same = true
    for k = 1, t:size(1) do same = same and t[k] == torch.normal(2, 3) end
    tester:assert(same, 'tensors draw what numbers draw')
  end
  torch.setnumthreads(before)
end

tester:add(tests)
tester:run()
