-- Runs a module on a given device, and puts its output on another. On the CPU everything just passes through.
local GPU, parent = torch.class('nn.GPU', 'nn.Container')

function GPU:__init(module, device, outdevice)
  parent.__init(self)
  self.device = device
  self.outdevice = outdevice or device
  assert(torch.type(self.device) == 'number')
  self.modules[1] = module
  if module:type():find('torch%.Cuda.*Tensor') then self:type(module:type()) end
end

local function isCuda(self)
  return cutorch ~= nil and self._type:find('torch%.Cuda.*Tensor') ~= nil
end

-- Runs f with the device as the current one.
local function on(self, device, f)
  if isCuda(self) then return cutorch.withDevice(device, f) end
  return f()
end

-- source on `device`, copied into a tensor of that device where it lies elsewhere.
local function placed(self, buffer, source, device)
  if torch.type(source) == 'table' then
    local list = torch.type(buffer) == 'table' and buffer or {}
    for k, x in pairs(source) do list[k] = placed(self, list[k], x, device) end
    for k in pairs(list) do
      if source[k] == nil then list[k] = nil end
    end
    return list
  end
  if not isCuda(self) or not torch.isTensor(source) or source:getDevice() == device then return source end
  return on(self, device, function()
    if not torch.isTensor(buffer) or buffer:getDevice() ~= device then buffer = source.new() end
    return nn.utils.resizeLike(buffer, source):copy(source)
  end)
end

function GPU:updateOutput(input)
  if not isCuda(self) then
    self.output = self.modules[1]:updateOutput(input)
    return self.output
  end
  self._input = placed(self, self._input, input, self.device)
  local output = on(self, self.device, function() return self.modules[1]:updateOutput(self._input) end)
  self.output = placed(self, self.output, output, self.outdevice)
  return self.output
end

function GPU:updateGradInput(input, gradOutput)
  if not isCuda(self) then
    self.gradInput = self.modules[1]:updateGradInput(input, gradOutput)
    return self.gradInput
  end
  self._gradOutput = placed(self, self._gradOutput, gradOutput, self.device)
  local gradInput = on(self, self.device, function() return self.modules[1]:updateGradInput(self._input, self._gradOutput) end)
  local source = input
  while torch.type(source) == 'table' do source = source[1] end
  self.gradInput = placed(self, self.gradInput, gradInput, source:getDevice())
  return self.gradInput
end

local function pass(self, method, input, gradOutput, scale)
  local module = self.modules[1]
  if isCuda(self) then input, gradOutput = self._input, self._gradOutput end
  on(self, self.device, function() module[method](module, input, gradOutput, scale) end)
end

function GPU:accGradParameters(input, gradOutput, scale)
  pass(self, 'accGradParameters', input, gradOutput, scale)
end

function GPU:accUpdateGradParameters(input, gradOutput, lr)
  pass(self, 'accUpdateGradParameters', input, gradOutput, lr)
end

function GPU:sharedAccUpdateGradParameters(input, gradOutput, lr)
  pass(self, 'sharedAccUpdateGradParameters', input, gradOutput, lr)
end

function GPU:zeroGradParameters()
  on(self, self.device, function() self.modules[1]:zeroGradParameters() end)
end

function GPU:updateParameters(lr)
  on(self, self.device, function() self.modules[1]:updateParameters(lr) end)
end

function GPU:type(type, cache)
  if type and type:find('torch%.Cuda.*Tensor') and cutorch then
    self._input, self._gradOutput = nil, nil
    self._type = type
    return on(self, self.device, function() return parent.type(self, type, cache) end)
  end
  return parent.type(self, type, cache)
end

function GPU:clearState()
  nn.utils.clear(self, 'output', 'gradInput')
  self._input, self._gradOutput = nil, nil
  on(self, self.device, function() self.modules[1]:clearState() end)
end

-- Files hold type and device in front of the fields; the oldest ones the fields alone.
function GPU:write(file)
  local fields = {}
  for key, value in pairs(self) do fields[key] = value end
  file:writeObject{ self._type, self.device }
  file:writeObject(fields)
end

function GPU:read(file)
  local fields = file:readObject()
  if type(fields[1]) == 'string' then fields = file:readObject() end
  for key, value in pairs(fields) do self[key] = value end
end

function GPU:__tostring__()
  return torch.type(self) .. '(' .. self.device .. ') @ ' .. tostring(self.modules[1])
end
