-- torch.DiskFile, torch.MemoryFile, torch.PipeFile.
local tester, tests = torch.Tester(), torch.TestSuite()

local function with_file(f)
  local path = os.tmpname()
  local ok, message = pcall(f, path)
  os.remove(path)
  if not ok then error(message, 0) end
end
local function content(path)
  local f = assert(io.open(path, 'rb'))
  local text = f:read('*a')
  f:close()
  return text
end
local function raises(f, text)
  local ok, message = pcall(f)
  tester:assert(not ok, 'no error, expected: ' .. text)
  tester:assert(tostring(message):find(text, 1, true) ~= nil, tostring(message) .. ' does not hold: ' .. text)
end

local values = {
  Byte = { 0, 9, 10, 32, 255 }, Char = { -128, 0, 10, 65, 127 }, Short = { -32768, 0, 32767 },
  Int = { -2147483648, 0, 2147483647 }, Long = { -2 ^ 53, 0, 2 ^ 53 }, Float = { -0.5, 1 / 0, 2 ^ -149 },
  Double = { 0.1, -1 / 0, 2 ^ -1074 },
}

function tests.everyTypeComesBack()
  for _, binary in ipairs{ true, false } do
    for name, list in pairs(values) do
      local f, storage = torch.MemoryFile(), torch[name .. 'Storage'](list)
      if binary then f:binary() end
      tester:eq(f['write' .. name](f, storage), #list)
      for _, v in ipairs(list) do f['write' .. name](f, v) end
      f:seek(1)
      tester:eq(f['read' .. name](f, #list):totable(), storage:totable())
      for _, v in ipairs(list) do tester:eq(f['read' .. name](f), v, name) end
      tester:eq(f:position(), f:seekEnd():position())
    end
  end
end

function tests.bigFilesCrossBuffers()
  for _, mode in ipairs{ 'ascii', 'binary' } do
    with_file(function(path)
      local f = torch.DiskFile(path, 'rw')
      f[mode](f)
      local numbers = torch.range(1, 60000):mul(1 / 3)
      f:writeInt(7)
      f:writeDouble(numbers:storage())
      f:writeString('the end')
      f:seek(1)
      tester:eq(f:readInt(), 7)
      tester:assert(torch.DoubleTensor(f:readDouble(60000)):equal(numbers))
      tester:eq(f:readString('*a'), 'the end')
      f:close()
    end)
  end
end

function tests.byteOrderAndLongSize()
  with_file(function(path)
    local f = torch.DiskFile(path, 'w'):binary():bigEndianEncoding()
    f:longSize(4)
    f:writeLong(torch.LongStorage{ 1, -2 })
    f:writeShort(258)
    f:close()
    tester:eq(content(path), '\0\0\0\1\255\255\255\254\1\2')
    f = torch.DiskFile(path):binary():bigEndianEncoding()
    f:longSize(4)
    tester:eq(f:readLong(2):totable(), { 1, -2 })
    tester:eq(f:readShort(), 258)
    f:close()
    raises(function() torch.MemoryFile():longSize(5) end, 'Invalid long size specified')
  end)
end

function tests.quietReadsReturnLess()
  local f = torch.MemoryFile():binary()
  f:writeInt(torch.IntStorage{ 1, 2 })
  f:seek(1)
  raises(function() f:readInt(5) end, 'read error: read 2 blocks instead of 5')
  f:clearError():seek(1):quiet()
  tester:eq(#f:readInt(5), 2)
  tester:assert(f:hasError())
  tester:eq(f:readInt(), 0)
  f:pedantic()
  raises(function() f:readInt() end, 'read error: read 0 blocks instead of 1')
end

function tests.claimedCountsTakeNoMemory()
  local f = torch.MemoryFile():binary():quiet()
  f:writeString('abc')
  f:seek(1)
  tester:eq(#f:readDouble(2 ^ 50), 0)
  f:seek(1)
  tester:eq(#f:readChar(2 ^ 50), 3)
  local p = torch.PipeFile('printf abc'):binary():quiet()
  tester:eq(p:readChar(2 ^ 50):string(), 'abc')
  p:close()
end

function tests.wrongUse()
  local f = torch.MemoryFile('r')
  raises(function() f:writeInt(1) end, 'attempt to write in a read-only file')
  raises(function() torch.MemoryFile('w'):readInt() end, 'attempt to read in a write-only file')
  raises(function() f:seek(5) end, 'unable to seek at position 4')
  raises(function() f:readString('*n') end, "format must be '*a' or '*l'")
  raises(function() f:readInt('x') end, 'nothing, number, or IntStorage expected')
  raises(function() torch.MemoryFile():writeInt(torch.LongStorage(1)) end, 'number, or IntStorage expected')
  f:close()
  raises(function() f:readInt() end, 'attempt to use a closed file')
  raises(function() f:position() end, 'attempt to use a closed file')
  raises(function() f:storage() end, 'attempt to use a closed file')
  raises(function() f:close() end, 'attempt to use a closed file')
  raises(function() torch.DiskFile('/nonexistent/x', 'w') end, 'cannot open </nonexistent/x> in mode  w')
  raises(function() torch.DiskFile('/tmp') end, 'cannot open </tmp> in mode r ')
  raises(function() torch.DiskFile('x', 'a') end, "file mode should be 'r','w' or 'rw'")
  tester:assert(torch.DiskFile('/nonexistent', 'r', true) == nil)
  for _, bad in ipairs{ 1, {}, 'x', torch.Tensor() } do
    tester:assert(not pcall(torch.DiskFile.readInt, bad))
    tester:assert(not pcall(torch.DiskFile.noBuffer, bad))
  end
  tester:assert(not pcall(torch.DiskFile.noBuffer, torch.MemoryFile()))
  tester:assert(not pcall(torch.MemoryFile.storage, torch.PipeFile('true')))
end

function tests.storagesOfMemoryFilesStayValid()
  local f = torch.MemoryFile()
  f:writeInt(12)
  local s = f:storage()
  tester:eq(s:string(), '12\n\0')
  tester:assert(not pcall(s.resize, s, 1000), 'the file still looks at it')
  for k = 1, 1000 do f:writeInt(k) end
  tester:eq(s:string(), '12\n\0')
  s:resize(1000)
  f:close()
  do -- dropped with its storage lent out
    local g = torch.MemoryFile(torch.CharStorage():string('4 5\0'), 'rw')
    tester:eq(g:readInt(), 4)
    g:storage()
  end
  collectgarbage()
end

function tests.pipes()
  local p = torch.PipeFile('echo 1 2.5; echo text')
  tester:eq({ p:readInt(), p:readDouble(), p:readString('*l') }, { 1, 2.5, 'text' })
  p:close()
  local sink = torch.PipeFile('true', 'w') -- a command that reads nothing must not end us
  sink:quiet():writeString(('x'):rep(1e6))
  sink:close()
  tester:eq(tostring(torch.PipeFile('true')), 'torch.PipeFile on <true> [status: open -- mode: r ]')
end

function tests.fullDisk()
  raises(function()
    local f = torch.DiskFile('/dev/full', 'w')
    f:writeInt(1)
    f:synchronize()
  end, 'write error')
  raises(function() torch.save('/dev/full', { 1 }) end, 'write error')
end

tester:add(tests):run()
