-- GRU over a whole sequence, time x batch x features, in a few calls. Input x, or { x, h0 } to go on from a state.
local FusedGRU = torch.class('nn.FusedGRU', 'nn.FusedLSTM')

function FusedGRU:__init(inputSize, hiddenSize, reverse)
  nn.Module.__init(self)
  self.inputSize = inputSize
  self.hiddenSize = hiddenSize
  self.reverse = reverse or false
  self:makeParameters(3, 4) -- the candidate has a second bias, inside the reset gate
end

local function parts(input)
  if type(input) == 'table' then return input[1], input[2] end
  return input
end

function FusedGRU:updateOutput(input)
  local x, h0 = parts(input)
  x.THNN.FusedGRU_updateOutput(x, self.output, self.gates, self.weight, self.recurrent, self.bias, h0, self.reverse)
  return self.output
end

function FusedGRU:updateGradInput(input, gradOutput)
  local x, h0 = parts(input)
  local gradX = type(self.gradInput) == 'table' and self.gradInput[1] or self.gradInput
  x.THNN.FusedGRU_updateGradInput(x, gradOutput, gradX, self.output, self.gates, self.gradGates, self.weight, self.recurrent, h0,
    self.gradHidden, self.reverse)
  self.gradInput = type(input) == 'table' and { gradX, h0 and self.gradHidden } or gradX
  return self.gradInput
end

function FusedGRU:state()
  return self.output[self.reverse and 1 or self.output:size(1)]:clone()
end

function FusedGRU:clearState()
  nn.utils.clear(self, 'gates', 'gradGates', 'gradHidden')
  return nn.Module.clearState(self)
end
