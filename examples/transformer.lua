-- A character-level transformer (Vaswani et al., 2017, arXiv:1706.03762; layers normalised before each part).
require 'nn'
require 'optim'
require 'xlua'
local data = dofile(paths.thisfile('data.lua'))
local text = dofile(paths.thisfile('text.lua'))

local cmd = torch.CmdLine()
cmd:text('Trains a transformer to predict the next character of a text, then lets it write.')
cmd:text()
cmd:option('-data', '', 'folder of the data (default $TORCH_DATA)')
cmd:option('-text', 'text/tinyshakespeare.txt', 'file of that folder')
cmd:option('-size', 128, 'numbers that describe a character')
cmd:option('-layers', 4, 'layers')
cmd:option('-heads', 4, 'heads of attention')
cmd:option('-dropout', 0, 'dropout')
cmd:option('-length', 64, 'characters that it sees')
cmd:option('-batch', 32, 'sequences side by side')
cmd:option('-steps', 2000, 'steps of training')
cmd:option('-rate', 1e-3, 'largest learning rate')
cmd:option('-decay', 0.1, 'weight decay of AdamW')
cmd:option('-every', 500, 'steps between validations')
cmd:option('-write', 500, 'characters to write in the end')
cmd:option('-temperature', 0.8, 'below 1: likelier characters more often')
cmd:option('-seed', 1, 'seed of the random numbers')
cmd:option('-save', 'transformer.t7', 'file for the model')
local opt = cmd:parse(arg)
torch.manualSeed(opt.seed)
torch.setdefaulttensortype('torch.FloatTensor')
local T, D = opt.length, opt.size
if D % opt.heads ~= 0 then cmd:error('-size should be a multiple of -heads') end

local function transformer(vocabulary)
  local model = nn.Sequential():add(nn.LookupTable(vocabulary, D)):add(nn.CAdd(1, T, D))
  for _ = 1, opt.layers do model:add(nn.TransformerEncoderLayer(D, opt.heads, 4 * D, opt.dropout, true)) end
  return model:add(nn.LayerNorm(D)):add(nn.View(-1, D)):add(nn.Linear(D, vocabulary)):add(nn.LogSoftMax())
end

local codes, characters = text.encode(data.read(data.find(opt.data, opt.text)))
local held = math.floor(codes:size(1) * 0.05)
local training = codes:narrow(1, 1, codes:size(1) - held)
local validation = codes:narrow(1, codes:size(1) - held + 1, held)

local model, criterion = transformer(#characters), nn.ClassNLLCriterion()
for _, module in ipairs(model:findModules('nn.Linear')) do
  module.weight:normal(0, 0.02)
  module.bias:zero()
end
model:get(1).weight:normal(0, 0.02)
model:get(2).bias:normal(0, 0.02)
local params, gradParams = model:getParameters()
print(string.format('%d characters, %d different; %d parameters', codes:size(1), #characters, params:nElement()))

-- Sequences that start at the given places, and the characters that follow.
local x, y = torch.LongTensor(opt.batch, T), torch.LongTensor(opt.batch, T)
local function fill(part, place)
  for b = 1, opt.batch do
    local first = place(b)
    x[b]:copy(part:narrow(1, first, T))
    y[b]:copy(part:narrow(1, first + 1, T))
  end
end

local function validate()
  model:evaluate()
  local sum, count = 0, math.floor((held - 1) / (T * opt.batch))
  for s = 1, count do
    fill(validation, function(b) return ((s - 1) * opt.batch + b - 1) * T + 1 end)
    sum = sum + criterion:forward(model:forward(x), y:view(-1))
  end
  model:training()
  return sum / count
end

local warmup = math.floor(opt.steps / 20)
local schedule = optim.schedule.cosine{ learningRate = opt.rate, steps = opt.steps - warmup, warmup = warmup, final = opt.rate / 10 }
local adamw = optim.schedule.apply(optim.adamw, schedule)
local config = { weightDecay = opt.decay, beta2 = 0.99 }
local function feval()
  gradParams:zero()
  local loss = criterion:forward(model:forward(x), y:view(-1))
  model:backward(x, criterion:backward(model.output, y:view(-1)))
  return loss, gradParams
end

local sum = 0
for step = 1, opt.steps do
  fill(training, function() return torch.random(training:size(1) - T) end)
  local _, fs = adamw(optim.clipGradNorm(feval, 1), params, config)
  sum = sum + fs[1]
  xlua.progress((step - 1) % opt.every + 1, opt.every)
  if step % opt.every == 0 or step == opt.steps then
    local loss = sum / ((step - 1) % opt.every + 1)
    print(string.format('step %d: training loss %.4f, validation loss %.4f nats', step, loss, validate()))
    sum = 0
  end
end

-- Writing: the model sees the last T characters; before there are so many, what follows the newest does not matter.
local number = text.numbers(characters)
local written = { number['\n'] or 1 }
model:evaluate()
local window = torch.LongTensor(1, T)
for _ = 1, opt.write do
  local n = math.min(#written, T)
  window:fill(1)
  for t = 1, n do window[1][t] = written[#written - n + t] end
  table.insert(written, text.draw(model:forward(window)[n], opt.temperature))
  io.write(characters[written[#written]])
end
io.write('\n')

torch.save(opt.save, { model = model:clearState(), characters = characters, length = T })
print('saved to ' .. opt.save)
