local Concat, parent = torch.class('nn.Concat', 'nn.Container')

function Concat:__init(dimension)
  parent.__init(self)
  self.outputSize = torch.LongStorage()
  self.dimension = dimension
end

function Concat:updateOutput(input)
  local outputs = {}
  for i, module in ipairs(self.modules) do outputs[i] = self:rethrowErrors(module, i, 'updateOutput', input) end
  torch.cat(self.output, outputs, self.dimension)
  self.outputSize = self.output:size()
  return self.output
end

-- Visits every child with its slice of the gradient of the output.
local function eachSlice(self, gradOutput, visit)
  local offset = 1
  for i, module in ipairs(self.modules) do
    local length = module.output:size(self.dimension)
    visit(i, module, gradOutput:narrow(self.dimension, offset, length))
    offset = offset + length
  end
end

local function addGradInput(self, i, gradient)
  if not gradient then return end -- the child does not produce one
  if i == 1 then
    self.gradInput = nn.utils.recursiveCopy(self.gradInput, gradient)
  else
    nn.utils.recursiveAdd(self.gradInput, gradient)
  end
end

local function prepare(self, input)
  if torch.isTensor(input) ~= torch.isTensor(self.gradInput) then
    self.gradInput = torch.isTensor(input) and input.new() or {}
  end
  nn.utils.recursiveResizeAs(self.gradInput, input)
end

function Concat:updateGradInput(input, gradOutput)
  prepare(self, input)
  eachSlice(self, gradOutput, function(i, module, slice)
    addGradInput(self, i, self:rethrowErrors(module, i, 'updateGradInput', input, slice))
  end)
  return self.gradInput
end

function Concat:accGradParameters(input, gradOutput, scale)
  eachSlice(self, gradOutput, function(i, module, slice)
    self:rethrowErrors(module, i, 'accGradParameters', input, slice, scale or 1)
  end)
end

function Concat:backward(input, gradOutput, scale)
  prepare(self, input)
  eachSlice(self, gradOutput, function(i, module, slice)
    addGradInput(self, i, self:rethrowErrors(module, i, 'backward', input, slice, scale or 1))
  end)
  return self.gradInput
end

function Concat:accUpdateGradParameters(input, gradOutput, lr)
  eachSlice(self, gradOutput, function(i, module, slice)
    self:rethrowErrors(module, i, 'accUpdateGradParameters', input, slice, lr)
  end)
end

Concat.__tostring__ = nn.Container.branches
