-- sort, topk, kthvalue, median, mode, cumsum and cumprod against Lua's own loops.
local tester, tests = torch.Tester(), torch.TestSuite()
local types = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double'}

local seed = 7
local function random(n)
  seed = (seed * 16807) % 2147483647
  return seed % n
end
local function draw(ty, range, ...)
  local fraction = (ty == 'Float' or ty == 'Double') and 0.25 or 1
  local low = ty == 'Byte' and 0 or math.floor(range / 2)
  return torch[ty .. 'Tensor'](...):apply(function() return (random(range) - low) * fraction end)
end

-- The same shape in every layout.
local function layouts(ty, range, rows, cols)
  return {
    contiguous = draw(ty, range, rows, cols),
    transposed = draw(ty, range, cols, rows):t(),
    narrowed = draw(ty, range, rows + 2, cols + 3):narrow(1, 2, rows):narrow(2, 3, cols),
    expanded = draw(ty, range, 1, cols):expand(rows, cols),
    repeated = draw(ty, range, rows, 1):expand(rows, cols),
  }
end

-- The vectors along dimension d.
local function lanes(x, d)
  local out = {}
  for k = 1, x:size(3 - d) do out[k] = x:select(3 - d, k) end
  return out
end

-- Calls check(name, x, dimension) for all types and layouts.
local function everywhere(check, rows, cols)
  for _, ty in ipairs(types) do
    for _, range in ipairs{4, 100} do
      for layout, x in pairs(layouts(ty, range, rows or 5, cols or 17)) do
        for d = 1, 2 do check(('%s %s dim %d'):format(ty, layout, d), x, d) end
      end
    end
  end
end

local function sorted(lane, descending)
  local list = lane:totable()
  table.sort(list, descending and function(a, b) return a > b end or nil)
  return list
end

local function check_order(name, x, d, values, positions, want)
  tester:eq(positions:type(), 'torch.LongTensor', name)
  local xs, vs, is = lanes(x, d), lanes(values, d), lanes(positions, d)
  for k = 1, #xs do
    local expected = want(xs[k])
    tester:eq(vs[k]:totable(), expected, name)
    local seen = {}
    for j = 1, #expected do
      local i = is[k][j]
      tester:assert(not seen[i] and xs[k][i] == vs[k][j], name .. ': positions')
      seen[i] = true
    end
  end
end

function tests.sort()
  everywhere(function(name, x, d)
    local before = x:clone()
    for _, descending in ipairs{false, true} do
      local function want(lane) return sorted(lane, descending) end
      local v, i = torch.sort(x, d, descending)
      check_order(name, x, d, v, i, want)
      local rv, ri = x.new(), torch.LongTensor(3)
      torch.sort(rv, ri, x, d, descending)
      check_order(name .. ' given', x, d, rv, ri, want)
      rv, ri = x.new(x:size(2), x:size(1)):t(), torch.LongTensor(x:size(2), x:size(1)):t()
      rv.sort(rv, ri, x, d, descending)
      check_order(name .. ' strided results', x, d, rv, ri, want)
      local copy = x:clone()
      local _, ci = torch.sort(copy, torch.LongTensor(), copy, d, descending)
      check_order(name .. ' in place', x, d, copy, ci, want)
    end
    tester:assert(x:equal(before), name .. ': the input changed')
  end)
end

function tests.sortLongLanes() -- long enough for every algorithm inside
  for _, ty in ipairs(types) do
    for _, n in ipairs{127, 128, 129, 1000, 70000} do
      local x = draw(ty, 1000003, n)
      local v, i = x:sort()
      tester:eq(v:totable(), sorted(x), ty .. n)
      tester:assert(x:index(1, i):equal(v), ty .. n .. ': positions')
      tester:assert(i:sort():equal(torch.range(1, n):long()), ty .. n .. ': a permutation')
      for k = 2, n do
        if v[k] == v[k - 1] and i[k] < i[k - 1] then tester:assert(false, ty .. n .. ': equal elements moved') end
      end
      tester:eq(x:sort(1, true):totable(), sorted(x, true), ty .. n .. ' descending')
    end
  end
end

