local CAddTable, parent = torch.class('nn.CAddTable', 'nn.Module')

function CAddTable:__init(inplace)
  parent.__init(self)
  self.inplace = inplace
  self.gradInput = {}
end

local function add(result, a, b, inplace)
  if a.THNN and a.THNN.Table_sum and torch.type(a) == torch.type(b) then
    a.THNN.Table_sum(result, a, b, inplace) -- keeps what convolutions left in their own layout
  elseif inplace then
    result:set(a):add(b)
  else
    result:add(a, b)
  end
end

function CAddTable:updateOutput(input)
  local output = self.output
  if #input > 1 then
    add(output, input[1], input[2], self.inplace or false)
  elseif self.inplace then
    output:set(input[1])
  else
    output:resizeAs(input[1]):copy(input[1])
  end
  for i = 3, #input do output:add(input[i]) end
  return output
end

function CAddTable:updateGradInput(input, gradOutput)
  local gradients = self.gradInput
  for i = 1, #input do
    gradients[i] = gradients[i] or input[1].new()
    if self.inplace then
      if gradOutput.THNN and gradOutput.THNN.Table_share then gradOutput.THNN.Table_share(gradients[i], gradOutput)
      else gradients[i]:set(gradOutput) end
    else
      gradients[i]:resizeAs(input[i]):copy(gradOutput)
    end
  end
  for i = #gradients, #input + 1, -1 do gradients[i] = nil end
  return gradients
end
