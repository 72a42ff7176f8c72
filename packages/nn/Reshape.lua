local Reshape, parent = torch.class('nn.Reshape', 'nn.Module')

function Reshape:__init(...)
  parent.__init(self)
  local sizes = { ... }
  if type(sizes[#sizes]) == 'boolean' then self.batchMode = table.remove(sizes) end
  if torch.isStorage(sizes[1]) then sizes = sizes[1]:totable() end
  self.size = torch.LongStorage(sizes)
  self.batchsize = torch.LongStorage(#sizes + 1)
  self.nelement = 1
  for d, size in ipairs(sizes) do
    self.nelement = self.nelement * size
    self.batchsize[d + 1] = size
  end
end

local function compact(self, name, t)
  if t:isContiguous() then return t end
  self[name] = self[name] or t.new()
  return self[name]:resizeAs(t):copy(t)
end

function Reshape:updateOutput(input)
  input = compact(self, '_input', input)
  local single = self.batchMode == false
    or self.batchMode == nil and input:nElement() == self.nelement and input:size(1) ~= 1
  if single then return self.output:view(input, self.size) end
  self.batchsize[1] = input:size(1)
  return self.output:view(input, self.batchsize)
end

function Reshape:updateGradInput(input, gradOutput)
  return self.gradInput:viewAs(compact(self, '_gradOutput', gradOutput), input)
end

function Reshape:clearState()
  nn.utils.clear(self, '_input', '_gradOutput')
  return parent.clearState(self)
end

function Reshape:__tostring__()
  return torch.type(self) .. '(' .. table.concat(self.size:totable(), 'x') .. ')'
end