function tests.sortExtremes()
  local x = torch.LongTensor{5, 0, -1, 3}
  x[1] = -2 ^ 63
  tester:eq(x:sort():totable(), {-2 ^ 63, -1, 0, 3})
  tester:eq(torch.IntTensor{-2 ^ 31, 2 ^ 31 - 1, 0}:sort(1, true):totable(), {2 ^ 31 - 1, 0, -2 ^ 31})
  tester:eq(torch.CharTensor{127, -128, 0}:sort():totable(), {-128, 0, 127})
  for _, ty in ipairs{'Float', 'Double'} do
    local t = torch[ty .. 'Tensor']{1 / 0, 3, 0 / 0, -1 / 0, -0.5, -(0 / 0), 0}
    local v, i = t:sort()
    tester:eq(v:narrow(1, 1, 5):totable(), {-1 / 0, -0.5, 0, 3, 1 / 0}, ty)
    tester:assert(v[6] ~= v[6] and v[7] ~= v[7], 'NaN comes last')
    tester:eq(i:totable(), {4, 5, 7, 2, 1, 3, 6}, ty)
    v = t:sort(1, true)
    tester:assert(v[1] ~= v[1] and v[2] ~= v[2], 'NaN comes first')
    tester:eq(v:narrow(1, 3, 5):totable(), {1 / 0, 3, 0, -0.5, -1 / 0}, ty)
    local top = t:topk(3, 1, true, true)
    tester:assert(top[1] ~= top[1] and top[2] ~= top[2] and top[3] == 1 / 0, 'largest with NaN')
    tester:eq(t:topk(2, 1, false, true):totable(), {-1 / 0, -0.5})
    tester:eq(t:kthvalue(3)[1], 0)
  end
end

function tests.topk()
  everywhere(function(name, x, d)
    for _, k in ipairs{1, 2, x:size(d)} do
      for _, largest in ipairs{false, true} do
        local function want(lane)
          local list = sorted(lane, largest)
          for j = #list, k + 1, -1 do list[j] = nil end
          return list
        end
        local v, i = torch.topk(x, k, d, largest, true)
        check_order(name, x, d, v, i, want)
        local uv, ui = x:topk(k, d, largest)
        local order = torch.sort(uv, d, largest)
        check_order(name .. ' unsorted', x, d, order, ui:gather(d, (select(2, torch.sort(uv, d, largest)))), want)
      end
    end
  end)
  for _, n in ipairs{1000, 30000} do
    local x = draw('Float', 1000003, n)
    for _, k in ipairs{1, 10, 300, n - 1} do
      tester:eq(x:topk(k, 1, true, true):totable(), sorted(x, true) and torch.FloatTensor(sorted(x, true)):narrow(1, 1, k):totable())
      local v, i = x:topk(k, 1, false, true)
      tester:eq(v:totable(), torch.FloatTensor(sorted(x)):narrow(1, 1, k):totable())
      tester:assert(x:index(1, i):equal(v))
    end
    local down = torch.range(n, 1, -1):float() -- every element beats the ones before
    tester:eq(down:topk(3, 1, false, true):totable(), {1, 2, 3})
  end
end

local function check_pick(name, x, d, values, positions, want)
  tester:eq(values:size(d), 1, name)
  check_order(name, x, d, values, positions, function(lane) return {want(lane)} end)
end

function tests.ranks()
  everywhere(function(name, x, d)
    local n = x:size(d)
    for _, k in ipairs{1, 2, n} do
      local v, i = torch.kthvalue(x, k, d)
      check_pick(name .. ' kthvalue', x, d, v, i, function(lane) return sorted(lane)[k] end)
    end
    local v, i = torch.median(x, d)
    check_pick(name .. ' median', x, d, v, i, function(lane) return sorted(lane)[math.floor((n + 1) / 2)] end)
    v, i = x:mode(d)
    check_pick(name .. ' mode', x, d, v, i, function(lane)
      local list, best, most, run = sorted(lane), nil, 0, 0
      for k = 1, #list do
        run = list[k] == list[k - 1] and run + 1 or 1
        if run > most then best, most = list[k], run end
      end
      return best
    end)
  end)
  for _, n in ipairs{65, 1000, 1001} do
    for _, ty in ipairs(types) do
      local x = draw(ty, 1000003, n)
      tester:eq(x:median()[1], sorted(x)[math.floor((n + 1) / 2)], ty .. n)
      tester:eq(x:kthvalue(n)[1], sorted(x)[n], ty .. n)
    end
  end
  tester:eq(torch.Tensor{-0.0, 0, 1, 1}:mode()[1], 0)
