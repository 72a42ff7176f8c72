-- Reductions over whole tensors and along dimensions, over types and layouts, against plain Lua.
require 'torch'

local tester = torch.Tester()
local tests = torch.TestSuite()

local floats = {'Float', 'Double'}
local all = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double'}
local abs, sqrt, inf = math.abs, math.sqrt, math.huge

local function isFloat(ty) return ty == 'Float' or ty == 'Double' end

local function close(got, want, ty)
  if want ~= want then return got ~= got end
  if got == want then return true end
  return isFloat(ty) and abs(got - want) <= (ty == 'Float' and 1e-5 or 1e-11) * math.max(1, abs(want))
end

-- 3D tensors of the given sizes: every layout holds the same elements
local layouts = {
  {'contiguous', function(T, a, b, c) return T(a, b, c) end},
  {'outer first', function(T, a, b, c) return T(c, b, a):transpose(1, 3) end},
  {'swapped', function(T, a, b, c) return T(a, c, b):transpose(2, 3) end},
  {'rotated', function(T, a, b, c) return T(b, c, a):permute(3, 1, 2) end},
  {'narrowed', function(T, a, b, c) return T(a + 1, b + 2, c + 3):narrow(1, 2, a):narrow(2, 1, b):narrow(3, 2, c) end},
  {'every second', function(T, a, b, c) return T(a, b, c, 2):select(4, 1) end},
}
local sizes = {{2, 3, 4}, {1, 5, 1}, {3, 40, 2}, {20, 3, 11}, {2, 7, 70}}

local function fill(t, ty, small)
  local k = 0
  for a = 1, t:size(1) do
    for b = 1, t:size(2) do
      for c = 1, t:size(3) do
        k = k + 1
        local v = (k * 7919) % 23 - (ty == 'Byte' and 0 or 11)
        if small then v = isFloat(ty) and 1 + v / 64 or k % 5 == 0 and 2 or 1 end
        t[a][b][c] = isFloat(ty) and not small and v / 4 or v
      end
    end
  end
  return t
end

