local CSubTable, parent = torch.class('nn.CSubTable', 'nn.Module')

function CSubTable:__init()
  parent.__init(self)
  self.gradInput = {}
end

function CSubTable:updateOutput(input)
  return self.output:add(input[1], -1, input[2])
end

function CSubTable:updateGradInput(input, gradOutput)
  local gradients = self.gradInput
  for i = 1, 2 do gradients[i] = gradients[i] or input[i].new() end
  gradients[1]:resizeAs(input[1]):copy(gradOutput)
  gradients[2]:resizeAs(input[2]):copy(gradOutput):mul(-1)
  return gradients
end
