-- th make_corpus.lua FOLDER: small seeds for t7_loader, one for each kind of object and form, and the
-- small files of tests/data and tests/conformance.
local out = arg[1] or error('usage: th make_corpus.lua FOLDER')
local here = debug.getinfo(1, 'S').source:match('^@(.*)/') or '.'
os.execute(('mkdir -p %q'):format(out))
local n = 0
local function seed(form, bytes)
  n = n + 1
  local f = assert(io.open(('%s/seed-%03d'):format(out, n), 'wb'))
  f:write(string.char(form), bytes)
  f:close()
end

test = test or {}
torch.class('test.Object')
local object = test.Object()
object.field, object.list = 'value', { 1, 2 }
local counter = 0
local objects = {
  { 1, 'two', true, { 3 } }, { a = 1, [1.5] = 'x', [true] = {} }, object, function() counter = counter + 1 return counter end,
  torch.range(1, 4):resize(2, 2):t(), { torch.ones(2):storage(), torch.ones(2) }, torch.CharStorage{ 65, 0 },
  torch.LongTensor{ { 1, 2 } }, torch.HalfTensor(2):fill(1), torch.Generator(), torch.FloatTensor(), 0.1, 'text',
}
local shared = torch.ByteTensor{ 1, 2, 3 }
objects[#objects + 1] = { shared, shared:narrow(1, 2, 2), shared:storage(), shared }
for _, o in ipairs(objects) do
  seed(0, torch.serialize(o))
  seed(1, torch.serialize(o, 'ascii'))
  local f = torch.MemoryFile():binary()
  f:longSize(4)
  f:writeObject(o)
  seed(2, f:storage():string():sub(1, -2))
end
for path in io.popen(('find %q %q -name "*.t7" -size -3k'):format(here .. '/../data/t7', here .. '/../conformance/fixtures')):lines() do
  local f = assert(io.open(path, 'rb'))
  seed(path:find('ascii', 1, true) and 1 or path:find('longsize4', 1, true) and 2 or 0, f:read('*a'))
  f:close()
end
print(n .. ' seeds')
