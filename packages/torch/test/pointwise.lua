-- Every element-wise function and reduction, over types x layouts x forms of the result, against plain Lua.
require 'torch'

local tester = torch.Tester()
local tests = torch.TestSuite()

local floats, integers = {'Float', 'Double'}, {'Byte', 'Char', 'Short', 'Int', 'Long'}
local all = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Float', 'Double'}
local bits = {Byte = 8, Char = 8, Short = 16, Int = 32, Long = 64}
local nan = 0 / 0
local floor, abs = math.floor, math.abs

local function truncated(v) return v < 0 and math.ceil(v) or floor(v) end
local function toElement(v, ty) -- what storing v leaves
  if not bits[ty] or bits[ty] == 64 then return bits[ty] and truncated(v) or v end
  local n = 2 ^ bits[ty]
  v = truncated(v) % n
  return ty ~= 'Byte' and v >= n / 2 and v - n or v
end

-- Elements in row-major order, read one by one.
local function flat(t, out)
  out = out or {}
  if t:dim() == 0 then return out end
  for i = 1, t:size(1) do
    if t:dim() == 1 then out[#out + 1] = t[i] else flat(t[i], out) end
  end
  return out
end

-- Tensors of rows x columns in several layouts, filled by value(k).
local layouts = {
  {'contiguous', function(T, r, c) return T(r, c) end},
  {'transposed', function(T, r, c) return T(c, r):t() end},
  {'narrowed', function(T, r, c) return T(r + 3, c + 2):fill(1):narrow(1, 2, r):narrow(2, 2, c) end},
  {'every second', function(T, r, c) return T(r, c, 2):fill(1):select(3, 2) end},
  {'expanded', function(T, r, c) return T(r, 1):expand(r, c) end, true},
  {'expanded rows', function(T, r, c) return T(1, c):expand(r, c) end, true},
}
local function fill(t, value)
  local k = 0
  for i = 1, t:size(1) do
    for j = 1, t:size(2) do
      k = k + 1
      t[i][j] = value(k)
    end
  end
  return t
end

local function close(got, want, ty)
  if want ~= want then return got ~= got end
  if got == want then return true end
  if bits[ty] then return false end
  local tolerance = ty == 'Float' and 4e-6 or 1e-13
  return abs(got - want) <= tolerance * math.max(1, abs(want))
end
local function compare(got, want, ty, what)
  local ok = #got == #want
  local at = 0
  for k = 1, #want do
    if not ok then break end
    if not close(got[k], want[k], ty) then ok, at = false, k end
  end
  tester:assert(ok, string.format('%s: element %d is %s, expected %s', what, at, tostring(got[at]), tostring(want[at])))
end

-- values: small whole numbers, with fractions for floats; `low` and `high` bound them
local function values(ty, low, high, seed)
  if ty == 'Byte' then low = math.max(low, 0) end
  return function(k)
    local u = (k * 7919 + seed * 104729) % 1009 / 1009
    local v = low + u * (high - low)
    return bits[ty] and floor(v + 0.5) or floor(v * 1024) / 1024
  end
end

local function sign(v) return v > 0 and 1 or v < 0 and -1 or 0 end
local function div(x, y, ty)
  if bits[ty] then return y == 0 and 0 or truncated(x / y) end
  return x / y
end
local function fmod(x, y, ty)
  if y == 0 then return bits[ty] and 0 or nan end
  return math.fmod(x, y)
end
local function remainder(x, y, ty)
  if y == 0 then return bits[ty] and 0 or nan end
  return x - y * floor(x / y)
end
local function power(x, y, ty)
  if bits[ty] and y < 0 then return x == 1 and 1 or x == -1 and (y % 2 == 0 and 1 or -1) or 0 end
  return x ^ y
end
local bit = require 'bit'

-- name, types, operands (t: tensor, n: number), formula(x, ..., type), bounds of values
local list = {
  {'neg', floats, 't', function(x) return -x end},
  {'cinv', floats, 't', function(x) return 1 / x end},
  {'sign', all, 't', sign},
  {'abs', {'Int', 'Long', 'Float', 'Double'}, 't', abs},
  {'exp', floats, 't', math.exp}, {'log', floats, 't', function(x) return math.log(x) end, 0, 20},
  {'log1p', floats, 't', function(x) return math.log(1 + x) end, 0.5, 20},
  {'sin', floats, 't', math.sin}, {'cos', floats, 't', math.cos}, {'tan', floats, 't', math.tan, -1.5, 1.5},
  {'asin', floats, 't', math.asin, -1, 1}, {'acos', floats, 't', math.acos, -1, 1}, {'atan', floats, 't', math.atan},
  {'sinh', floats, 't', math.sinh}, {'cosh', floats, 't', math.cosh}, {'tanh', floats, 't', math.tanh},
  {'sigmoid', floats, 't', function(x) return 1 / (1 + math.exp(-x)) end},
  {'sqrt', floats, 't', math.sqrt, -1, 20}, {'rsqrt', floats, 't', function(x) return 1 / math.sqrt(x) end, 0.1, 20},
  {'round', floats, 't', function(x) return sign(x) * floor(abs(x) + 0.5) end},
  {'ceil', floats, 't', math.ceil}, {'floor', floats, 't', floor}, {'trunc', floats, 't', truncated},
  {'frac', floats, 't', function(x) return x - truncated(x) end},
  {'clamp', all, 'tnn', function(x, lo, hi) return x < lo and lo or x > hi and hi or x end},
  {'add', all, 'tn', function(x, v) return x + v end}, {'csub', all, 'tn', function(x, v) return x - v end},
  {'mul', all, 'tn', function(x, v) return x * v end}, {'div', all, 'tn', div},
  {'fmod', all, 'tn', fmod}, {'mod', all, 'tn', fmod}, {'remainder', all, 'tn', remainder},
  {'lshift', all, 'tn', function(x, v) return x * 2 ^ v end},
  {'rshift', all, 'tn', function(x, v, ty) x = x / 2 ^ v return bits[ty] and floor(x) or x end, 0, 9},
  {'bitand', integers, 'tn', function(x, v) return bit.band(x, v) end},
  {'bitor', integers, 'tn', function(x, v) return bit.bor(x, v) end},
  {'bitxor', integers, 'tn', function(x, v) return bit.bxor(x, v) end},
  {'pow', floats, 'tn', function(x, v) return x ^ v end},
  {'add', all, 'tt', function(x, y) return x + y end}, {'csub', all, 'tt', function(x, y) return x - y end},
  {'add', all, 'tnt', function(x, v, y) return x + v * y end}, {'csub', all, 'tnt', function(x, v, y) return x - v * y end},
  {'cmul', all, 'tt', function(x, y) return x * y end}, {'cdiv', all, 'tt', div}, {'cpow', all, 'tt', power, -3, 4},
  {'cfmod', all, 'tt', fmod}, {'cmod', all, 'tt', fmod}, {'cremainder', all, 'tt', remainder},
  {'clshift', all, 'tt', function(x, y) return x * 2 ^ y end, 0, 6},
  {'crshift', all, 'tt', function(x, y, ty) x = x / 2 ^ y return bits[ty] and floor(x) or x end, 0, 6},
  {'cbitand', integers, 'tt', function(x, y) return bit.band(x, y) end},
  {'cbitor', integers, 'tt', function(x, y) return bit.bor(x, y) end},
  {'cbitxor', integers, 'tt', function(x, y) return bit.bxor(x, y) end},
  {'atan2', floats, 'tt', math.atan2}, {'lerp', floats, 'ttn', function(x, y, w) return x + w * (y - x) end},
  {'cmax', all, 'tt', function(x, y) return math.max(x, y) end}, {'cmin', all, 'tt', function(x, y) return math.min(x, y) end},
  {'cmax', all, 'tn', function(x, y) return math.max(x, y) end}, {'cmin', all, 'tn', function(x, y) return math.min(x, y) end},
  {'addcmul', all, 'tntt', function(x, v, y, z) return x + v * y * z end},
  {'addcdiv', all, 'tntt', function(x, v, y, z, ty) return x + div(v * y, z, ty) end},
}

-- Calls f in one form; returns the result's elements.
local forms = {
  {'fresh', function(f, x, args) return torch[f](x, unpack(args)) end},
  {'given', function(f, x, args, T) return torch[f](T(5), x, unpack(args)) end},
  {'given transposed', function(f, x, args, T) return torch[f](T(x:size(2), x:size(1)):t(), x, unpack(args)) end},
  {'in place', function(f, x, args) return x[f](x, unpack(args)) end, true},
  {'method', function(f, x, args, T) local r = T() return r[f](r, x, unpack(args)) end},
}

local function operand(T, ty, n, rows, columns, low, high, seed)
  local layout = layouts[n % #layouts + 1]
  return fill(layout[2](T, rows, columns), values(ty, low, high, seed))
end

local function check(entry, ty, rows, columns, layout, form)
  local name, operands, formula, low, high = entry[1], entry[3], entry[4], entry[5] or -9, entry[6] or 9
  if layout[3] and form[3] then return end -- in place on an expanded tensor means nothing
  local T = torch[ty .. 'Tensor']
  local x = fill(layout[2](T, rows, columns), values(ty, low, high, 1))
  local args, reading = {}, {flat(x)}
  for k = 2, #operands do
    local a
    if operands:sub(k, k) == 't' then
      a = operand(T, ty, rows + columns + k, rows, columns, low, high, k)
      reading[k] = flat(a)
    else
      a = name == 'clamp' and (k == 2 and 2 or 5) or name == 'lerp' and 0.25 or k == 2 and 3 or 2
      reading[k] = a
    end
    args[k - 1] = a
  end
  local want = {}
  for i = 1, #reading[1] do
    local v = {}
    for k = 1, #operands do v[k] = type(reading[k]) == 'table' and reading[k][i] or reading[k] end
    v[#v + 1] = ty
    want[i] = toElement(formula(unpack(v)), ty)
  end
  local what = string.format('%s(%s) %s %s %s %dx%d', name, operands, ty, layout[1], form[1], rows, columns)
  local r = form[2](name, x, args, T)
  tester:assert(r:size(1) == rows and r:size(2) == columns, what .. ': size')
  compare(flat(r), want, ty, what)
end

for _, entry in ipairs(list) do
  tests[entry[1] .. '_' .. entry[3]] = function()
    for _, ty in ipairs(entry[2]) do
      for _, layout in ipairs(layouts) do
        for _, form in ipairs(forms) do check(entry, ty, 3, 5, layout, form) end
      end
      check(entry, ty, 71, 130, layouts[2], forms[1])
      check(entry, ty, 70, 130, layouts[1], forms[1])
      check(entry, ty, 2, 70, layouts[4], forms[3])
      check(entry, ty, 90, 3, layouts[3], forms[4])
    end
  end
end

function tests.halves()
  local h = torch.FloatTensor(3, 4):uniform(-9, 9):half()
  local f, empty = h:float(), torch.HalfTensor()
  local function same(a, b) tester:eq(a:totable(), b:half():totable()) end
  tester:eq(h:mean(), f:mean())
  same(h:mean(2), f:mean(2))
  same(empty:mean(h, 1), f:mean(1))
  same(empty:abs(h), torch.abs(f))
  same(empty:add(h, 0.5, h), f * 1.5)
  same(h, f)
  tester:assert(h:add(h, 2) == h:abs(), 'in place')
  same(h, torch.abs(f + 2))
end

function tests.empty()
  for _, entry in ipairs(list) do
    if not entry[3]:find('n') and entry[3] ~= 'tt' then
      for _, ty in ipairs(entry[2]) do tester:eq(torch[entry[1]](torch[ty .. 'Tensor']()):dim(), 0, entry[1]) end
    end
  end
  tester:eq(torch.add(torch.Tensor(), torch.Tensor()):dim(), 0)
  tester:eq(torch.IntTensor():add(1):dim(), 0)
end

function tests.overlapping()
  for _, ty in ipairs(all) do
    local T = torch[ty .. 'Tensor']
    for _, n in ipairs{7, 300} do
      local s = T(n + 1)
      for k = 1, n + 1 do s[k] = k % 50 end
      local x, r = s:narrow(1, 1, n), s:narrow(1, 2, n)
      torch.add(r, x, 1)
      for k = 1, n do tester:eq(r[k], k % 50 + 1, ty) end
    end
    local m = T{{1, 2}, {3, 4}}
    torch.add(m, m:t(), m)
    tester:eq(flat(m), {2, 5, 5, 8}, ty)
  end
end

function tests.otherShapes() -- equal counts pair in row-major order; the first operand gives the shape
  local x, y = torch.Tensor{{1, 2, 3}, {4, 5, 6}}, torch.Tensor{{10, 20}, {30, 40}, {50, 60}}
  local r = torch.add(x, y:t():clone():t())
  tester:eq(r:size():totable(), {2, 3})
  tester:eq(flat(r), {11, 22, 33, 44, 55, 66})
  local v = torch.Tensor{1, 1, 1, 1, 1, 1}
  torch.cmul(v, x, v)
  tester:eq(v:size():totable(), {2, 3})
  tester:eq(flat(v), {1, 2, 3, 4, 5, 6})
end

local comparisons = {
  lt = function(x, y) return x < y end, gt = function(x, y) return x > y end, le = function(x, y) return x <= y end,
  ge = function(x, y) return x >= y end, eq = function(x, y) return x == y end, ne = function(x, y) return x ~= y end,
}
for name, f in pairs(comparisons) do
  tests[name] = function()
    for _, ty in ipairs(all) do
      local T = torch[ty .. 'Tensor']
      for i, layout in ipairs(layouts) do
        for _, shape in ipairs{{3, 5}, {33, 70}} do
          local rows, columns = shape[1], shape[2]
          local x = fill(layout[2](T, rows, columns), values(ty, -4, 4, 1))
          local y = operand(T, ty, i + 1, rows, columns, -4, 4, 2)
          local a, b, number, pair = flat(x), flat(y), {}, {}
          for k = 1, #a do number[k], pair[k] = f(a[k], 2) and 1 or 0, f(a[k], b[k]) and 1 or 0 end
          local what = name .. ' ' .. ty .. ' ' .. layout[1]
          compare(flat(torch[name](x, 2)), number, 'Byte', what)
          compare(flat(torch[name](x, y)), pair, 'Byte', what)
          compare(flat(torch[name](T(), x, 2)), number, ty, what)
          compare(flat(torch[name](T(columns, rows):t(), x, y)), pair, ty, what)
        end
      end
    end
  end
end

tester:add(tests)
tester:run()
