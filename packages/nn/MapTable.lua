local MapTable, parent = torch.class('nn.MapTable', 'nn.Container')

function MapTable:__init(module, shared)
  parent.__init(self)
  self.shared = shared == nil or shared
  self.sharedparams = { 'weight', 'bias', 'gradWeight', 'gradBias' }
  self.output = {}
  self.gradInput = {}
  self:add(module)
end

function MapTable:add(module)
  assert(not self.module, 'Single module required')
  self.module = module
  self.modules[1] = module
  return self
end

-- Makes or drops clones until there are n modules; the first is never dropped.
function MapTable:resize(n)
  for i = #self.modules + 1, n do
    if self.shared then
      self.modules[i] = self.module:clone(table.unpack(self.sharedparams))
    else
      self.modules[i] = self.module:clone()
    end
  end
  for i = #self.modules, math.max(n, 1) + 1, -1 do self.modules[i] = nil end
end

local function trim(list, n)
  for i = #list, n + 1, -1 do list[i] = nil end
end

function MapTable:updateOutput(input)
  self:resize(#input)
  trim(self.output, #input)
  for i = 1, #input do
    self.output[i] = self:rethrowErrors(self.modules[i], i, 'updateOutput', input[i])
  end
  return self.output
end

local function each(self, method, input, gradOutput, scale)
  trim(self.gradInput, #input)
  for i = 1, #input do
    self.gradInput[i] = self:rethrowErrors(self.modules[i], i, method, input[i], gradOutput[i], scale)
  end
  return self.gradInput
end

function MapTable:updateGradInput(input, gradOutput)
  return each(self, 'updateGradInput', input, gradOutput)
end

function MapTable:backward(input, gradOutput, scale)
  return each(self, 'backward', input, gradOutput, scale or 1)
end

function MapTable:accGradParameters(input, gradOutput, scale)
  for i = 1, #input do
    self:rethrowErrors(self.modules[i], i, 'accGradParameters', input[i], gradOutput[i], scale or 1)
  end
end

function MapTable:accUpdateGradParameters(input, gradOutput, lr)
  for i = 1, #input do
    self:rethrowErrors(self.modules[i], i, 'accUpdateGradParameters', input[i], gradOutput[i], lr)
  end
end

function MapTable:zeroGradParameters()
  if self.shared then self.module:zeroGradParameters() else parent.zeroGradParameters(self) end
end

function MapTable:updateParameters(lr)
  if self.shared then self.module:updateParameters(lr) else parent.updateParameters(self, lr) end
end

function MapTable:clearState()
  self:resize(1)
  parent.clearState(self)
end

function MapTable:__tostring__()
  return torch.type(self) .. ' {\n  ' .. tostring(self.module):gsub('\n', '\n        ') .. '\n}'
end
