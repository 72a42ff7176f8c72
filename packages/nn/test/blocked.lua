-- Float convolutions leave their results in the layout their kernels like. Whoever looks must see the plain elements:
-- every case compares with the same network in doubles, which never does so.
require 'nn'
local tester, tests = torch.Tester(), torch.TestSuite()

-- Smooth functions only: at a kink, rounding would decide.
local function net(inplace)
   return nn.Sequential()
      :add(nn.SpatialConvolution(3, 40, 3, 3, 1, 1, 1, 1)):add(nn.SpatialBatchNormalization(40)):add(nn.ELU(1, inplace))
      :add(nn.SpatialConvolution(40, 32, 3, 3, 1, 1, 1, 1)):add(nn.ELU(1, inplace))
      :add(nn.SpatialAveragePooling(2, 2, 2, 2)):add(nn.SpatialConvolution(32, 33, 3, 3)):add(nn.Tanh())
end

local function pair(inplace)
   local d = net(inplace):double()
   return d, d:clone():float()
end

local function near(a, b, what)
   tester:assertlt(torch.abs(a:double() - b:double()):max(), 2e-3 * math.max(1, torch.abs(a:double()):max()), what)
end

for _, inplace in ipairs{ false, true } do
   tests['train ' .. (inplace and 'in place' or 'apart')] = function()
      local d, f = pair(inplace)
      local _, gd = d:getParameters()
      local _, gf = f:getParameters()
      for step = 1, 3 do
         local x = torch.DoubleTensor(4, 3, 16, 16):uniform(-1, 1)
         gd:zero()
         gf:zero()
         local y = d:forward(x)
         near(y, f:forward(x:float()), 'output')
         local g = y:clone():uniform(-1, 1)
         near(d:backward(x, g:clone()), f:backward(x:float(), g:float()), 'gradInput')
         near(gd, gf, 'gradients')
         if step == 2 then
            -- looks at results in the middle, in several ways
            for i = 1, 6 do near(d:get(i).output, f:get(i).output, 'layer ' .. i) end
         end
      end
   end
end

-- 3 x 3 kernels between many planes: Winograd's methods, with tiles of 2 or of 4, cut at the edges.
function tests.winograd()
   local function compare(make, n, planes, h, w)
      local d = make()
      local f = d:clone():float()
      local x = torch.DoubleTensor(n, planes, h, w):uniform(-1, 1)
      if n == 1 then x = x[1] end
      local g = d:forward(x):clone():uniform(-1, 1)
      local function close(a, b, what)
         tester:assertlt((a:double() - b):abs():max(), 3e-5 * b:abs():max(), what .. ' of ' .. tostring(d) .. ' ' .. h .. 'x' .. w)
      end
      close(f:forward(x:float()), d.output, 'output')
      d:zeroGradParameters()
      f:zeroGradParameters()
      close(f:backward(x:float(), g:float(), 0.5), d:backward(x, g, 0.5), 'gradInput')
      close(f.gradWeight, d.gradWeight, 'gradWeight')
      if d.bias then close(f.gradBias, d.gradBias, 'gradBias') end
   end
   local before = torch.getnumthreads()
   for _, threads in ipairs{ 1, 2 } do
      torch.setnumthreads(threads)
      for _, s in ipairs{ { 32, 40, 8, 13, 13, 1 }, { 64, 48, 8, 7, 9, 1 }, { 36, 52, 3, 10, 31, 0 }, { 96, 128, 2, 27, 14, 1 },
                          { 33, 50, 7, 9, 8, 0 }, { 48, 64, 1, 30, 33, 1 }, { 256, 160, 2, 11, 14, 1 } } do
         local planes, results, n, h, w, pad = unpack(s)
         compare(function() return nn.SpatialConvolution(planes, results, 3, 3, 1, 1, pad, pad) end, n, planes, h, w)
         compare(function() return nn.SpatialFullConvolution(planes, results, 3, 3, 1, 1, pad, pad) end, n, planes, h, w)
      end
      compare(function() return nn.SpatialConvolution(64, 64, 3, 3, 1, 1, 1, 0):noBias() end, 4, 64, 20, 22)
   end
   torch.setnumthreads(before)
end

