local CMaxTable, parent = torch.class('nn.CMaxTable', 'nn.Module')

function CMaxTable:__init()
  parent.__init(self)
  self.gradInput = {}
  self.maxIdx = torch.Tensor()
  self.mask = torch.Tensor()
  self.maxVals = torch.Tensor()
  self.gradMaxVals = torch.Tensor()
end

-- The first among equals wins.
function CMaxTable:updateOutput(input)
  local output, winner = self.output, self.maxIdx
  output:resizeAs(input[1]):copy(input[1])
  winner:resizeAs(input[1]):fill(1)
  for i = 2, #input do
    self.maskByteTensor = torch.gt(input[i], output)
    winner:maskedFill(self.maskByteTensor, i)
    output:cmax(input[i])
  end
  return output
end

function CMaxTable:updateGradInput(input, gradOutput)
  local gradients = self.gradInput
  for i = 1, #input do
    gradients[i] = gradients[i] or input[1].new()
    torch.eq(self.mask, self.maxIdx, i)
    gradients[i]:cmul(self.mask, gradOutput)
    gradients[i]:resizeAs(input[i])
  end
  for i = #gradients, #input + 1, -1 do gradients[i] = nil end
  return gradients
end

function CMaxTable:type(type, cache)
  if type then self.maskByteTensor = nil end
  return parent.type(self, type, cache)
end

function CMaxTable:clearState()
  self.maskByteTensor = nil
  nn.utils.clear(self, 'maxIdx', 'mask', 'maxVals', 'gradMaxVals')
  return parent.clearState(self)
end
