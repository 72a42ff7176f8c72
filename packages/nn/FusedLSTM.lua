-- LSTM over a whole sequence, time x batch x features, in a few calls. Input x, or { x, h0 [, c0] } to go on from a state.
local FusedLSTM, parent = torch.class('nn.FusedLSTM', 'nn.Module')

function FusedLSTM:__init(inputSize, hiddenSize, reverse)
  parent.__init(self)
  self.inputSize = inputSize
  self.hiddenSize = hiddenSize
  self.reverse = reverse or false -- reads the sequence from its end
  self:makeParameters(4, 4)
  self.cells = torch.Tensor()
  self.gradCell = torch.Tensor()
end

-- Blocks of rows, one a gate; `recurrent` multiplies the hidden state.
function FusedLSTM:makeParameters(blocks, biases)
  local inputs, hidden = self.inputSize, self.hiddenSize
  self.weight = torch.Tensor(blocks * hidden, inputs)
  self.recurrent = torch.Tensor(blocks * hidden, hidden)
  self.bias = torch.Tensor(biases * hidden)
  self.gradWeight = torch.Tensor(blocks * hidden, inputs):zero()
  self.gradRecurrent = torch.Tensor(blocks * hidden, hidden):zero()
  self.gradBias = torch.Tensor(biases * hidden):zero()
  self.gates = torch.Tensor()
  self.gradGates = torch.Tensor()
  self.gradHidden = torch.Tensor()
  self:reset()
end

function FusedLSTM:reset(stdv)
  stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.hiddenSize)
  self.weight:uniform(-stdv, stdv)
  self.recurrent:uniform(-stdv, stdv)
  self.bias:uniform(-stdv, stdv)
  return self
end

function FusedLSTM:parameters()
  return { self.weight, self.recurrent, self.bias }, { self.gradWeight, self.gradRecurrent, self.gradBias }
end

local function parts(input)
  if type(input) == 'table' then return input[1], input[2], input[3] end
  return input
end

function FusedLSTM:updateOutput(input)
  local x, h0, c0 = parts(input)
  x.THNN.FusedLSTM_updateOutput(x, self.output, self.gates, self.cells, self.weight, self.recurrent, self.bias, h0, c0,
    self.reverse)
  return self.output
end

function FusedLSTM:updateGradInput(input, gradOutput)
  local x, _, c0 = parts(input)
  local gradX = type(self.gradInput) == 'table' and self.gradInput[1] or self.gradInput
  x.THNN.FusedLSTM_updateGradInput(x, gradOutput, gradX, self.output, self.gates, self.cells, self.gradGates, self.weight,
    self.recurrent, c0, self.gradHidden, self.gradCell, self.reverse)
  if type(input) == 'table' then
    self.gradInput = { gradX, input[2] and self.gradHidden, input[3] and self.gradCell }
  else
    self.gradInput = gradX
  end
  return self.gradInput
end

function FusedLSTM:accGradParameters(input, _, scale)
  local x, h0 = parts(input)
  x.THNN.FusedRecurrent_accGradParameters(x, self.output, self.gradGates, self.gradWeight, self.gradRecurrent, self.gradBias,
    h0, self.reverse, scale or 1)
end

function FusedLSTM:accUpdateGradParameters(input, gradOutput, lr)
  self:zeroGradParameters()
  self:accGradParameters(input, gradOutput, 1)
  self:updateParameters(lr)
end

-- Where the last forward ended: copies, to be the next sequence's h0 and c0.
function FusedLSTM:state()
  local last = self.reverse and 1 or self.output:size(1)
  return self.output[last]:clone(), self.cells[last]:clone()
end

function FusedLSTM:clearState()
  nn.utils.clear(self, 'gates', 'cells', 'gradGates', 'gradHidden', 'gradCell')
  return parent.clearState(self)
end

function FusedLSTM:__tostring__()
  return ('%s(%d -> %d%s)'):format(torch.type(self), self.inputSize, self.hiddenSize, self.reverse and ', reverse' or '')
end
