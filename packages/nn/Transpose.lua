local Transpose, parent = torch.class('nn.Transpose', 'nn.Module')

function Transpose:__init(...)
  parent.__init(self)
  self.permutations = { ... }
end

function Transpose:setNumInputDims(numInputDims)
  self.numInputDims = numInputDims
  return self
end

local function batchOffset(self, dims)
  return self.numInputDims and dims == self.numInputDims + 1 and 1 or 0
end

function Transpose:updateOutput(input)
  local offset = batchOffset(self, input:dim())
  for _, pair in ipairs(self.permutations) do input = input:transpose(pair[1] + offset, pair[2] + offset) end
  return self.output:resizeAs(input):copy(input)
end

function Transpose:updateGradInput(input, gradOutput)
  local offset = batchOffset(self, input:dim())
  for i = #self.permutations, 1, -1 do
    local pair = self.permutations[i]
    gradOutput = gradOutput:transpose(pair[1] + offset, pair[2] + offset)
  end
  return self.gradInput:resizeAs(gradOutput):copy(gradOutput)
end
