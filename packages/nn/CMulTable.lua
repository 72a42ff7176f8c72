local CMulTable, parent = torch.class('nn.CMulTable', 'nn.Module')

function CMulTable:__init()
  parent.__init(self)
  self.gradInput = {}
end

function CMulTable:updateOutput(input)
  local output = self.output
  if #input == 1 then return output:resizeAs(input[1]):copy(input[1]) end
  output:cmul(input[1], input[2])
  for i = 3, #input do output:cmul(input[i]) end
  return output
end

local function prepare(self, input)
  local gradients = self.gradInput
  for i = 1, #input do gradients[i] = gradients[i] or input[1].new() end
  for i = #gradients, #input + 1, -1 do gradients[i] = nil end
  return gradients
end

-- Every gradient is gradOutput times all other inputs: exact also where inputs are zero.
function CMulTable:updateGradInput(input, gradOutput)
  local gradients = prepare(self, input)
  for i = 1, #input do
    local other = i == 1 and 2 or 1
    if #input == 1 then
      gradients[1]:resizeAs(input[1]):copy(gradOutput)
    else
      gradients[i]:cmul(input[other], gradOutput)
    end
    for j = other + 1, #input do
      if j ~= i then gradients[i]:cmul(input[j]) end
    end
    gradients[i]:resizeAs(input[i])
  end
  return gradients
end

-- One division for each input instead; wrong where inputs are zero.
function CMulTable:updateGradInput_efficient(input, gradOutput)
  local gradients = prepare(self, input)
  self.tout = self.tout or input[1].new()
  self.tout:cmul(gradOutput, self.output)
  for i = 1, #input do gradients[i]:cdiv(self.tout, input[i]) end
  return gradients
end

function CMulTable:clearState()
  self.tout = nil
  return parent.clearState(self)
end
