-- Objects in files and in memory, and files that are damaged, foreign or hostile.
local tester, tests = torch.Tester(), torch.TestSuite()
local trusts_all = os.getenv('TORCH_TRUST') == '1'

local function with_file(f)
  local path = os.tmpname()
  local ok, message = pcall(f, path)
  os.remove(path)
  if not ok then error(message, 0) end
end
local function raises(f, text)
  local ok, message = pcall(f)
  tester:assert(not ok, 'no error, expected: ' .. text)
  tester:assert(tostring(message):find(text, 1, true) ~= nil, tostring(message) .. ' does not hold: ' .. text)
end
local function round(object, mode) return torch.deserialize(torch.serialize(object, mode), mode) end

test = test or {}
torch.class('test.SerializePlain')
local Own = torch.class('test.SerializeOwn')
function Own:write(f) f:writeInt(self.n) f:writeObject(self.inner) end
function Own:read(f, version) self.n, self.inner, self.version = f:readInt(), f:readObject(), version end

local function sample()
  local t = torch.range(1, 6):resize(2, 3)
  local shared = { 1, 2, 'three', [0] = 'zero', [-1] = 'minus', [1.5] = true, ['a key'] = false }
  local own, plain = test.SerializeOwn(), test.SerializePlain()
  own.n, own.inner, plain.field, plain.own = 5, { shared }, 'text', own
  local n = 3
  local all = { t, t:t(), t:storage(), shared, shared, own, plain, 'text\n\0', torch.FloatTensor(), torch.IntTensor{ 7 },
                function() n = n + 1 return n end, function() return n end, torch.Generator(), { {}, { {} } } }
  all.self = all
  return all
end

function tests.everythingComesBack()
  for _, mode in ipairs{ 'binary', 'ascii' } do
    local s = sample()
    local r = round(s, mode)
    tester:assert(r ~= s and r.self == r)
    tester:eq(r[1], s[1])
    tester:eq(r[2]:stride():totable(), { 1, 3 })
    r[1][1][2] = 99
    tester:eq(r[2][2][1], 99)
    tester:eq(r[3][2], 99)
    tester:assert(r[4] == r[5])
    tester:eq({ r[4][0], r[4][-1], r[4][1.5], r[4]['a key'], r[4][3] }, { 'zero', 'minus', true, false, 'three' })
    tester:eq(torch.type(r[6]), 'test.SerializeOwn')
    tester:assert(r[6].n == 5 and r[6].version == 1 and r[6].inner[1] == r[4] and r[7].own == r[6])
    tester:eq(r[8], 'text\n\0')
    tester:eq(r[9]:dim(), 0)
    r[11]()
    tester:eq(r[12](), 4, 'functions share their upvalue')
    tester:eq(r[13] ~= nil and torch.type(r[13]), 'torch.Generator')
  end
end

