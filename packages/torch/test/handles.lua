-- Handles of tensors and storages: how elements are reached in compiled code, in interpreted code and by the complete
-- path, and how handles end.
local ffi = require 'ffi'
local lib = require 'libtorch'
local tester = torch.Tester()
local tests = torch.TestSuite()

local kinds = { 'Byte', 'Char', 'Short', 'Int', 'Long', 'Half', 'Float', 'Double' }
local keys = { 1, 2, 7, 1.5, -1, -7, 0, 8, -8, 1e10, -1e10, 0 / 0, 1 / 0, -1 / 0, 2 ^ 53, '3', true, {} }
local values = { 0, 1, -1, 2.75, -3.5, 127, 128, 255, 256, -129, 70000, 2 ^ 31, -2 ^ 31 - 1, 2 ^ 40, 1e300, 0 / 0, 1 / 0, 'x' }


-- The same code twice; LuaJIT may compile the first.
local ways = {
  compiled = { function(x, k) return x[k] end, function(x, k, v) x[k] = v end },
  interpreted = { function(x, k) return x[k] end, function(x, k, v) x[k] = v end },
}
for _, f in ipairs(ways.interpreted) do jit.off(f) end

local function answer(f, ...)
  local ok, r = pcall(f, ...)
  if not ok then return 'error: ' .. tostring(r):gsub('^.-:%d+: ', '') end
  if torch.isTensor(r) then return table.concat(r:clone():storage():totable(), ' ') end
  return type(r) .. ' ' .. tostring(r)
end

local function filled(kind, ...)
  local t = torch[kind .. 'Tensor'](...)
  for k = 1, t:nElement() do t:storage()[k] = k * 3 % 50 end
  return t
end

function tests.readingsAgree()
  for _, kind in ipairs(kinds) do
    local vector, matrix = filled(kind, 7), filled(kind, 7, 3)
    local column = matrix:select(2, 2)
    for name, x in pairs{ vector = vector, storage = vector:storage(), matrix = matrix, column = column } do
      for _, k in ipairs(keys) do
        local text = kind .. ' ' .. name .. ' ' .. tostring(k)
        local first = answer(ways.interpreted[1], x, k)
        for _ = 1, 200 do
          tester:eq(answer(ways.compiled[1], x, k), first, text)
          tester:eq(answer(ways.interpreted[1], x, k), first, text)
        end
      end
    end
    for k = 1, 7 do
      tester:eq(ways.interpreted[1](column, k), vector.select(column, 1, k))
      tester:eq(ways.interpreted[1](vector, k), k * 3 % 50)
    end
  end
end

function tests.writingsAgree()
  for _, kind in ipairs(kinds) do
    for _, name in ipairs{ 'vector', 'storage', 'column' } do
      local a, b = filled(kind, 7, 2), filled(kind, 7, 2)
      local function part(t) return name == 'storage' and t:storage() or t:select(2, name == 'vector' and 1 or 2) end
      local x, y = part(a), part(b)
      for _, k in ipairs(keys) do
        for _, v in ipairs(values) do
          tester:eq(answer(ways.compiled[2], x, k, v), answer(ways.interpreted[2], y, k, v),
                    kind .. ' ' .. name .. ' ' .. tostring(k) .. ' ' .. tostring(v))
        end
      end
      local p, q = a:storage():totable(), b:storage():totable()
      for k = 1, #p do tester:assert(p[k] == q[k] or (p[k] ~= p[k] and q[k] ~= q[k]), kind .. ' ' .. name .. ' ' .. k) end
    end
  end
end

function tests.metamethodsRefuseOtherValues()
  for _, name in ipairs{ 'FloatTensor', 'LongStorage' } do
    local mt = torch.getmetatable('torch.' .. name)
    for _, other in ipairs{ {}, 3, 'x', torch.ByteTensor{ 1, 2 }, io.stdout } do
      for _ = 1, 100 do
        tester:eq((pcall(mt.__index, other, 1)), name == 'FloatTensor' and torch.isTensor(other)) -- of any type
        tester:assert(not pcall(mt.__newindex, other, {}, 1))
      end
    end
    local forged = debug.setmetatable(newproxy(), mt)
    for _ = 1, 100 do
      tester:assert(not pcall(ways.compiled[1], forged, 1))
      tester:assert(not pcall(ways.interpreted[2], forged, 1, 1))
      tester:assert(not pcall(function() return forged:size(1) end))
    end
  end
