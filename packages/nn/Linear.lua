local Linear, parent = torch.class('nn.Linear', 'nn.Module')

function Linear:__init(inputSize, outputSize, bias)
  parent.__init(self)
  self.weight = torch.Tensor(outputSize, inputSize)
  self.gradWeight = torch.Tensor(outputSize, inputSize)
  if bias ~= false then
    self.bias = torch.Tensor(outputSize)
    self.gradBias = torch.Tensor(outputSize)
  end
  self:reset()
end

function Linear:noBias()
  self.bias, self.gradBias = nil, nil
  return self
end

function Linear:reset(stdv)
  stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.weight:size(2))
  self.weight:uniform(-stdv, stdv)
  if self.bias then self.bias:uniform(-stdv, stdv) end
  return self
end

function Linear:updateOutput(input)
  input.THNN.Linear_updateOutput(input, self.output, self.weight, self.bias)
  return self.output
end

function Linear:updateGradInput(input, gradOutput)
  local gradInput = self.gradInput
  if gradInput then input.THNN.Linear_updateGradInput(input, gradOutput, gradInput, self.weight) end
  return gradInput
end

function Linear:accGradParameters(input, gradOutput, scale)
  input.THNN.Linear_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, scale or 1)
end

-- Nothing is read back: shared parameters can take the updates one after the other.
function Linear:sharedAccUpdateGradParameters(input, gradOutput, lr)
  self:defaultAccUpdateGradParameters(input, gradOutput, lr)
end

function Linear:__tostring__()
  return ('%s(%d -> %d)'):format(torch.type(self), self.weight:size(2), self.weight:size(1))
    .. (self.bias and '' or ' without bias')
end
