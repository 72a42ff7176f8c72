-- A character model: a cell of several LSTM layers as one graph, and a decoder from the top layer to the characters.
require 'nngraph'

local model = {}

-- One layer (Hochreiter and Schmidhuber, 1997; Graves, 2013): x, c, h -> next c, next h
local function lstm(inputSize, size, x, c, h)
  local fromInput = nn.Linear(inputSize, 4 * size)
  fromInput.bias:narrow(1, size + 1, size):fill(1) -- remember at first
  local sums = nn.CAddTable()({ fromInput(x), nn.Linear(size, 4 * size)(h) })
  local i, f, o, g = nn.SplitTable(2)(nn.Reshape(4, size)(sums)):split(4)
  i, f, o, g = nn.Sigmoid()(i), nn.Sigmoid()(f), nn.Sigmoid()(o), nn.Tanh()(g)
  local nextC = nn.CAddTable()({ nn.CMulTable()({ f, c }), nn.CMulTable()({ i, g }) })
  local nextH = nn.CMulTable()({ o, nn.Tanh()(nextC) })
  return nextC, nextH
end

-- {characters, c1, h1, c2, h2, ...} -> {c1, h1, c2, h2, ...}
function model.cell(vocabulary, size, layers, dropout)
  local inputs, outputs = { nn.Identity()() }, {}
  local x, inputSize = nn.LookupTable(vocabulary, size)(inputs[1]), size
  for layer = 1, layers do
    local c, h = nn.Identity()(), nn.Identity()()
    table.insert(inputs, c)
    table.insert(inputs, h)
    if layer > 1 and dropout > 0 then x = nn.Dropout(dropout)(x) end
    local nextC, nextH = lstm(inputSize, size, x, c, h)
    table.insert(outputs, nextC)
    table.insert(outputs, nextH)
    x, inputSize = nextH, size
  end
  return nn.gModule(inputs, outputs)
end

function model.decoder(vocabulary, size)
  return nn.Sequential():add(nn.Linear(size, vocabulary)):add(nn.LogSoftMax())
end

function model.state(batch, size, layers)
  local state = {}
  for k = 1, 2 * layers do state[k] = torch.zeros(batch, size) end
  return state
end

-- A step: the characters and the state of before
function model.input(characters, state)
  return { characters, unpack(state) }
end

return model
