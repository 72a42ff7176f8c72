-- The collector and tensor memory.
local lib = require 'libtorch'
local tester = torch.Tester()
local tests = torch.TestSuite()

function tests.collectgarbageAnswersAsLuas()
  tester:eq(collectgarbage(), 0)
  tester:eq(collectgarbage('collect'), 0)
  tester:eq(type(collectgarbage('count')), 'number')
  tester:eq(collectgarbage('isrunning'), true)
  tester:eq(collectgarbage('stop'), 0)
  tester:eq(collectgarbage('isrunning'), false)
  tester:eq(collectgarbage('restart'), 0)
  tester:eq(collectgarbage('isrunning'), true)
  tester:eq(type(collectgarbage('step', 1000000)), 'boolean')
  local pause = collectgarbage('setpause', 150)
  tester:eq(collectgarbage('setpause', pause), 150)
  local multiplier = collectgarbage('setstepmul', 300)
  tester:eq(collectgarbage('setstepmul', multiplier), 300)
  local _, message = pcall(function() return (collectgarbage('everything')) end)
  tester:assert(message:find("bad argument #1 to 'collectgarbage' (invalid option 'everything')", 1, true) ~= nil)
  _, message = pcall(function() return (collectgarbage('step', {})) end)
  tester:assert(message:find("bad argument #2 to 'collectgarbage' (number expected, got table)", 1, true) ~= nil)
end

-- A compiled loop keeps what it was recorded with.
function tests.tracesOfThePastAreDropped()
  local function past()
    local big, sum = {}, 0
    for k = 1, 300000 do big[k] = { k } end
    local function get(k) return big[k][1] end
    for k = 1, 100000 do sum = sum + get(k) end
    return sum
  end
  tester:eq(past(), 100000 * 100001 / 2)
  collectgarbage()
  tester:assertlt(collectgarbage('count'), 10000)
end

function tests.deadTensorsAreCollected()
  collectgarbage()
  local before = lib.memory() -- live bytes, allocations, fresh ones
  local most = 0
  for _ = 1, 1000 do
    local _ = torch.FloatTensor(250000)
    most = math.max(most, (lib.memory()))
  end
  tester:assertlt(most - before, 64 * 1024 * 1024) -- of the gigabyte that was made
  for _ = 1, 100000 do
    local _ = torch.FloatTensor(100)
    most = math.max(most, (lib.memory()))
  end
  tester:assertlt(most - before, 64 * 1024 * 1024)
  collectgarbage()
  tester:assertle((lib.memory()), before + 4096)
end

tester:add(tests):run()
