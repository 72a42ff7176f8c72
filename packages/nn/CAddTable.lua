local CAddTable, parent = torch.class('nn.CAddTable', 'nn.Module')

function CAddTable:__init(inplace)
  parent.__init(self)
  self.inplace = inplace
  self.gradInput = {}
end

function CAddTable:updateOutput(input)
  local output = self.output
  local first = 2
  if self.inplace then
    output:set(input[1])
  elseif #input > 1 then
    output:add(input[1], input[2])
    first = 3
  else
    output:resizeAs(input[1]):copy(input[1])
  end
  for i = first, #input do output:add(input[i]) end
  return output
end

function CAddTable:updateGradInput(input, gradOutput)
  local gradients = self.gradInput
  for i = 1, #input do
    gradients[i] = gradients[i] or input[1].new()
    if self.inplace then
      gradients[i]:set(gradOutput)
    else
      gradients[i]:resizeAs(input[i]):copy(gradOutput)
    end
  end
  for i = #gradients, #input + 1, -1 do gradients[i] = nil end
  return gradients
end
