local ConcatTable, parent = torch.class('nn.ConcatTable', 'nn.Container')

function ConcatTable:__init()
  parent.__init(self)
  self.output = {}
end

function ConcatTable:updateOutput(input)
  local output, modules = self.output, self.modules
  for i = 1, #modules do output[i] = self:rethrowErrors(modules[i], i, 'updateOutput', input) end
  for i = #output, #modules + 1, -1 do output[i] = nil end
  return output
end

-- Kernels that keep what convolutions left in their own layout; nil for other tensors.
local function kernels(gradient)
  local THNN = torch.isTensor(gradient) and gradient.THNN
  return THNN and THNN.Table_sum and THNN
end

local function sum(self, method, input, gradOutput, scale)
  local utils = nn.utils
  for i, module in ipairs(self.modules) do
    local gradient = self:rethrowErrors(module, i, method, input, gradOutput[i], scale)
    if i == 1 then
      if torch.isTensor(self.gradInput) ~= torch.isTensor(input) then self.gradInput = nil end
      if torch.isTensor(gradient) and self.gradInput then
        local THNN = kernels(gradient)
        if THNN and torch.type(self.gradInput) == torch.type(gradient) then THNN.Table_copy(self.gradInput, gradient)
        else self.gradInput:resizeAs(gradient):copy(gradient) end
      else
        utils.recursiveResizeAs(self.gradInput or {}, gradient) -- drops entries of an earlier, longer table
        self.gradInput = utils.recursiveCopy(self.gradInput or (torch.isTensor(gradient) and gradient.new() or {}), gradient)
      end
    else
      local THNN = kernels(gradient)
      if THNN and torch.type(self.gradInput) == torch.type(gradient) then
        THNN.Table_sum(self.gradInput, self.gradInput, gradient, false)
      else
        utils.recursiveAdd(self.gradInput, gradient)
      end
    end
  end
  return self.gradInput
end

function ConcatTable:updateGradInput(input, gradOutput)
  return sum(self, 'updateGradInput', input, gradOutput)
end

function ConcatTable:backward(input, gradOutput, scale)
  return sum(self, 'backward', input, gradOutput, scale or 1)
end

function ConcatTable:accGradParameters(input, gradOutput, scale)
  for i, module in ipairs(self.modules) do
    self:rethrowErrors(module, i, 'accGradParameters', input, gradOutput[i], scale or 1)
  end
end

function ConcatTable:accUpdateGradParameters(input, gradOutput, lr)
  for i, module in ipairs(self.modules) do
    self:rethrowErrors(module, i, 'accUpdateGradParameters', input, gradOutput[i], lr)
  end
end

ConcatTable.__tostring__ = nn.Container.branches
