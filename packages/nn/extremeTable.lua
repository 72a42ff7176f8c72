-- Gives a class the methods of CMaxTable ('max') or CMinTable ('min').
return function(Table, parent, kind)
  local index, values, keep = kind .. 'Idx', kind .. 'Vals', 'c' .. kind
  local beats = kind == 'max' and 'gt' or 'lt'

  function Table:__init()
    parent.__init(self)
    self.gradInput = {}
    self[index] = torch.Tensor()
    self.mask = torch.Tensor()
    self[values] = torch.Tensor()
    self.gradMaxVals = torch.Tensor()
  end

  -- The first among equals wins.
  function Table:updateOutput(input)
    local output, winner = self.output, self[index]
    output:resizeAs(input[1]):copy(input[1])
    winner:resizeAs(input[1]):fill(1)
    for i = 2, #input do
      self.maskByteTensor = torch[beats](input[i], output)
      winner:maskedFill(self.maskByteTensor, i)
      output[keep](output, input[i])
    end
    return output
  end

  function Table:updateGradInput(input, gradOutput)
    local gradients = self.gradInput
    for i = 1, #input do
      gradients[i] = gradients[i] or input[1].new()
      torch.eq(self.mask, self[index], i)
      gradients[i]:cmul(self.mask, gradOutput)
      gradients[i]:resizeAs(input[i])
    end
    for i = #gradients, #input + 1, -1 do gradients[i] = nil end
    return gradients
  end

  function Table:type(type, cache)
    if type then self.maskByteTensor = nil end
    return parent.type(self, type, cache)
  end

  function Table:clearState()
    self.maskByteTensor = nil
    nn.utils.clear(self, index, 'mask', values, 'gradMaxVals')
    return parent.clearState(self)
  end
end
