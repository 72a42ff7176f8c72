local CDivTable, parent = torch.class('nn.CDivTable', 'nn.Module')

function CDivTable:__init()
  parent.__init(self)
  self.gradInput = {}
end

function CDivTable:updateOutput(input)
  return self.output:cdiv(input[1], input[2])
end

function CDivTable:updateGradInput(input, gradOutput)
  local gradients = self.gradInput
  for i = 1, 2 do gradients[i] = gradients[i] or input[i].new() end
  gradients[1]:cdiv(gradOutput, input[2])
  gradients[2]:cmul(gradients[1], input[1]):cdiv(input[2]):mul(-1)
  gradients[1]:resizeAs(input[1])
  gradients[2]:resizeAs(input[2])
  return gradients
end
