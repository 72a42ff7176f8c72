-- Training comes to rest: from the second step on no tensor block is new.
require 'nn'
require 'optim'
local lib = require 'libtorch'
local tester = torch.Tester()
local tests = torch.TestSuite()

local function fresh()
  return (select(3, lib.memory()))
end

-- The sanitizer build hands out every block anew.
local function keeps_blocks()
  local s = torch.FloatStorage(100000)
  s:resize(200000)
  local before = fresh()
  s:resize(0):resize(100000)
  local t = torch.FloatStorage(100000)
  return fresh() == before and t ~= nil
end
local keeps = keeps_blocks()

local function lenet()
  return nn.Sequential():add(nn.SpatialConvolution(1, 8, 5, 5)):add(nn.Tanh()):add(nn.SpatialMaxPooling(2, 2, 2, 2))
    :add(nn.SpatialConvolution(8, 16, 5, 5)):add(nn.ReLU(true)):add(nn.SpatialMaxPooling(2, 2, 2, 2))
    :add(nn.View(256)):add(nn.Dropout()):add(nn.Linear(256, 10)):add(nn.LogSoftMax())
end

local function residual()
  local function block(n)
    local path = nn.Sequential():add(nn.SpatialConvolution(n, n, 3, 3, 1, 1, 1, 1)):add(nn.SpatialBatchNormalization(n))
      :add(nn.ReLU(true)):add(nn.SpatialConvolution(n, n, 3, 3, 1, 1, 1, 1)):add(nn.SpatialBatchNormalization(n))
    return nn.Sequential():add(nn.ConcatTable():add(path):add(nn.Identity())):add(nn.CAddTable(true)):add(nn.ReLU(true))
  end
  return nn.Sequential():add(nn.SpatialConvolution(1, 8, 3, 3, 2, 2, 1, 1)):add(block(8))
    :add(nn.SpatialConvolution(8, 16, 3, 3, 2, 2, 1, 1)):add(block(16)):add(nn.SpatialAveragePooling(7, 7))
    :add(nn.View(16)):add(nn.Linear(16, 10)):add(nn.LogSoftMax())
end

local function recurrent(make)
  return function()
    return nn.Sequential():add(nn.View(28, 28):setNumInputDims(3)):add(make()):add(nn.Select(2, 28))
      :add(nn.Linear(28, 10)):add(nn.LogSoftMax())
  end
end

local networks = {
  lenet = lenet,
  residual = residual,
  lstm = recurrent(function() return nn.FusedLSTM(28, 28) end),
  gru = recurrent(function() return nn.FusedGRU(28, 28) end),
  transformer = recurrent(function() return nn.TransformerEncoderLayer(28, 4, 56) end),
}

for name, make in pairs(networks) do
  for _, type in ipairs{ 'torch.FloatTensor', 'torch.DoubleTensor' } do
    tests[name .. type:match('%.(%a+)Tensor')] = function()
      local model, criterion = make():type(type), nn.ClassNLLCriterion():type(type)
      local x, y = torch.Tensor(8, 1, 28, 28):uniform():type(type), torch.Tensor(8):random(10):type(type)
      local w, dw = model:getParameters()
      local state = {}
      local function step()
        optim.adam(function()
          dw:zero()
          local loss = criterion:forward(model:forward(x), y)
          model:backward(x, criterion:backward(model.output, y))
          return loss, dw
        end, w, state)
      end
      step()
      local before = fresh()
      for _ = 1, 3 do step() end
      if keeps then tester:eq(fresh() - before, 0) end
    end
  end
end

tester:add(tests):run()
