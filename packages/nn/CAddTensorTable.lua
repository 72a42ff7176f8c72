-- { t, { t1, t2... } } -> { t + t1, t + t2... }
local CAddTensorTable, parent = torch.class('nn.CAddTensorTable', 'nn.Module')

function CAddTensorTable:__init()
  parent.__init(self)
  self.gradInput = {}
end

function CAddTensorTable:updateOutput(input)
  local output = {}
  for i, t in ipairs(input[2]) do output[i] = torch.add(t, input[1]) end
  self.output = output
  return output
end

function CAddTensorTable:updateGradInput(_, gradOutput)
  local sum, list = gradOutput[1]:clone(), { gradOutput[1] }
  for i = 2, #gradOutput do
    sum:add(gradOutput[i])
    list[i] = gradOutput[i]
  end
  self.gradInput = { sum, list }
  return self.gradInput
end
