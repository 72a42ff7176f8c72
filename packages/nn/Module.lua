local Module = torch.class('nn.Module')

function Module:__init()
  self.gradInput = torch.Tensor()
  self.output = torch.Tensor()
  self._type = self.output:type()
end

-- The pair of lists that containers join; no value at all for a module without parameters.
function Module:parameters()
  local weight, bias = self.weight, self.bias
  if weight and bias then
    return { weight, bias }, { self.gradWeight, self.gradBias }
  elseif weight then
    return { weight }, { self.gradWeight }
  elseif bias then
    return { bias }, { self.gradBias }
  end
end
local plainParameters = Module.parameters

function Module:updateOutput()
  return self.output
end

function Module:forward(input)
  return self:updateOutput(input)
end

function Module:updateGradInput()
  return self.gradInput
end

function Module:accGradParameters() end

function Module:backward(input, gradOutput, scale)
  self:updateGradInput(input, gradOutput)
  self:accGradParameters(input, gradOutput, scale or 1)
  return self.gradInput
end

function Module:backwardUpdate(input, gradOutput, lr)
  self:updateGradInput(input, gradOutput)
  self:accUpdateGradParameters(input, gradOutput, lr)
  return self.gradInput
end

function Module:accUpdateGradParameters(input, gradOutput, lr)
  if self.shared then
    self:sharedAccUpdateGradParameters(input, gradOutput, lr)
  else
    self:defaultAccUpdateGradParameters(input, gradOutput, lr)
  end
end

-- Accumulates straight into the parameters, so that no gradient needs to be kept.
function Module:defaultAccUpdateGradParameters(input, gradOutput, lr)
  local gradWeight, gradBias = self.gradWeight, self.gradBias
  self.gradWeight, self.gradBias = self.weight, self.bias
  self:accGradParameters(input, gradOutput, -lr)
  self.gradWeight, self.gradBias = gradWeight, gradBias
end

-- Shared parameters would be updated before the others have used them.
function Module:sharedAccUpdateGradParameters(input, gradOutput, lr)
  if self:parameters() then
    self:zeroGradParameters()
    self:accGradParameters(input, gradOutput, 1)
    self:updateParameters(lr)
  end
end

function Module:zeroGradParameters()
  if self.parameters == plainParameters then -- without making the lists
    local gradWeight, gradBias = self.weight and self.gradWeight, self.bias and self.gradBias
    local first = gradWeight or gradBias
    if not first then return end
    local zero = first.THNN.Parameters_zero
    if zero then return zero(gradWeight or nil, gradBias or nil) end
    if gradWeight then gradWeight:zero() end
    if gradBias then gradBias:zero() end
    return
  end
  local _, gradients = self:parameters()
  if gradients then
    for i = 1, #gradients do gradients[i]:zero() end
  end
end

function Module:updateParameters(lr)
  if self.parameters == plainParameters then
    local weight, bias = self.weight, self.bias
    local first = weight or bias
    if not first then return end
    local update = first.THNN.Parameters_update
    if update then return update(weight, self.gradWeight, bias, self.gradBias, lr) end
    if weight then weight:add(-lr, self.gradWeight) end
    if bias then bias:add(-lr, self.gradBias) end
    return
  end
  local parameters, gradients = self:parameters()
  if parameters then
    for i = 1, #parameters do parameters[i]:add(-lr, gradients[i]) end
  end
end

function Module:training()
  self.train = true
end

function Module:evaluate()
  self.train = false
end

function Module:share(other, ...)
  for _, name in ipairs{ ... } do
    if self[name] ~= nil then
      self[name]:set(other[name])
      self.shared, other.shared = true, true
    end
  end
  return self
end

function Module:clone(...)
  local copy = nn.utils.deepCopy(self)
  if select('#', ...) > 0 then copy:share(self, ...) end
  return copy
end

function Module:type(type, cache)
  if not type then return self._type end
  cache = cache or {}
  for key, value in pairs(self) do
    self[key] = nn.utils.recursiveType(value, type, cache)
  end
  self._type = type
  return self
end

function Module:float(...) return self:type('torch.FloatTensor', ...) end
function Module:double(...) return self:type('torch.DoubleTensor', ...) end
function Module:cuda(...) return self:type('torch.CudaTensor', ...) end

function Module:reset() end

function Module:write(file)
  local fields = {}
  for key, value in pairs(self) do fields[key] = value end
  file:writeObject(fields)
end

function Module:read(file)
  for key, value in pairs(file:readObject()) do self[key] = value end
end

function Module:clearState()
  return nn.utils.clear(self, 'output', 'gradInput')
end

function Module:getParameters()
  local parameters, gradients = self:parameters()
  local p, g = Module.flatten(parameters), Module.flatten(gradients)
  assert(p:nElement() == g:nElement(), 'check that you are sharing parameters and gradParameters')
  for i = 1, parameters and #parameters or 0 do
    assert(parameters[i]:storageOffset() == gradients[i]:storageOffset(), 'misaligned parameter at ' .. i)
  end
  return p, g
end

function Module.flatten(list)
  return require('nn.flatten')(list or {})
end

function Module:apply(visit)
  visit(self)
  if self.modules then
    for _, module in ipairs(self.modules) do module:apply(visit) end
  end
end

function Module:replace(change)
  local result = change(self)
  if self.modules then
    for i, module in ipairs(self.modules) do self.modules[i] = module:replace(change) end
  end
  return result
end

-- Modules of exactly that class, and the container of each.
function Module:findModules(class, container)
  local found, containers = {}, {}
  local function visit(module, parent)
    if torch.typename(module) == class then
      found[#found + 1] = module
      containers[#containers + 1] = parent
    end
    if type(module.modules) == 'table' then
      for _, child in ipairs(module.modules) do visit(child, module) end
    end
  end
  visit(self, container or self)
  return found, containers
end

function Module:listModules()
  local list = {}
  self:apply(function(module) list[#list + 1] = module end)
  return list
end

function Module:__tostring__()
  return torch.type(self)
end

function Module:__call__(input, gradOutput)
  self:forward(input)
  if gradOutput then
    self:backward(input, gradOutput)
    return self.output, self.gradInput
  end
  return self.output
end