end

function tests.scans()
  everywhere(function(name, x, d)
    for f, step in pairs{cumsum = function(a, b) return a + b end, cumprod = function(a, b) return a * b end} do
      local r = torch[f](x, d)
      tester:assert(r:isSameSizeAs(x), name)
      local xs, rs = lanes(x, d), lanes(r, d)
      for k = 1, #xs do
        local running, got = nil, rs[k]
        for j = 1, xs[k]:size(1) do
          running = running and step(running, xs[k][j]) or xs[k][j]
          if math.abs(running) >= 2 ^ 53 then break end
          local wanted = x.new{running}[1] -- as the type holds it
          tester:assert(math.abs(got[j] - wanted) <= 1e-6 * math.abs(wanted), name .. f)
        end
      end
      local copy = x:clone()
      tester:assert(torch[f](copy, copy, d):equal(r), name .. ' in place')
      local given = x.new(x:size(2), x:size(1)):t()
      given[f](given, x, d)
      tester:assert(given:equal(r), name .. ' given')
    end
  end, 5, 6)
  local shared = torch.range(1, 6) -- the result lies over its operand
  torch.cumsum(shared:narrow(1, 2, 4), shared:narrow(1, 1, 4))
  tester:eq(shared:totable(), {1, 1, 3, 6, 10, 6})
  local wide = torch.range(1, 3000):view(3, 1000)
  tester:eq(wide:cumsum(1)[3][1000], 1000 + 2000 + 3000)
  tester:eq(wide:transpose(1, 2):clone():cumsum(1)[1000][3], wide[3]:sum())
end

function tests.wrongCalls()
  local x = torch.Tensor(3, 4):fill(1)
  local function message(f, text) tester:assertErrorPattern(f, text) end
  message(function() x:sort(3) end, 'invalid dimension 3')
  message(function() x:sort(0) end, 'invalid dimension 0')
  message(function() x:sort(-2 ^ 40) end, 'invalid dimension')
  message(function() x:sort(0 / 0) end, 'invalid dimension')
  message(function() torch.Tensor():sort() end, 'invalid dimension 0')
  message(function() x:topk(5) end, 'k not in range for dimension')
  message(function() x:topk(0) end, 'k not in range for dimension')
  message(function() x:topk(0 / 0) end, 'k not in range for dimension')
  message(function() x:topk(1, 3) end, 'dim not in range')
  message(function() x:kthvalue(5) end, 'selected index out of range')
  message(function() x:kthvalue(1, 9) end, 'dimension out of range')
  message(function() x:median(3) end, 'dimension out of range')
  message(function() x:mode(3) end, 'dimension out of range')
  message(function() x:cumsum(3) end, 'dimension 3 out of range')
  message(function() torch.Tensor():cumprod() end, 'dimension 1 out of range')
end

-- Long lanes are sorted and searched by all threads.
function tests.threads()
  local before = torch.getnumthreads()
  for _, ty in ipairs{'Float', 'Double', 'Int', 'Byte', 'Long'} do
    for _, n in ipairs{65536, 131073, 300001} do
      local x = torch[ty .. 'Tensor'](n)
      if ty == 'Float' or ty == 'Double' then
        x:normal()
        x[77], x[n], x[5] = 0 / 0, 0 / 0, 1 / 0
      else
        x:random(0, ty == 'Byte' and 255 or 1000)
      end
      local strided = torch[ty .. 'Tensor'](n, 2):select(2, 2):copy(x)
      for _, descending in ipairs{false, true} do
        local function run(threads, t)
          torch.setnumthreads(threads)
          local _, order = t:sort(1, descending)
          local _, best = t:topk(50, 1, descending, true)
          local _, more = t:topk(3000, 1, descending, true)
          return order, best, more
        end
        local order, best, more = run(1, x)
        for threads = 2, 5 do
          local o, b, m = run(threads, strided)
          tester:assert(o:equal(order) and b:equal(best) and m:equal(more), ('%s %d, %d threads'):format(ty, n, threads))
        end
      end
    end
  end
  torch.setnumthreads(before)
end

tester:add(tests)
tester:run()