-- The lines of t along dimension d as a list of {line, a, b, c}, each line a list of numbers.
local function lines(t, d)
  local out, n = {}, {t:size(1), t:size(2), t:size(3)}
  local count = n[d]
  n[d] = 1
  for a = 1, n[1] do
    for b = 1, n[2] do
      for c = 1, n[3] do
        local line = {}
        for k = 1, count do
          line[k] = t[d == 1 and k or a][d == 2 and k or b][d == 3 and k or c]
        end
        out[#out + 1] = {line, a, b, c}
      end
    end
  end
  return out
end

local function sum(l) local s = 0 for _, v in ipairs(l) do s = s + v end return s end
local function prod(l) local s = 1 for _, v in ipairs(l) do s = s * v end return s end
local function mean(l) return sum(l) / #l end
local function var(l, biased)
  local m, s = mean(l), 0
  for _, v in ipairs(l) do s = s + (v - m) ^ 2 end
  return s / (biased and #l or #l - 1)
end
local function norm(l, p)
  local s = 0
  for _, v in ipairs(l) do
    if p == 0 then s = s + (v ~= 0 and 1 or 0)
    elseif p == inf then s = math.max(s, abs(v))
    else s = s + abs(v) ^ p end
  end
  return (p == 0 or p == inf) and s or s ^ (1 / p)
end
local function wrapped(v, ty) -- what an element of ty keeps of a sum
  if ty == 'Byte' then return v % 256 end
  if ty == 'Char' then return (v + 128) % 256 - 128 end
  if ty == 'Short' then return (v + 32768) % 65536 - 32768 end
  return v
end

local list = {
  {'sum', all, {}, sum}, {'prod', all, {}, prod, true}, {'mean', floats, {}, mean},
  {'var', floats, {}, var}, {'var', floats, {true}, function(l) return var(l, true) end},
  {'std', floats, {}, function(l) return sqrt(var(l)) end}, {'std', floats, {true}, function(l) return sqrt(var(l, true)) end},
}
for _, p in ipairs{0, 1, 2, 3, 1.5, inf} do
  list[#list + 1] = {'norm', floats, {p}, function(l) return norm(l, p) end}
end

-- calls f along d: the parameters of norm come before it
local function along(name, r, x, d, parameters)
  local args = r and {r, x} or {x}
  if name == 'norm' then args[#args + 1] = parameters[1] end
  args[#args + 1] = d
  if name ~= 'norm' then args[#args + 1] = parameters[1] end
  return torch[name](unpack(args))
end

for i, entry in ipairs(list) do
  local name, types, parameters, formula, small = unpack(entry)
  tests[name .. i] = function()
    for _, ty in ipairs(types) do
      local T = torch[ty .. 'Tensor']
      for _, layout in ipairs(layouts) do
        for _, s in ipairs(sizes) do
          local x = fill(layout[2](T, s[1], s[2], s[3]), ty, small)
          local what = string.format('%s %s %s %dx%dx%d', name, ty, layout[1], s[1], s[2], s[3])
          local everything = {}
          for _, line in ipairs(lines(x, 3)) do for _, v in ipairs(line[1]) do everything[#everything + 1] = v end end
          if isFloat(ty) or not small or #everything < 100 then
            local got = torch[name](x, unpack(parameters))
            tester:assert(close(got, formula(everything), ty), what .. ' all: ' .. got .. ', expected ' .. formula(everything))
          end
          for d = 1, 3 do
            for _, r in ipairs{false, T(2), T(x:size(3), x:size(2), 1):transpose(1, 3)} do
              local got = along(name, r, x, d, parameters)
              for k = 1, 3 do tester:eq(got:size(k), k == d and 1 or s[k], what) end
              local ok = true
              for _, line in ipairs(lines(x, d)) do
                ok = ok and close(got[line[2]][line[3]][line[4]], wrapped(formula(line[1]), ty), ty)
              end
              tester:assert(ok, what .. ' along ' .. d)
            end
          end
          if isFloat(ty) or name == 'sum' then
            local y = x:clone()
            along(name, y, y, 2, parameters)
            tester:eq(y, along(name, nil, x, 2, parameters), what .. ' into itself')
          end
        end
      end
    end
  end
end

for name, better in pairs{max = function(a, b) return a > b end, min = function(a, b) return a < b end} do
  tests[name] = function()
    for _, ty in ipairs(all) do
      local T = torch[ty .. 'Tensor']
      for _, layout in ipairs(layouts) do
        for _, s in ipairs(sizes) do
          local x = fill(layout[2](T, s[1], s[2], s[3]), ty)
          local what = string.format('%s %s %s %dx%dx%d', name, ty, layout[1], s[1], s[2], s[3])
          local best
          for d = 1, 3 do
            local values, indices = torch[name](x, d)
            local r, where = T(3), torch.LongTensor(1)
            torch[name](r, where, x, d)
            local ok = true
            for _, line in ipairs(lines(x, d)) do
              local at = 1
              for k, v in ipairs(line[1]) do
                if better(v, line[1][at]) then at = k end
                if best == nil or better(v, best) then best = v end
              end
              local a, b, c = line[2], line[3], line[4]
              ok = ok and values[a][b][c] == line[1][at] and indices[a][b][c] == at and r[a][b][c] == line[1][at] and where[a][b][c] == at
            end
            tester:assert(ok, what .. ' along ' .. d)
          end
          tester:eq(torch[name](x), best, what)
        end
      end
    end
  end
end

function tests.nanWins()
  local nan = 0 / 0
  for _, ty in ipairs(floats) do
    for _, n in ipairs{3, 40, 100} do
      local x = torch[ty .. 'Tensor'](n, n):fill(1)
      x[2][3], x[3][3] = nan, nan
      for _, name in ipairs{'max', 'min'} do
        local v = torch[name](x)
        tester:assert(v ~= v, name)
        for d = 1, 2 do
          local values, indices = torch[name](x, d)
          local row = d == 1 and {1, 3} or {2, 1}
          tester:assert(values[row[1]][row[2]] ~= values[row[1]][row[2]], name .. d)
          tester:eq(indices[row[1]][row[2]], d == 1 and 2 or 3, name .. d)
        end
      end
    end
  end
end

function tests.large()
  for _, ty in ipairs(floats) do
    local x = torch[ty .. 'Tensor'](700, 1000):fill(0.1)
    local one = x[1][1]
    tester:assertalmosteq(x:sum(), 700000 * one, 1e-6, ty)
    tester:assertalmosteq(x:t():mean(), one, 1e-12, ty)
    tester:assertalmosteq(x:norm(), sqrt(700000) * one, 1e-5, ty)
    tester:assertalmosteq(x:dot(x), 700000 * one * one, 1e-7, ty)
    tester:assertalmosteq(x:t():dot(x), 700000 * one * one, 1e-7, ty)
    tester:assertalmosteq(x:narrow(2, 3, 5):sum(), 3500 * one, 1e-9, ty)
    x:add(1e6)
    x[1]:add(1)
    tester:assertalmosteq(x:var(1)[1][5], 1 / 700, 1e-6, ty)
  end
end

function tests.sums()
  tester:eq(torch.ByteTensor(3000):fill(255):sum(), 765000)
  tester:eq(torch.LongTensor{2 ^ 40, 2 ^ 40}:sum(), 2 ^ 41)
  tester:eq(torch.Tensor():sum(), 0)
  tester:eq(torch.Tensor():prod(), 1)
  tester:eq(torch.Tensor{{1, 2}, {3, 4}}:trace(), 5)
  tester:eq(torch.IntTensor{1, 2, 3}:dot(torch.IntTensor{4, 5, 6}), 32)
  tester:assertalmosteq(torch.dist(torch.Tensor{1, 2}, torch.Tensor{3, 5}, 1), 5, 1e-12)
  local v = torch.var(torch.Tensor{5})
  tester:assert(v ~= v)
end

function tests.renorm()
  local x = torch.Tensor{{3, 4}, {0.3, 0.4}}
  local y = torch.renorm(x, 2, 1, 1)
  tester:assertalmosteq(y[1][1], 0.6, 1e-6)
  tester:eq(y[2][2], 0.4)
  tester:eq(x[1][1], 3)
  x:renorm(1, 2, 1)
  tester:assertalmosteq(x[1][1] + x[2][1], 1, 1e-6)
  tester:assertErrorPattern(function() torch.renorm(torch.Tensor(2), 2, 1, 1) end, 'need at least 2 dimensions, got 1 dimensions')
end

function tests.refusals()
  for name, text in pairs{sum = 'dimension 3 out of range', prod = 'dimension 3 out of range', max = 'dimension 3 out of range',
    min = 'dimension 0 out of range', mean = 'invalid dimension 3', var = 'invalid dimension 3', std = 'invalid dimension 3'} do
    local d = tonumber(text:match('%d'))
    tester:assertErrorPattern(function() torch[name](torch.Tensor(2, 2), d) end, text, name)
  end
  tester:assertErrorPattern(function() torch.norm(torch.Tensor(2, 2), 2, 3) end, 'invalid dimension 3')
  tester:assertErrorPattern(function() torch.Tensor():max() end, 'tensor must have one dimension')
  tester:assertErrorPattern(function() torch.Tensor():mean() end, 'empty Tensor')
  tester:assertErrorPattern(function() torch.dot(torch.Tensor(2), torch.Tensor(3)) end, 'inconsistent tensor size')
  tester:assertErrorPattern(function() torch.Tensor(2):bitand(1) end, 'bitand is only supported for integer type tensors')
end

tester:add(tests)
tester:run()
