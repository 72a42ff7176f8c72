-- Trains an LSTM to predict the next character of a text, in the manner of Karpathy's char-rnn.
require 'nngraph'
require 'optim'
require 'xlua'
local data = dofile(paths.thisfile('../data.lua'))
local text = dofile(paths.thisfile('../text.lua'))
local model = dofile(paths.thisfile('model.lua'))

local cmd = torch.CmdLine()
cmd:text('Trains a character-level language model.')
cmd:text()
cmd:option('-data', '', 'folder of the data (default $TORCH_DATA)')
cmd:option('-text', 'text/tinyshakespeare.txt', 'file of that folder')
cmd:option('-size', 128, 'units of a layer')
cmd:option('-layers', 2, 'layers')
cmd:option('-dropout', 0, 'dropout between layers')
cmd:option('-batch', 50, 'sequences side by side')
cmd:option('-length', 50, 'characters of a sequence')
cmd:option('-epochs', 10, 'passes over the text')
cmd:option('-rate', 4e-3, 'largest learning rate of Adam')
cmd:option('-clip', 5, 'largest magnitude of a gradient')
cmd:option('-validation', 0.05, 'share of the text, at its end, that is not trained on')
cmd:option('-seed', 123, 'seed of the random numbers')
cmd:option('-save', 'char_lstm.t7', 'file of the checkpoint, written when the validation loss is the best so far')
cmd:option('-resume', '', 'checkpoint to go on from')
cmd:option('-steps', 0, 'stop after so many steps, if not 0')
local opt = cmd:parse(arg)
torch.manualSeed(opt.seed)
torch.setdefaulttensortype('torch.FloatTensor')

local codes, characters = text.encode(data.read(data.find(opt.data, opt.text)))
local held = math.floor(codes:size(1) * opt.validation)

-- Part of the text as `batch` long columns, characters and those that follow them, of which sequences are cut.
local function columns(part)
  local n = math.floor((part:size(1) - 1) / (opt.batch * opt.length)) * opt.length
  local x = part:narrow(1, 1, n * opt.batch):view(opt.batch, n):t():contiguous()
  local y = part:narrow(1, 2, n * opt.batch):view(opt.batch, n):t():contiguous()
  return { x = x, y = y, sequences = n / opt.length }
end
local training = columns(codes:narrow(1, 1, codes:size(1) - held))
local validation = columns(codes:narrow(1, codes:size(1) - held + 1, held))
if training.sequences == 0 or validation.sequences == 0 then
  error('the text is too short for batches of this size')
end

local cell, decoder
local config, best, firstEpoch = {}, math.huge, 1
if opt.resume ~= '' then
  local checkpoint = torch.load(opt.resume)
  cell, decoder, config = checkpoint.cell, checkpoint.decoder, checkpoint.config
  best, firstEpoch = checkpoint.loss, checkpoint.epoch + 1
  opt.size, opt.layers = checkpoint.size, checkpoint.layers
  if table.concat(checkpoint.characters) ~= table.concat(characters) then
    error('the text has other characters than the one that ' .. opt.resume .. ' was trained on')
  end
else
  cell, decoder = model.cell(#characters, opt.size, opt.layers, opt.dropout), model.decoder(#characters, opt.size)
end
local criterion = nn.ClassNLLCriterion()
local params, gradParams = nn.Container():add(cell):add(decoder):getParameters()
print(string.format('%d characters, %d different; %d parameters', codes:size(1), #characters, params:nElement()))

-- A copy of the cell for every place of a sequence, all with the same parameters.
local cells = {}
for t = 1, opt.length do cells[t] = cell:clone('weight', 'bias', 'gradWeight', 'gradBias') end
local tops = torch.Tensor(opt.length, opt.batch, opt.size) -- outputs of the top layer

-- Loss of a sequence and the state after it; inputs of all steps for the way back.
local function forward(x, y, state)
  local inputs = {}
  for t = 1, opt.length do
    inputs[t] = model.input(x[t], state)
    state = cells[t]:forward(inputs[t])
    tops[t]:copy(state[2 * opt.layers])
  end
  local flat = tops:view(opt.length * opt.batch, opt.size)
  return criterion:forward(decoder:forward(flat), y:view(-1)), state, inputs
end

local function backward(y, inputs)
  local flat = tops:view(opt.length * opt.batch, opt.size)
  local gradTops = decoder:backward(flat, criterion:backward(decoder.output, y:view(-1))):viewAs(tops)
  local gradState = model.state(opt.batch, opt.size, opt.layers)
  for t = opt.length, 1, -1 do
    gradState[2 * opt.layers]:add(gradTops[t])
    local gradInput = cells[t]:backward(inputs[t], gradState)
    gradState = { unpack(gradInput, 2) }
  end
end

local function keep(state) -- apart from the buffers of the cells
  local out = {}
  for k, v in ipairs(state) do out[k] = v:clone() end
  return out
end

local function validate()
  for _, c in ipairs(cells) do c:evaluate() end
  local sum, state = 0, model.state(opt.batch, opt.size, opt.layers)
  for s = 1, validation.sequences do
    local first = (s - 1) * opt.length + 1
    local loss
    loss, state = forward(validation.x:narrow(1, first, opt.length), validation.y:narrow(1, first, opt.length), state)
    sum, state = sum + loss, keep(state)
  end
  return sum / validation.sequences
end

local schedule = optim.schedule.cosine{ learningRate = opt.rate, steps = opt.epochs * training.sequences, final = opt.rate / 20 }
local adam = optim.schedule.apply(optim.adam, schedule)
local steps = 0
for epoch = firstEpoch, opt.epochs do
  for _, c in ipairs(cells) do c:training() end
  local timer, sum, count = torch.Timer(), 0, 0
  local state = model.state(opt.batch, opt.size, opt.layers)
  for s = 1, training.sequences do
    local first = (s - 1) * opt.length + 1
    local x, y = training.x:narrow(1, first, opt.length), training.y:narrow(1, first, opt.length)
    local function feval()
      gradParams:zero()
      local loss, after, inputs = forward(x, y, state)
      backward(y, inputs)
      state = keep(after)
      return loss, gradParams
    end
    local _, fs = adam(optim.clipGradValue(feval, opt.clip), params, config)
    sum, count, steps = sum + fs[1], count + 1, steps + 1
    xlua.progress(s, training.sequences)
    if steps == opt.steps then break end
  end

  local ms = 1000 * timer:time().real / count
  local loss = validate()
  print(string.format('epoch %d: training loss %.4f, validation loss %.4f nats, %.0f ms a step', epoch, sum / count, loss, ms))
  if loss < best then
    best = loss
    torch.save(opt.save, { cell = cell:clone():clearState(), decoder = decoder:clone():clearState(), config = config,
      characters = characters, size = opt.size, layers = opt.layers, epoch = epoch, loss = loss })
  end
  if steps == opt.steps then break end
end
print(string.format('best validation loss %.4f nats, in %s', best, opt.save))
