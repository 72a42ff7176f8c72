-- What the digit examples share: the network, the training loop, the report, saving and loading back.
-- A set is {images = n x 1 x 28 x 28 floats in 0..1, labels = n numbers in 1..10}.
require 'nn'
require 'optim'
require 'xlua'

local digits = {}

-- LeNet with dropout (LeCun et al. 1998, in the form of the 2010s).
function digits.network(dropout)
  return nn.Sequential()
    :add(nn.SpatialConvolution(1, 20, 5, 5)):add(nn.ReLU()):add(nn.SpatialMaxPooling(2, 2))
    :add(nn.SpatialConvolution(20, 50, 5, 5)):add(nn.ReLU()):add(nn.SpatialMaxPooling(2, 2))
    :add(nn.View(50 * 4 * 4)):add(nn.Linear(50 * 4 * 4, 256)):add(nn.ReLU()):add(nn.Dropout(dropout or 0.5))
    :add(nn.Linear(256, 10)):add(nn.LogSoftMax())
end

function digits.options(cmd, defaults)
  cmd:option('-epochs', defaults.epochs, 'passes over the training images')
  cmd:option('-batch', 32, 'images a step')
  cmd:option('-rate', defaults.rate, 'learning rate of SGD')
  cmd:option('-momentum', 0.9, 'momentum of SGD')
  cmd:option('-dropout', 0.5, 'dropout before the last layer')
  cmd:option('-threads', torch.getnumthreads(), 'threads')
  cmd:option('-seed', 1, 'seed of the random numbers')
  cmd:option('-save', defaults.save, 'file for the model')
end

-- One line: how far the epoch is, the mean loss so far, the time left.
local function show(epoch, share, loss, seconds)
  local width = 36
  local done = math.floor(width * share)
  local bar = ('='):rep(done) .. (done < width and '>' or '') .. ('.'):rep(width - done - 1)
  io.write(('\repoch %2d [%s] %3d%%  loss %.4f  %s left   '):format(
    epoch, bar, share * 100, loss, xlua.formatTime(seconds * (1 - share) / share)))
  io.flush()
end

-- Calls f(images, labels, seen) for batches in the given order (a LongTensor), or in that of the set.
local function batches(set, size, order, f)
  local n = set.labels:size(1)
  for first = 1, n, size do
    local count = math.min(size, n - first + 1)
    if order then
      local picked = order:narrow(1, first, count)
      f(set.images:index(1, picked), set.labels:index(1, picked), first + count - 1)
    else
      f(set.images:narrow(1, first, count), set.labels:narrow(1, first, count), first + count - 1)
    end
  end
end

-- Share of the images that the model names right; fills the confusion matrix.
function digits.test(model, set, confusion)
  model:evaluate()
  confusion:zero()
  batches(set, 200, nil, function(images, labels) confusion:batchAdd(model:forward(images), labels) end)
  confusion:updateValids()
  return confusion.totalValid
end

function digits.train(opt, train, test)
  local model, criterion = digits.network(opt.dropout), nn.ClassNLLCriterion()
  local params, gradients = model:getParameters()
  local state = {learningRate = opt.rate, momentum = opt.momentum, dampening = 0, learningRateDecay = 0}
  local names = {}
  for k = 1, 10 do names[k] = tostring(k - 1) end
  local confusion = optim.ConfusionMatrix(names)
  local n, timer = train.labels:size(1), torch.Timer()
  print(('%d images to train on, %d to test, %d parameters, %d threads'):format(
    n, test.labels:size(1), params:nElement(), torch.getnumthreads()))

  local accuracy
  for epoch = 1, opt.epochs do
    model:training()
    state.learningRate = opt.rate * (1 - (epoch - 1) / opt.epochs)
    local started, sum, steps = timer:time().real, 0, 0
    batches(train, opt.batch, torch.randperm(n):long(), function(images, labels, seen)
      local _, losses = optim.sgd(function()
        gradients:zero()
        local loss = criterion:forward(model:forward(images), labels)
        model:backward(images, criterion:backward(model.output, labels))
        return loss, gradients
      end, params, state)
      sum, steps = sum + losses[1], steps + 1
      if steps % 10 == 0 or seen == n then show(epoch, seen / n, sum / steps, timer:time().real - started) end
    end)
    local seconds = timer:time().real - started
    accuracy = digits.test(model, test, confusion)
    print(('\repoch %2d  loss %.4f  test accuracy %.2f%%  %.2f s'):format(epoch, sum / steps, accuracy * 100, seconds) .. (' '):rep(30))
  end
  print(confusion)

  torch.save(opt.save, model:clearState())
  local loaded = torch.load(opt.save)
  local again = digits.test(loaded, test, confusion)
  assert(again == accuracy, 'the loaded model answers differently')
  print(('test accuracy %.2f%% after %.1f s; the model is in %s, and loaded back it answers the same'):format(
    accuracy * 100, timer:time().real, opt.save))
  return accuracy
end

return digits
