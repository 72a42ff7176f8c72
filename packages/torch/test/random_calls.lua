-- Any function with any arguments gives a result or an error that is a string, and leaves what was passed in order.
--   th random_calls.lua [calls = 20000] [seed = 1] [log]
-- Calls come in blocks of 1000, each with a seed of its own: block b of seed s is the first of seed s + b. With `log`
-- every call is written there before it is made, block by block; `th random_calls.lua 1000 SEED` then does it again.
-- Long runs: ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:max_allocation_size_mb=64, or ulimit -v.
require 'torch'
local ffi = require 'ffi'
local count, first_seed, log_path = tonumber(arg and arg[1]) or 20000, tonumber(arg and arg[2]) or 1, arg and arg[3]
local kBlock, kMostElements = 1000, 20000
local random, unpack = math.random, unpack
local kinds = { 'Byte', 'Char', 'Short', 'Int', 'Long', 'Half', 'Float', 'Double' }
local function any(list) return list[random(#list)] end
local function chance(percent) return random(100) <= percent end

-- Never called: what they do is not bounded by a check of arguments.
local excluded = {}
for name in ([[
  data cdata pushudata retain free __gc
  DiskFile PipeFile save saveobj load loadobj include
  class newmetatable metatype setmetatable setenv setheaptracking test Tester TestSuite CmdLine
]]):gmatch('%S+') do excluded[name] = true end -- addresses and counts; files; the classes of the whole process

-- ---- values ----

local numbers = {
  -1, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7, 33, 0.5, 1e-5, 2.5, -2, -0.1, -2 ^ 31, 2 ^ 53,
  2 ^ 62, 2 ^ 63, -2 ^ 63, 1e300, 0 / 0, 1 / 0, -1 / 0, 3LL, -1LL, 2LL ^ 62, 0x7fffffffffffffffLL, -0x7fffffffffffffffLL - 1,
  2ULL, 0xffffffffffffffffULL,
}
if arg and arg[1] then -- sizes that take gigabytes, for runs whose memory is bounded
  for _, n in ipairs{ 1000, 2 ^ 31 - 1, 2 ^ 31, 2 ^ 32 } do numbers[#numbers + 1] = n end
end
local strings = {
  '', '2', '0x10', 'N', 'V', 'U', 'L', 'F', 'S', 'T', 'R', 'A', 'X', '*a', '*l', '*n', 'ascii', 'binary', 'abc\0def', '%s%n', '[',
  'ij,jk->ik', 'ii', '->', 'torch.DoubleTensor', 'torch.LongStorage', 'torch.CharTensor', 'torch.Nothing', 'size', 'rw', 'r',
  '4\n1\n3\nV 1\n18\ntorch.DoubleTensor\n1\n2\n1\n1\n', '1\n0.5\n', ('x'):rep(3000),
}
local source = torch.Generator() -- never passed, so that contents depend on the seed alone
local shapes, pool, pooled = {}, {}, false

local function new_shapes()
  local a, b, n = {}, {}, 1
  for d = 1, random(5) do a[d] = random(4) n = n * a[d] end
  for d = 1, random(4) do b[d] = random(4) end
  shapes = { a, a, a, b, { a[1] }, { a[#a] }, { n }, { a[1], a[1] }, { a[#a], a[1] }, { 2, n } }
end

local function filled(kind, shape)
  local real = kind == 'Half' or kind == 'Float' or kind == 'Double'
  local t = torch[(kind == 'Half' and 'Float' or kind) .. 'Tensor'](torch.LongStorage(shape))
  if real and chance(60) then t:uniform(source, -1, 2) else t:random(source, 0, any{ 1, 2, 6 }) end
  if real and chance(5) then t:view(-1)[1] = any{ 0 / 0, 1 / 0, 1e300, -0.0 } end
  return kind == 'Half' and t:half() or t
end

local function with_dims(shape, dims)
  local out = {}
  for d = 1, dims do out[d] = shape[d] or random(3) end
  return out
end

local forms_of_memory = {
  function(t) return t:transpose(1, t:dim()) end,
  function(t) return t:narrow(1, random(t:size(1)), 1):expandAs(t) end,
  function(t) return t:unfold(random(t:dim()), 1, 1) end,
  function(t) return t:size(1) > 1 and t:narrow(1, 2, t:size(1) - 1) or t end,
  function(t) return t.new(t:storage(), t:storage():size(), t:size(), t:size():fill(0)) end,
  function(t) return t.new() end,
}
local function tensor(kind, dims)
  local shape = any(shapes)
  if dims and chance(90) then shape = with_dims(shape, dims) end
  local t = filled(kind, shape)
  if chance(30) then t = any(forms_of_memory)(t) end
  return t
end

local function storage(kind)
  local list = {}
  for k = 1, random(0, 6) do list[k] = random(-1, 4) end
  return torch[kind .. 'Storage'](list)
end

local function file()
  local f = chance(50) and torch.MemoryFile() or torch.MemoryFile(torch.CharStorage():string(any(strings) .. '\0'), any{ 'r', 'rw', 'w' })
  f = f:quiet()
  if chance(50) then f:binary() end
  if f:isWritable() and chance(50) then f:writeObject(storage('Double')) f:seek(1) end
  return chance(50) and f:pedantic() or f
end

local callbacks = {
  function() return function(x) return x end end,
  function() return function() return 2 end end,
  function() return function() end end,
  function() return function() return 'x', 1 end end,
  function() return function() return 2LL ^ 40 end end,
  function() return function() error('no', 0) end end,
  function() -- changes what is worked on
    local t = any(pool)
    pooled = true
    return function() if torch.isTensor(t) then t:resize(3, 5) elseif torch.isStorage(t) then t:resize(50) end return 1 end
  end,
  function() return print end,
  function() return torch.Tensor.resize end,
}

local argument
local tables = {
  function() return {} end,
  function() return { random(3) } end,
  function() return { random(3), random(-4, 4) } end,
  function() return { { random(-3, 3), random(-3, 4) }, {}, random(2) } end,
  function() return { {}, { 1 } } end,
  function() return { { 1, 2 }, { 3, 4 } } end,
  function() return { { 1, 2 }, { 3 } } end,
  function() return { 1, nil, 3 } end,
  function() return { 'one', x = 1 } end,
  function(kind) return { tensor(kind), tensor(kind) } end,
  function(kind) return { argument(kind), argument(kind), n = argument(kind) } end,
  function() local t = {} t[1] = t return t end,
  function() return setmetatable({}, { __index = function() return 1 end, __len = function() return 3 end }) end,
}
local others = {
  function() return nil end,
  function() return chance(50) end,
  function() return any(callbacks)() end,
  function() return coroutine.create(print) end,
  function() return torch.Timer() end,
  function() return torch.Generator() end,
  function() return any{ ffi.new('int8_t', 3), ffi.new('void*') } end,
  function() return newproxy() end,
  function() return torch.DoubleTensor end,
  file,
}

function argument(kind)
  local k = random(100)
  if k <= 25 then return tensor(kind) end
  if k <= 32 then return tensor(any(kinds)) end
  if k <= 37 then return tensor('Long') end
  if k <= 40 then return tensor('Byte') end
  if k <= 45 then return storage(chance(50) and 'Long' or any(kinds)) end
  if k <= 65 then return any(numbers) end
  if k <= 72 then return any(strings) end
  if k <= 79 then return any(tables)(kind) end
  if k <= 87 or pooled == nil then return any(others)() end
  pooled = true
  return any(pool)
end

-- ---- arguments that follow a form of the operation table ----

local function parsed(forms)
  local out = {}
  local flat = forms:gsub('%b()', function(text) return (text:gsub('[| ]', ',')) end)
  for form in (flat .. '|'):gmatch('(.-)|') do
    local tokens = {}
    for token in form:gmatch('%S+') do tokens[#tokens + 1] = token end
    out[#out + 1] = tokens
  end
  return out
end

local function fitting(token, kind)
  local type, dims = token:match('(%a+)Tensor'), tonumber(token:match('~(%d)'))
  if type == 'Double' then type = kind end
  if token:find('^{') then return { tensor(type), tensor(type), chance(50) and tensor(type) or nil } end
  if type then return tensor(type, dims) end
  if token:find('LongStorage') then return torch.LongStorage(any(shapes)) end
  if token:find('Generator') then return torch.Generator() end
  if token:find('boolean') then return chance(50) end
  if token:find('%(') then return any{ token:match('(%a)'), token:match('(%a)%)'), any(strings) } end
  if chance(50) then return random(3) end
  return any(numbers)
end

local function following(forms, kind)
  local list, n = {}, 0
  for _, token in ipairs(any(forms)) do
    if not token:find('^%[') or chance(50) then
      n = n + 1
      if chance(95) then list[n] = fitting(token, kind) else list[n] = argument(kind) end
    elseif chance(50) then n = n + 1 end
  end
  list.n = n
  return list
end

-- ---- what is called ----

local targets = {}
local function add(name, f, kind, self, forms)
  if not excluded[name:match('([%w_]+)$')] then
    targets[#targets + 1] = { name = name, f = f, kind = kind, self = self, forms = forms and parsed(forms) }
  end
end
local function sorted(t)
  local names = {}
  for name in pairs(t) do if type(name) == 'string' then names[#names + 1] = name end end
  table.sort(names)
  return ipairs(names)
end

local operations = {}
for _, op in ipairs(torch.ops()) do operations[op.name] = op end
for _, name in sorted(torch) do
  local f = torch[name]
  local op = operations[name]
  if not name:find('^_') and (type(f) == 'function' or torch.getmetatable('torch.' .. name)) then
    for _ = 1, op and 4 or 1 do add('torch.' .. name, f, nil, nil, op and op.functions) end
  end
end
local function elements(x, key, value) -- often enough for the path that the JIT compiles
  local r
  for _ = 1, 10 do r = x[key] end
  if value ~= nil then x[key] = value end
  return r, x[key]
end
local function methods(class, kind, self)
  local mt = torch.getmetatable(class)
  local _ = mt.size -- operations become methods when one is asked for
  for _, name in sorted(mt) do
    local op = operations[name]
    if type(mt[name]) == 'function' then add(class .. '.' .. name, mt[name], kind, self, kind and op and op.methods) end
  end
  for _ = 1, 5 do add(class .. '[k]', elements, kind, self) end
  for _, name in sorted(mt.THNN or {}) do add(class .. '.THNN.' .. name, mt.THNN[name], kind, nil, operations[name].functions) end
end
for _, kind in ipairs(kinds) do
  methods('torch.' .. kind .. 'Tensor', kind, tensor)
  methods('torch.' .. kind .. 'Storage', kind, storage)
end
methods('torch.MemoryFile', nil, file)
methods('torch.File', nil, file)
methods('torch.Generator', nil, function() return torch.Generator() end)

-- ---- checks, and the description of calls ----

local function sound(t)
  if not torch.isTensor(t) then return true end
  if t:dim() == 0 then return true end
  local last = t:storageOffset()
  for d = 1, t:dim() do
    if t:size(d) < 1 then return false end
    last = last + (t:size(d) - 1) * t:stride(d)
  end
  return t:storage() ~= nil and last <= t:storage():size()
end

local function small(x)
  return not (torch.isTensor(x) and x:nElement() > kMostElements or torch.isStorage(x) and x:size() > kMostElements)
end

local function text(x)
  if not torch.isTensor(x) then
    if type(x) == 'string' then return ('%q'):format(x:sub(1, 40)) end
    if torch.isStorage(x) then return torch.type(x) .. '(' .. x:size() .. ')' end
    return type(x) == 'table' and torch.type(x) or tostring(x)
  end
  local list = {}
  for d = 1, x:dim() do list[d] = ('%g:%g'):format(x:size(d), x:stride(d)) end
  return ('%s(%s; %g)'):format(torch.type(x), table.concat(list, ' '), x:storageOffset())
end

local log
local function describe(seed, k, target, list)
  local out = {}
  for j = 1, list.n do out[j] = text(list[j]) end
  log:write(('%d %d %s(%s)\n'):format(seed, k, target.name, table.concat(out, ', ')))
  log:flush()
end

-- Storage(count, address) and Storage(path) are not for guesses.
local function without_address(target, list)
  if not target.name:find('Storage') then return end
  if type(list[1]) == 'string' then list[1] = nil end
  if not torch.isStorage(list[1]) then list.n = math.min(list.n, 1) end
end

local function arguments(target, kind)
  local list
  if target.forms and chance(60) then
    list = following(target.forms, kind)
  else
    list = { n = random(0, 5) }
    for k = 1, list.n do list[k] = argument(kind) end
    if target.self and chance(85) then
      list.n = math.max(list.n, 1)
      list[1] = target.self(kind)
    end
  end
  without_address(target, list)
  return list
end

local function keep(x)
  if type(x) == 'userdata' and small(x) then pool[random(#pool)] = x end
end

local refused, problems = 0, {}
local function try(seed, k)
  local target = any(targets)
  local kind = target.kind or any(kinds)
  new_shapes()
  pooled = false
  if chance(60) then pooled = nil end -- nothing that calls before may have changed
  local list = arguments(target, kind)
  if log then describe(seed, k, target, list) end
  local ok, result, second = pcall(target.f, unpack(list, 1, list.n))
  local fine = ok or type(result) == 'string'
  if not ok then refused = refused + 1 end
  if pooled == nil then
    for j = 1, list.n do fine = fine and sound(list[j]) end
    if ok then fine = fine and sound(result) end
  end
  if not fine then problems[#problems + 1] = ('%s (seed %d, call %d): %s'):format(target.name, seed, k, tostring(result)) end
  if ok then
    keep(result)
    keep(second)
  end
  if list.n > 0 and chance(10) then keep(list[random(list.n)]) end
  for j = 1, #pool do
    if not small(pool[j]) then pool[j] = tensor('Double') end
  end
end

local function block(seed, calls)
  collectgarbage()
  math.randomseed(seed)
  torch.manualSeed(source, seed)
  torch.manualSeed(seed)
  torch.setdefaulttensortype('torch.DoubleTensor')
  torch.setnumthreads(1)
  new_shapes()
  for k = 1, 16 do pool[k] = chance(70) and tensor(any(kinds)) or chance(50) and storage(any(kinds)) or file() end
  if log then log:close() end
  log = log_path and assert(io.open(log_path, 'w'))
  for k = 1, calls do try(seed, k) end
end

local print = print
_G.print = function() end
for b = 0, math.ceil(count / kBlock) - 1 do block(first_seed + b, math.min(kBlock, count - b * kBlock)) end
_G.print = print
if arg and arg[1] then print(('%d functions, %d calls, %d refused'):format(#targets, count, refused)) end
assert(#problems == 0, table.concat(problems, '\n'))
