-- Writes text with a model that train.lua saved.
require 'nngraph'
local text = dofile(paths.thisfile('../text.lua'))
local model = dofile(paths.thisfile('model.lua'))

local cmd = torch.CmdLine()
cmd:text('Writes text with a character-level language model.')
cmd:text()
cmd:argument('checkpoint', 'file that train.lua saved')
cmd:option('-prime', 'ROMEO:', 'the text to go on from')
cmd:option('-length', 500, 'characters to write')
cmd:option('-temperature', 0.8, 'below 1: likelier characters more often')
cmd:option('-seed', 123, 'seed of the random numbers')
local opt = cmd:parse(arg)
torch.manualSeed(opt.seed)
torch.setdefaulttensortype('torch.FloatTensor')

if not paths.filep(opt.checkpoint) then cmd:error('there is no file ' .. opt.checkpoint) end
local checkpoint = torch.load(opt.checkpoint)
local cell, decoder, characters = checkpoint.cell, checkpoint.decoder, checkpoint.characters
cell:evaluate()
local number = text.numbers(characters)

local state = model.state(1, checkpoint.size, checkpoint.layers)
local input = torch.LongTensor(1)
local function read(k)
  input[1] = k
  state = cell:forward(model.input(input, state))
  return decoder:forward(state[#state])
end

local logProbabilities
for c in (opt.prime == '' and '\n' or opt.prime):gmatch('.') do
  logProbabilities = read(number[c] or cmd:error('the model does not know the character ' .. c))
end
io.write(opt.prime)
for _ = 1, opt.length do
  local k = text.draw(logProbabilities:view(-1), opt.temperature)
  io.write(characters[k])
  logProbabilities = read(k)
end
io.write('\n')