end

-- A replaced metamethod is called, also in interpreted code.
function tests.metamethodsMayBeReplaced()
  local mt = getmetatable(torch.ShortTensor())
  local index, newindex = mt.__index, mt.__newindex
  local x, seen = torch.ShortTensor(3):fill(5), nil
  mt.__index = function(t, k) return k == 2 and 'two' or index(t, k) end
  mt.__newindex = function(_, k, v) seen = { k, v } end
  local two, three = ways.interpreted[1](x, 2), ways.interpreted[1](x, 3)
  ways.interpreted[2](x, 1, 9)
  mt.__index, mt.__newindex = index, newindex
  tester:eq(two, 'two')
  tester:eq(three, 5)
  tester:eq(seen, { 1, 9 })
  tester:eq(x:totable(), { 5, 5, 5 })
end

-- Some bit patterns of NaN are the tags of other values in LuaJIT.
function tests.everyNaNIsANumber()
  for _, kind in ipairs{ 'Float', 'Double' } do
    local x = torch[kind .. 'Tensor'](300)
    ffi.fill(torch.data(x), 300 * x:elementSize(), 255)
    local function read()
      local n = 0
      for k = 1, 300 do
        local v, w = x[k], x:storage()[k]
        if type(v) == 'number' and type(w) == 'number' and v ~= v and w ~= w then n = n + 1 end
      end
      return n
    end
    tester:eq(read(), 300)
    jit.off(read)
    tester:eq(read(), 300)
    local sum = 0
    for k = 1, 300 do sum = sum + x[k] end
    tester:assert(sum ~= sum)
    local count = 0
    x:apply(function(v) count = count + (type(v) == 'number' and v ~= v and 1 or 0) return count end)
    tester:eq(count, 300)
    tester:eq(x[300], 300)
    if jit.ownedchild then tester:eq(type(torch.data(x)[0]), 'number') end -- LuaJIT with tools/luajit.patch
  end
end

function tests.deadHandlesLeaveWeakTables()
  local keyed, valued = setmetatable({}, { __mode = 'k' }), setmetatable({}, { __mode = 'v' })
  local x = torch.Tensor(3)
  for k = 1, 100 do
    local t = x:clone()
    keyed[t], valued[k] = k, t:storage()
  end
  keyed[x], valued.x = 0, x
  collectgarbage()
  collectgarbage() -- where handles have finalizers
  local left = 0
  for t in pairs(keyed) do tester:assert(t == x) left = left + 1 end
  tester:eq(left, 1)
  tester:eq(next(valued), 'x')
end

-- Whoever ends a handle by hand leaves one that is no tensor; it is not ended again.
function tests.endedByHand()
  local x = torch.Tensor(3):fill(1)
  local t = x:narrow(1, 1, 2)
  getmetatable(t).__gc(t)
  local ok, message = pcall(function() return t:size() end)
  tester:assert(not ok and message:find('torch.*Tensor expected', 1, true) ~= nil, message)
  tester:assert(not pcall(ways.interpreted[1], t, 1))
  tester:assert(not pcall(ways.interpreted[2], t, 1, 1))
  t = nil -- luacheck: ignore
  collectgarbage()
  tester:eq(x:totable(), { 1, 1, 1 })
end

function tests.finalizersSeeLiveTensors()
  local seen
  do
    local x = torch.Tensor(1000):fill(7)
    local guard = newproxy(true)
    getmetatable(guard).__gc = function() seen = x:sum() end
  end
  collectgarbage()
  collectgarbage()
  tester:eq(seen, 7000)
end

