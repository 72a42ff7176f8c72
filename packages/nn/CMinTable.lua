local CMinTable, parent = torch.class('nn.CMinTable', 'nn.Module')

function CMinTable:__init()
  parent.__init(self)
  self.gradInput = {}
  self.minIdx = torch.Tensor()
  self.mask = torch.Tensor()
  self.minVals = torch.Tensor()
  self.gradMaxVals = torch.Tensor()
end

-- The first among equals wins.
function CMinTable:updateOutput(input)
  local output, winner = self.output, self.minIdx
  output:resizeAs(input[1]):copy(input[1])
  winner:resizeAs(input[1]):fill(1)
  for i = 2, #input do
    self.maskByteTensor = torch.lt(input[i], output)
    winner:maskedFill(self.maskByteTensor, i)
    output:cmin(input[i])
  end
  return output
end

function CMinTable:updateGradInput(input, gradOutput)
  local gradients = self.gradInput
  for i = 1, #input do
    gradients[i] = gradients[i] or input[1].new()
    torch.eq(self.mask, self.minIdx, i)
    gradients[i]:cmul(self.mask, gradOutput)
    gradients[i]:resizeAs(input[i])
  end
  for i = #gradients, #input + 1, -1 do gradients[i] = nil end
  return gradients
end

function CMinTable:type(type, cache)
  if type then self.maskByteTensor = nil end
  return parent.type(self, type, cache)
end

function CMinTable:clearState()
  self.maskByteTensor = nil
  nn.utils.clear(self, 'minIdx', 'mask', 'minVals', 'gradMaxVals')
  return parent.clearState(self)
end
