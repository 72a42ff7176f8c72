local View, parent = torch.class('nn.View', 'nn.Module')

function View:__init(...)
  parent.__init(self)
  self:resetSize(...)
end

function View:resetSize(...)
  local first = ...
  self.size = torch.isStorage(first) and first or torch.LongStorage{ ... }
  self.numElements = 1
  local free = false
  for d = 1, #self.size do
    local size = self.size[d]
    if size >= 0 then
      self.numElements = self.numElements * size
    else
      assert(size == -1, 'size should be positive or -1')
      assert(not free, 'only one dimension can be at -1')
      free = true
    end
  end
  return self
end

function View:setNumInputDims(numInputDims)
  self.numInputDims = numInputDims
  return self
end

-- How many samples the input holds; nil when it is one sample without a batch dimension.
local function batchSize(self, input)
  local dims, wanted = input:dim(), self.size
  local sampleDims = self.numInputDims or dims
  local lead, count = 1, 1
  for d = 1, dims do
    if d <= dims - sampleDims then lead = lead * input:size(d) else count = count * input:size(d) end
  end
  if count % self.numElements ~= 0 then
    error(('input view (%s) and desired view (%s) do not match'):format(table.concat(input:size():totable(), 'x'),
      table.concat(wanted:totable(), 'x')))
  end
  local samples = count / self.numElements
  for d = 1, #wanted do
    if wanted[d] == -1 then samples = 1 end -- the free dimension takes them
  end
  samples = samples * lead
  if samples == 1 and (not self.numInputDims or dims <= self.numInputDims) then return nil end
  return samples
end

function View:updateOutput(input)
  local samples = batchSize(self, input)
  if samples then
    self.output = input:view(samples, table.unpack(self.size:totable()))
  else
    self.output = input:view(self.size)
  end
  return self.output
end

function View:updateGradInput(input, gradOutput)
  self.gradInput = gradOutput:viewAs(input)
  return self.gradInput
end

function View:__tostring__()
  return torch.type(self) .. '(' .. table.concat(self.size:totable(), ', ') .. ')'
end
