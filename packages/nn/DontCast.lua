local DontCast, parent = torch.class('nn.DontCast', 'nn.Decorator')

function DontCast:__init(module, castin, castout, moduleType)
  parent.__init(self, module)
  self.castin = castin
  self.castout = castout == nil and castin or castout
  self.moduleType = moduleType
  if (self.castin or self.castout) and not moduleType then
    local output = module.output
    while type(output) == 'table' do output = output[1] end
    self.moduleType = torch.type(output)
  end
end

-- source, in buffer converted to the given type.
local function converted(source, buffer, type)
  if torch.isTensor(source) then
    if torch.type(source) == type then return source end
    if torch.type(buffer) ~= type then buffer = torch.getmetatable(type).new() end
    return nn.utils.resizeLike(buffer, source):copy(source)
  elseif torch.type(source) == 'table' then
    local list = torch.type(buffer) == 'table' and buffer or {}
    for k, x in pairs(source) do list[k] = converted(x, list[k], type) end
    for k in pairs(list) do
      if source[k] == nil then list[k] = nil end
    end
    return list
  end
  return source
end

local function castIn(self, name, source)
  if not self.castin then return source end
  self[name] = converted(source, self[name], self.moduleType)
  return self[name]
end

-- A buffer that is the module's own tensor must not be written into.
local function castOut(self, source, buffer)
  if not self.castout then return source end
  if buffer == source then buffer = nil end
  return converted(source, buffer, self._type)
end

function DontCast:updateOutput(input)
  local output = self:rethrowErrors(self.modules[1], 1, 'updateOutput', castIn(self, '_input', input))
  self.output = castOut(self, output, self.output)
  return self.output
end

function DontCast:updateGradInput(input, gradOutput)
  local gradInput = self:rethrowErrors(self.modules[1], 1, 'updateGradInput', castIn(self, '_input', input),
    castIn(self, '_gradOutput', gradOutput))
  self.gradInput = castOut(self, gradInput, self.gradInput)
  return self.gradInput
end

local function pass(self, method, input, gradOutput, scale)
  self:rethrowErrors(self.modules[1], 1, method, castIn(self, '_input', input), castIn(self, '_gradOutput', gradOutput), scale)
end

function DontCast:accGradParameters(input, gradOutput, scale)
  pass(self, 'accGradParameters', input, gradOutput, scale)
end

function DontCast:accUpdateGradParameters(input, gradOutput, lr)
  pass(self, 'accUpdateGradParameters', input, gradOutput, lr)
end

function DontCast:sharedAccUpdateGradParameters(input, gradOutput, lr)
  pass(self, 'sharedAccUpdateGradParameters', input, gradOutput, lr)
end

function DontCast:backward(input, gradOutput, scale)
  self:updateGradInput(input, gradOutput)
  self:accGradParameters(input, gradOutput, scale or 1)
  return self.gradInput
end

-- Converts what belongs to the decorator and leaves the module alone.
function DontCast:type(type, cache)
  if not type then return self._type end
  if self.castin or self.castout then
    local modules = self.modules
    self.modules = nil
    parent.type(self, type, cache)
    self.modules = modules
  end
  return self
end