-- Elements are also reached from coroutines, hooks and C functions.
function tests.otherCallers()
  local x, m = torch.Tensor(5):fill(2), torch.Tensor(4, 5):fill(3)
  local r = coroutine.wrap(function()
    x[1] = coroutine.running() and 4 or 0
    coroutine.yield(x[1] + m[2][3])
  end)()
  tester:eq(r, 7)
  local calls = 0
  debug.sethook(function() calls = calls + 1 x[2], x[3] = calls, m[1][1] end, '', 10)
  local function work() for k = 1, 1000 do m[1][2] = k end end
  jit.off(work)
  work()
  debug.sethook()
  tester:assertgt(calls, 10)
  tester:eq(x[2], calls)
  tester:eq(m[1][2], 1000)
  tester:eq(select(2, pcall(getmetatable(x).__index, x, 3)), 3)
  local t = { 5, 3, 1 }
  table.sort(t, function(a, b) x[a] = b return a < b end)
  tester:eq(t, { 1, 3, 5 })
  tester:eq(table.concat({ unpack(x:totable(), 4, 4) }), '2')
end

-- Views are collected in time.
function tests.manyViews()
  local m = torch.Tensor(100, 10):fill(1)
  for _, interpreted in ipairs{ true, false } do
    collectgarbage()
    local before, most, sum = lib.memory(), 0, 0
    local function work()
      for _ = 1, 300 do
        for k = 1, 1000 do sum = sum + m[k % 100 + 1][1] end
        most = math.max(most, collectgarbage('count'))
      end
    end
    if interpreted then jit.off(work) end
    work()
    tester:eq(sum, 300000)
    tester:assertlt(most, 20000) -- KB
    collectgarbage()
    tester:assertle((lib.memory()), before + 4096)
  end
end

-- Loops that are compiled while all is well meet tensors that have changed.
function tests.changesBelowCompiledCode()
  local x, m = torch.Tensor(200):fill(1), torch.Tensor(200, 2, 3):fill(2)
  local function sums(n)
    local a, b = 0, 0
    for k = 1, n do a, b = a + x[k], b + m[k][2][3] end
    return a, b, x:size(1), m:dim(), m[1]:isContiguous(), x:nElement()
  end
  for _ = 1, 20 do tester:eq({ sums(200) }, { 200, 400, 200, 3, true, 200 }) end
  tester:assert(not pcall(sums, 201))
  x:resize(400):fill(3)
  m:resize(400, 2, 3):fill(4)
  tester:eq({ sums(400) }, { 1200, 1600, 400, 3, true, 400 })
  x, m = torch.IntTensor(10):fill(5), m:transpose(2, 3)
  tester:assert(not pcall(sums, 10)) -- m[k][2][3]: of two
  m = torch.LongTensor(10, 2, 4):fill(6)[{ {}, {}, { 1, 3 } }]
  tester:eq({ sums(10) }, { 50, 60, 10, 3, false, 10 })
  x = x:view(10, 1)
  tester:assert(torch.isTensor((sums(10)))) -- numbers and tensors add
  x = torch.Tensor()
  tester:assert(not pcall(sums, 1))
  x = torch.range(1, 10):storage()
  m = torch.Tensor(10, 2, 3):fill(1)
  local function first(n)
    local a = 0
    for k = 1, n do a = a + x[k] end
    return a
  end
  tester:eq(first(10), 55)
  x:resize(300):fill(1)
  tester:eq(first(300), 300)
  x:resize(5)
  tester:assert(not pcall(first, 6))
end

function tests.replacedMethodsAreCalledByCompiledCode()
  local mt = getmetatable(torch.ShortTensor())
  local x, size = torch.ShortTensor(7), mt.size
  local function count()
    local n = 0
    for _ = 1, 200 do n = n + x:size(1) end
    return n
  end
  tester:eq(count(), 1400)
  mt.size = function() return 2 end
  tester:eq(count(), 400)
  mt.size = size
  tester:eq(count(), 1400)
end

tester:add(tests):run()