function tests.bigTablesCrossBuffers()
  local t = { list = {}, map = {}, mixed = {}, text = ('x'):rep(300000) }
  for k = 1, 30000 do
    t.list[k] = k / 2
    t.map['key ' .. k] = k
    t.mixed[k] = k % 3 == 0 and { k } or k % 3 == 1 and 'item ' .. k or k
  end
  t.mixed[5], t.mixed.more, t.mixed[1e6] = nil, 'yes', 'far'
  with_file(function(path)
    for _, mode in ipairs{ 'binary', 'ascii' } do
      torch.save(path, t, mode)
      local r = torch.load(path, mode)
      tester:assert(r.text == t.text)
      local same = true
      for k in pairs(t.list) do same = same and r.list[k] == t.list[k] end
      for k in pairs(t.map) do same = same and r.map[k] == t.map[k] end
      for k, v in pairs(t.mixed) do same = same and (type(v) == 'table' and r.mixed[k][1] == v[1] or r.mixed[k] == v) end
      tester:assert(same)
      tester:eq({ #r.list, r.mixed[5], r.mixed.more, r.mixed[1e6] }, { 30000, nil, 'yes', 'far' })
      local n = 0
      for _ in pairs(r.mixed) do n = n + 1 end
      tester:eq(n, 30001)
    end
    local pipe = torch.PipeFile('cat > ' .. path, 'w'):binary() -- where counts cannot be filled in later
    pipe:writeObject(t)
    pipe:close()
    tester:eq(#torch.load(path).list, 30000)
  end)
end

function tests.nestingHasNoLimit()
  local root = {}
  local t = root
  for k = 1, 100000 do
    local inner = { k = k }
    if k % 3 == 0 then t[inner] = 'as key' elseif k % 3 == 1 then t[1] = inner else t.field = inner end
    t = inner
  end
  local r, depth = round(root), 0
  while r do
    local found
    for k, v in pairs(r) do found = type(k) == 'table' and k or type(v) == 'table' and v or found end
    r, depth = found, depth + 1
  end
  tester:eq(depth, 100001)
end

function tests.classesMayNestUntilLuaStops() -- their methods recurse through Lua
  local own = test.SerializeOwn()
  own.n = 1
  for k = 1, 50 do
    local outer = test.SerializeOwn()
    outer.n, outer.inner, own = k, own, outer
  end
  tester:eq(round(own).inner.inner.n, 48)
  local header = '\4\0\0\0%s\3\0\0\0V 1\17\0\0\0test.SerializeOwn\1\0\0\0'
  local parts = {}
  for k = 1, 100000 do
    local b = k % 256
    parts[k] = header:gsub('%%s', { ['%s'] = string.char(b, (k - b) / 256 % 256, (k - k % 65536) / 65536, 0) })
  end
  tester:assert(not pcall(torch.deserialize, table.concat(parts)))
end

function tests.sharesAcrossObjectsOfAFile()
  local f, t = torch.MemoryFile():binary(), { torch.ones(2) }
  for _ = 1, 3 do f:writeObject(t) end
  for k = 1, 2000 do f:writeObject({ k }) end -- temporaries, whose addresses come again
  f:seek(1)
  local a, b, c = f:readObject(), f:readObject(), f:readObject()
  tester:assert(a == b and b == c)
  local same = true
  for k = 1, 2000 do same = same and f:readObject()[1] == k end
  tester:assert(same)
  raises(function() f:readObject() end, 'read error')
  f:quiet():clearError()
  tester:assert(f:readObject() == nil and f:hasError())
end

function tests.savingReplacesOnlyWhenWhole()
  with_file(function(path)
    torch.save(path, 'first')
    raises(function() torch.save(path, { 1, inner = { bad = coroutine.create(print) } }) end, 'Unwritable object <thread> at <?>.inner.bad')
    tester:eq(torch.load(path), 'first')
    local link = path .. '.link'
    os.execute(('ln -s %s %s'):format(path, link))
    torch.save(link, 'second')
    tester:eq(torch.load(path), 'second')
    os.remove(link)
    local left = io.popen('ls ' .. path .. '*'):read('*a')
    tester:eq(left, path .. '\n')
    torch.save('/dev/null', { 1 })
    raises(function() torch.save('/nonexistent/x', 1) end, 'cannot open')
  end)
end

function tests.warnsOfFieldsItLeavesOut()
  local p, said, old = test.SerializePlain(), {}, print
  p.keep, p.thread = { 1 }, coroutine.create(print)
  function print(text) said[#said + 1] = text end
  local ok, r = pcall(round, { p })
  print = old
  tester:assert(ok)
  tester:eq(said, { '$ Warning: cannot write object field <thread> of <test.SerializePlain> <?>.1.thread' })
  tester:eq(r[1].keep, { 1 })
end

-- ---- functions from files ----

function tests.functionsFromFilesAreInert()
  if trusts_all then return end
  with_file(function(path)
    local n = 0
    local function count() n = n + 1 return n end
    torch.save(path, { count, function() return n end, count })
    local r = torch.load(path)
    tester:eq(torch.type(r[1]), 'torch.InertFunction')
    tester:assert(r[1] == r[3])
    raises(function() r[1]() end, 'torch.load(path, mode, {trust = true})')
    tester:assert(tostring(r[1]):find('TORCH_TRUST=1', 1, true) ~= nil)
    torch.save(path, round(r, 'ascii')) -- through memory and back, still inert
    r = torch.load(path)
    raises(function() r[2]() end, 'was not loaded')
    local live = torch.load(path, 'binary', { trust = true })
    live[1]()
    tester:eq({ live[1](), live[2](), live[1] == live[3] }, { 2, 2, true })
    -- several files together keep their upvalues apart
    torch.save(path, { torch.load(path), torch.load(path) })
    live = torch.load(path, nil, { trust = true })
    live[1][1]()
    tester:eq({ live[1][2](), live[2][2]() }, { 1, 0 })
    local f = torch.DiskFile(path):binary()
    tester:eq(torch.type(f:readObject()[1][1]), 'torch.InertFunction')
    f:close()
  end)
end

function tests.foreignBytecodeStaysInert()
  local text = torch.serialize(function() return 1 end)
  for _, damaged in ipairs{ (text:gsub('\27LJ', '\27XX')), (text:gsub('\27LJ', '\27Lu')), (text:gsub('\27LJ.', 'retu')) } do
    local r = torch.deserialize(damaged, 'binary', { trust = true })
    tester:eq(torch.type(r), 'torch.InertFunction')
    raises(r, 'could not be loaded')
  end
  if trusts_all then return end
  tester:eq(type(torch.deserialize(text)), 'function', 'what this process dumped')
  local f = torch.MemoryFile():binary()
  local code = torch.CharStorage():string(string.dump(function() return 'not from here' end))
  f:writeInt(6)
  f:writeInt(#code)
  f:writeChar(code)
  f:writeInt(0)
  f:seek(1)
  tester:eq(torch.type(f:readObject()), 'torch.InertFunction')
end

-- ---- damaged and hostile input ----

function tests.everyTruncationIsAnError()
  for _, mode in ipairs{ 'binary', 'ascii' } do
    local text = torch.serialize(sample(), mode)
    for n = 0, #text - 1, #text > 3000 and 3 or 1 do
      local ok, message = pcall(torch.deserialize, text:sub(1, n), mode)
      if ok and mode == 'ascii' and n >= #text - 2 then ok = false -- only the last newline is missing
      elseif not ok and not tostring(message):find('at byte %d+ of <memory>') and not tostring(message):find('read error') then
        ok = true
      end
      tester:assert(not ok, ('%s, cut at %d: %s'):format(mode, n, tostring(message)))
    end
  end
end

function tests.damageNeverCrashes()
  local seed = 12345
  local function random(n)
    seed = (seed * 1103515245 + 12345) % 2 ^ 31
    return math.floor(seed / 65536) % n
  end
  local old = print
  print = function() end
  for _, mode in ipairs{ 'binary', 'ascii' } do
    local text = torch.serialize({ sample(), sample() }, mode)
    for _ = 1, 3000 do
      local at, bytes = random(#text) + 1, { random(256), 255, 127, 0, 1, 3, 4, 8 }
      local damaged = text:sub(1, at - 1) .. string.char(bytes[random(#bytes) + 1]) .. text:sub(at + 1)
      local ok, r = pcall(torch.deserialize, damaged, mode)
      if ok then pcall(torch.serialize, r) end
    end
  end
  print = old
  tester:assert(true)
end

local function int(n) return string.char(n % 256, math.floor(n / 256) % 256, math.floor(n / 65536) % 256, math.floor(n / 2 ^ 24) % 256) end
local function long(n) return int(n % 2 ^ 32) .. int(math.floor(n / 2 ^ 32)) end
local minus_one = ('\255'):rep(8)
local function header(index, class) return int(4) .. int(index) .. int(3) .. 'V 1' .. int(#class) .. class end
local function double(v)
  local f = torch.MemoryFile():binary()
  f:writeDouble(v)
  return f:storage():string():sub(1, 8)
end

function tests.hostileTokens()
  local D, S = 'torch.DoubleTensor', 'torch.DoubleStorage'
  local function tensor(dim, sizes, strides, offset, rest)
    return header(1, D) .. int(dim) .. sizes .. strides .. long(offset) .. rest
  end
  raises(function() torch.deserialize(header(1, D) .. int(0) .. ('\0'):rep(7) .. '\128' .. int(0)) end, 'invalid geometry')
  raises(function() torch.deserialize('', 'ascii') end, 'read error')
  local two = header(2, S) .. long(2) .. double(1) .. double(2)
  for text, message in pairs{
    [int(2) .. int(2 ^ 31 - 1) .. 'abc'] = 'invalid length of a string: 2147483647, but only 3 bytes follow',
    [int(2) .. int(2 ^ 32 - 1)] = 'invalid length of a string: -1',
    [int(3) .. int(1) .. int(2 ^ 31 - 1)] = 'invalid count of table entries',
    [int(3) .. int(1) .. int(2 ^ 32 - 2)] = 'invalid count of table entries: -2',
    [int(3) .. int(1) .. int(1) .. int(0) .. int(0) .. int(0) .. int(0)] = 'a table key is nil',
    [int(3) .. int(1) .. int(1) .. int(1) .. double(0 / 0) .. int(0)] = 'NaN',
    [int(77)] = 'unknown object',
    ['4\n1\n3\nV 1\n'] = "give the mode 'ascii'",
    ['PK\3\4xxxx'] = 'PyTorch',
    [header(1, S) .. long(2 ^ 40)] = 'invalid size of a storage: 1099511627776, but only 0 bytes follow',
    [header(1, S) .. minus_one] = 'invalid size of a storage',
    [tensor(1, long(3), long(1), 1, two)] = 'its storage has 2 elements',
    [tensor(1, long(1), long(1), 3, two)] = 'its storage has 2 elements',
    [tensor(1, long(1), long(1), 0, two)] = 'invalid geometry',
    [tensor(1, long(2), minus_one, 2, two)] = 'invalid geometry',
    [tensor(2, long(2 ^ 62) .. long(2 ^ 62), long(0) .. long(0), 1, two)] = 'invalid geometry',
    [tensor(1, long(2), long(1), 1, int(0))] = 'its storage has 0 elements',
    [tensor(1, long(2), long(1), 1, int(4) .. int(1))] = "a tensor's storage is something else",
    [tensor(1, long(2), long(1), 1, header(2, 'torch.FloatStorage') .. long(2))] = 'torch.DoubleTensor of a torch.FloatStorage',
    [tensor(1, long(2), long(1), 1, int(2) .. int(0))] = "a tensor's storage has tag 2",
    [header(1, D) .. int(2 ^ 31 - 1)] = 'invalid number of tensor dimensions',
    [header(1, 'torch.Generator') .. ('\255'):rep(5048)] = 'invalid state of a torch.Generator',
    [header(1, 'torch.DiskFile')] = 'unknown Torch class <torch.DiskFile>',
    [header(1, 'no.Such')] = "unknown Torch class <no.Such>: require 'no'",
    [header(1, 'nn.gModule')] = "require 'nngraph'",
    [header(1, 'Bare')] = 'define the class before',
  } do raises(function() torch.deserialize(text) end, message) end
  raises(function() torch.deserialize(5) end, 'read error')
  raises(function() torch.deserialize('x', 'text') end, '"binary" or "ascii" (or nil) expected for mode')
end

function tests.longSizes()
  for _, size in ipairs{ 4, 8 } do
    with_file(function(path)
      local f = torch.DiskFile(path, 'w'):binary()
      f:longSize(size)
      f:writeObject{ torch.LongTensor{ { 1, -2 }, { 3, 4 } } }
      f:close()
      tester:eq(torch.load(path, 'b' .. size * 8)[1], torch.LongTensor{ { 1, -2 }, { 3, 4 } })
      tester:assert(not pcall(torch.load, path, 'b' .. (12 - size) * 8))
    end)
  end
end

function tests.cudaObjectsLoadAsTheirTwins()
  local text = torch.serialize(torch.FloatTensor{ { 1, 2 }, { 3, 4 } }, 'ascii')
  text = text:gsub('17\ntorch.FloatTensor', '16\ntorch.CudaTensor'):gsub('18\ntorch.FloatStorage', '17\ntorch.CudaStorage')
  tester:eq(torch.deserialize(text, 'ascii'), torch.FloatTensor{ { 1, 2 }, { 3, 4 } })
  text = torch.serialize(torch.LongTensor{ 5 }, 'ascii')
  text = text:gsub('16\ntorch.LongTensor', '20\ntorch.CudaLongTensor'):gsub('17\ntorch.LongStorage', '21\ntorch.CudaLongStorage')
  tester:eq(torch.deserialize(text, 'ascii'), torch.LongTensor{ 5 })
end

function tests.methodsOfTensorsMayBeReplaced() -- as those who pass tensors by address do
  local passed = {}
  for _, class in ipairs{ 'torch.FloatTensor', 'torch.FloatStorage' } do
    local mt = torch.getmetatable(class)
    local write, read = mt.write, mt.read
    function mt:write(f)
      passed[#passed + 1] = self
      f:writeInt(#passed)
    end
    function mt:read(f)
      local original = passed[f:readInt()]
      if torch.isTensor(self) then self:set(original) else self:resize(#original):copy(original) end
    end
    local t = torch.FloatTensor{ 1, 2 }
    local ok, r = pcall(round, { t, t, torch.IntTensor{ 3 } })
    mt.write, mt.read = write, read
    tester:assert(ok, tostring(r))
    tester:eq(r[1], t)
    tester:assert(rawequal(r[1], r[2]) and r[3][1] == 3)
    r[1][1] = 5
    tester:eq(t[1], class == 'torch.FloatTensor' and 5 or 1)
  end
end

function tests.hooksSeeEveryObject()
  local f = torch.MemoryFile()
  f:writeObject({ { 'a' }, b = 2 }, nil, function(o) return o == 'a' and { 'replaced' } or o end)
  f:seek(1)
  tester:eq(f:readObject(), { { { 'replaced' } }, b = 2 })
  raises(function() f:writeObject({ 1 }, 'name', function() error('stop here') end) end, 'stop here')
  raises(function() f:writeObject({ x = coroutine.create(print) }, 'name') end, 'Unwritable object <thread> at name.x')
end

function tests.writeMethodsMayDoAnythingToTheFile()
  local Rude = torch.class('test.SerializeRude')
  function Rude:write(f) self.act(f) end
  function Rude:read() end
  with_file(function(path)
    for _, act in ipairs{
      function(f) f:close() end, function(f) f:seek(1) end, function(f) f:ascii() end, function(f) f:seekEnd() end,
      function(f) f:seek(1) f:readString('*a') f:seek(1) end, function(f) f:synchronize() end,
      function(f) f:longSize(4) f:writeObject({ {} }) end, function(f) if f.storage then f:storage() end end,
    } do
      local memory, disk = torch.MemoryFile():binary(), torch.DiskFile(path, 'rw'):binary()
      for _, f in ipairs{ memory, disk, torch.DiskFile(path, 'rw'):binary():noBuffer() } do
        local rude = test.SerializeRude()
        rude.act = act
        pcall(f.writeObject, f, { 1, { ('x'):rep(200000), rude }, 'more', { rude } })
        pcall(f.close, f)
      end
    end
  end)
  tester:assert(true)
end

function tests.payloadMethods()
  local f = torch.MemoryFile():binary()
  local t = torch.FloatTensor{ { 1, 2 }, { 3, 4 } }:t()
  t:write(f)
  t:storage():write(f)
  f:seek(1)
  local u, s = torch.FloatTensor(), torch.FloatStorage()
  u:read(f)
  s:read(f)
  tester:eq(u, t)
  tester:eq(s:totable(), { 1, 2, 3, 4 })
end

function tests.theCollectorRunsAgain()
  pcall(torch.deserialize, int(3) .. int(1) .. int(5) .. ('x'):rep(100))
  collectgarbage()
  local before = collectgarbage('count')
  for _ = 1, 300000 do local _ = { {} } end
  tester:assertlt(collectgarbage('count') - before, 10000)
  local list = {}
  for k = 1, 2000 do list[k] = { k } end
  local text = torch.serialize(list)
  list = nil
  collectgarbage()
  before = collectgarbage('count')
  for _ = 1, 400 do torch.deserialize(text) end
  tester:assertlt(collectgarbage('count') - before, 60000)
end

tester:add(tests):run()
