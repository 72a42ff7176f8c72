local Sequential = torch.class('nn.Sequential', 'nn.Container')

function Sequential:__len__()
  return #self.modules
end

local function refreshEnds(self)
  local modules = self.modules
  if #modules == 0 then
    self.output, self.gradInput = torch.Tensor(), torch.Tensor()
  else
    self.output, self.gradInput = modules[#modules].output, modules[1].gradInput
  end
end

function Sequential:add(module)
  if #self.modules == 0 then self.gradInput = module.gradInput end
  table.insert(self.modules, module)
  self.output = module.output
  return self
end

function Sequential:insert(module, index)
  index = index or #self.modules + 1
  if index < 1 or index > #self.modules + 1 then error('index should be contiguous to existing modules') end
  table.insert(self.modules, index, module)
  refreshEnds(self)
end

function Sequential:remove(index)
  index = index or #self.modules
  if index < 1 or index > #self.modules then error('index out of range') end
  table.remove(self.modules, index)
  refreshEnds(self)
end

function Sequential:updateOutput(input)
  local modules = self.modules
  for i = 1, #modules do input = self:rethrowErrors(modules[i], i, 'updateOutput', input) end
  self.output = input
  return input
end

function Sequential:updateGradInput(input, gradOutput)
  local modules = self.modules
  for i = #modules, 1, -1 do
    local module = modules[i]
    gradOutput = self:rethrowErrors(module, i, 'updateGradInput', i > 1 and modules[i - 1].output or input, gradOutput)
    module.gradInput = gradOutput
  end
  self.gradInput = gradOutput
  return gradOutput
end

function Sequential:accGradParameters(input, gradOutput, scale)
  local modules = self.modules
  for i = #modules, 1, -1 do
    self:rethrowErrors(modules[i], i, 'accGradParameters', i > 1 and modules[i - 1].output or input, gradOutput, scale or 1)
    gradOutput = modules[i].gradInput
  end
end

function Sequential:backward(input, gradOutput, scale)
  local modules = self.modules
  scale = scale or 1
  for i = #modules, 1, -1 do
    local module = modules[i]
    gradOutput = self:rethrowErrors(module, i, 'backward', i > 1 and modules[i - 1].output or input, gradOutput, scale)
    module.gradInput = gradOutput
  end
  self.gradInput = gradOutput
  return gradOutput
end

function Sequential:accUpdateGradParameters(input, gradOutput, lr)
  local modules = self.modules
  for i = #modules, 1, -1 do
    self:rethrowErrors(modules[i], i, 'accUpdateGradParameters', i > 1 and modules[i - 1].output or input, gradOutput, lr)
    gradOutput = modules[i].gradInput
  end
end

function Sequential:__tostring__()
  local n = #self.modules
  local chain, lines = { 'input' }, {}
  for i = 1, n do
    chain[#chain + 1] = '(' .. i .. ')'
    lines[i] = '\n  (' .. i .. '): ' .. tostring(self.modules[i]):gsub('\n', '\n  ')
  end
  chain[#chain + 1] = 'output'
  return 'nn.Sequential {\n  [' .. table.concat(chain, ' -> ') .. ']' .. table.concat(lines) .. '\n}'
end