function tests.residual()
   local function block(n)
      local body = nn.Sequential()
         :add(nn.SpatialConvolution(n, n, 3, 3, 1, 1, 1, 1):noBias()):add(nn.SpatialBatchNormalization(n)):add(nn.ELU(1, true))
         :add(nn.SpatialConvolution(n, n, 3, 3, 1, 1, 1, 1):noBias()):add(nn.SpatialBatchNormalization(n))
      return nn.Sequential():add(nn.ConcatTable():add(body):add(nn.Identity())):add(nn.CAddTable(true)):add(nn.ELU(1, true))
   end
   local d = nn.Sequential():add(nn.SpatialConvolution(3, 40, 3, 3)):add(block(40)):add(block(40)):add(nn.SpatialAveragePooling(2, 2, 2, 2))
   local f = d:clone():float()
   local _, gd = d:getParameters()
   local _, gf = f:getParameters()
   for step = 1, 3 do
      local x = torch.DoubleTensor(4, 3, 16, 16):uniform(-1, 1)
      gd:zero()
      gf:zero()
      local y = d:forward(x)
      near(y, f:forward(x:float()), 'output')
      local g = y:clone():uniform(-1, 1)
      near(d:backward(x, g:clone()), f:backward(x:float(), g:float()), 'gradInput')
      near(gd, gf, 'gradients')
   end
   d:evaluate()
   f:evaluate()
   local x = torch.DoubleTensor(4, 3, 16, 16):uniform(-1, 1)
   near(d:forward(x), f:forward(x:float()), 'evaluation')
end

function tests.poolingIndices()
   for _, planes in ipairs{ 32, 40 } do
      local d = nn.Sequential():add(nn.SpatialConvolution(3, planes, 3, 3)):add(nn.SpatialMaxPooling(3, 3, 2, 2, 1, 1))
      local pool = d:get(2)
      -- multiples of 1/8: sums are exact in both types, and so are ties
      local function coarse(t) return t:mul(8):floor():div(8) end
      coarse(d:get(1).weight:mul(4))
      coarse(d:get(1).bias)
      d:add(nn.SpatialConvolution(planes, 8, 1, 1))
      local f = d:clone():float()
      for step = 1, 2 do
         local x = coarse(torch.DoubleTensor(4, 3, 18, 18):uniform(-1, 1))
         local y = d:forward(x)
         near(y, f:forward(x:float()), 'output')
         local g = y:clone():uniform(-1, 1)
         near(d:backward(x, g), f:backward(x:float(), g:float()), 'gradInput')
         tester:asserteq(torch.ne(pool.indices, f:get(2).indices):sum(), 0)
      end
      f:forward(torch.FloatTensor(4, 3, 18, 18):uniform())
      tester:asserteq(f:get(2).indices:min() >= 1, true)
   end
end

function tests.views()
   local d, f = pair(true)
   local x = torch.DoubleTensor(4, 3, 16, 16):uniform(-1, 1)
   d:forward(x)
   f:forward(x:float())
   local conv, same = f:get(4), d:get(4)
   local view = conv.output[2]
   near(same.output[2], view, 'select')
   -- a view taken earlier follows the module's next result, as in plain memory
   local x2 = torch.DoubleTensor(4, 3, 16, 16):uniform(-1, 1)
   d:forward(x2)
   f:forward(x2:float())
   near(same.output[2], view, 'old view')
end

function tests.elementAccess()
   local d, f = pair(false)
   local conv, same = f:get(1), d:get(1)
   for step = 1, 20 do
      local x = torch.DoubleTensor(4, 3, 16, 16):uniform(-1, 1)
      same:forward(x)
      conv:forward(x:float())
      tester:assertalmosteq(conv.output[1][2][3][4], same.output[1][2][3][4], 1e-4)
      tester:assertalmosteq(conv.output:storage()[7], same.output:storage()[7], 1e-4)
   end
end

function tests.copiesFilesAndPointers()
   local d, f = pair(false)
   local conv, same = f:get(1), d:get(1)
   local x = torch.DoubleTensor(4, 3, 16, 16):uniform(-1, 1)
   local want = same:forward(x)
   near(want, conv:forward(x:float()):clone(), 'clone')
   near(want, torch.deserialize(torch.serialize(conv:forward(x:float()))), 'file')
   local t = conv:forward(x:float())
   tester:assertalmosteq(tonumber(t:data()[100]), want:data()[100], 1e-4)
   t = conv:forward(x:float())
   tester:assertalmosteq(tonumber(t:cdata().storage.data[100]), want:data()[100], 1e-4)
   near(want, conv:clone().output, 'clone of the module')
   near(want * 2, conv:forward(x:float()):mul(2), 'written in place')
end

function tests.writtenBetween()
   -- the input of an in-place layer is that layer's output: what is written to one is seen in the other
   local conv, relu = nn.SpatialConvolution(3, 32, 3, 3):float(), nn.ReLU(true):float()
   local x = torch.FloatTensor(4, 3, 16, 16):uniform()
   local a = conv:forward(x)
   local b = relu:forward(a)
   a:fill(3)
   tester:asserteq(b:min(), 3)
   b:fill(4)
   tester:asserteq(a:max(), 4)
   a = conv:forward(x)
   tester:assertne(a:max(), 4)
end

tester:add(tests)
tester:run(arg and #arg > 0 and arg or nil)
