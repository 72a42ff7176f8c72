local NarrowTable, parent = torch.class('nn.NarrowTable', 'nn.Module')

function NarrowTable:__init(offset, length)
  parent.__init(self)
  if not offset then error('nn.NarrowTable(offset, length)') end
  self.offset = offset
  self.length = length or 1
  self.output = {}
  self.gradInput = {}
end

function NarrowTable:updateOutput(input)
  local output = {}
  for i = 1, self.length do output[i] = input[self.offset + i - 1] end
  self.output = output
  return output
end

function NarrowTable:updateGradInput(input, gradOutput)
  local gradients, utils = self.gradInput, nn.utils
  for i = 1, #input do
    local from = i - self.offset + 1
    if from >= 1 and from <= self.length then
      gradients[i] = utils.recursiveCopy(gradients[i], gradOutput[from])
    else
      gradients[i] = utils.recursiveResizeAs(gradients[i], input[i])
      utils.recursiveFill(gradients[i], 0)
    end
  end
  for i = #gradients, #input + 1, -1 do gradients[i] = nil end
  return gradients
end

function NarrowTable:type(type, cache)
  if type then self.output, self.gradInput = {}, {} end
  return parent.type(self, type, cache)
end

function NarrowTable:clearState()
  self.output, self.gradInput = {}, {}
  return self
end
