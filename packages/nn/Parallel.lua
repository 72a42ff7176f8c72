local Parallel, parent = torch.class('nn.Parallel', 'nn.Container')

function Parallel:__init(inputDimension, outputDimension)
  parent.__init(self)
  self.inputDimension = inputDimension
  self.outputDimension = outputDimension
end

function Parallel:updateOutput(input)
  local outputs = {}
  for i = 1, input:size(self.inputDimension) do
    outputs[i] = self:rethrowErrors(self.modules[i], i, 'updateOutput', input:select(self.inputDimension, i))
  end
  torch.cat(self.output, outputs, self.outputDimension)
  self.totalOutputSize = self.output:size()
  return self.output
end

-- Visits every child with its slices of the input and of the gradient of the output.
local function eachSlice(self, input, gradOutput, visit)
  local offset = 1
  for i = 1, input:size(self.inputDimension) do
    local module = self.modules[i]
    local length = module.output:size(self.outputDimension)
    visit(i, module, input:select(self.inputDimension, i), gradOutput:narrow(self.outputDimension, offset, length))
    offset = offset + length
  end
end

local function gather(self, method, input, gradOutput, scale)
  self.gradInput:resizeAs(input)
  eachSlice(self, input, gradOutput, function(i, module, x, slice)
    self.gradInput:select(self.inputDimension, i):copy(self:rethrowErrors(module, i, method, x, slice, scale))
  end)
  return self.gradInput
end

function Parallel:updateGradInput(input, gradOutput)
  return gather(self, 'updateGradInput', input, gradOutput)
end

function Parallel:backward(input, gradOutput, scale)
  return gather(self, 'backward', input, gradOutput, scale or 1)
end

function Parallel:accGradParameters(input, gradOutput, scale)
  eachSlice(self, input, gradOutput, function(i, module, x, slice)
    self:rethrowErrors(module, i, 'accGradParameters', x, slice, scale or 1)
  end)
end

function Parallel:accUpdateGradParameters(input, gradOutput, lr)
  eachSlice(self, input, gradOutput, function(i, module, x, slice)
    self:rethrowErrors(module, i, 'accUpdateGradParameters', x, slice, lr)
  end)
end

Parallel.__tostring__ = nn.Container.branches
