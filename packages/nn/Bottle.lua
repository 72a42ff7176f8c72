local Bottle, parent = torch.class('nn.Bottle', 'nn.Decorator')

function Bottle:__init(module, nInputDim, nOutputDim)
  parent.__init(self, module)
  self.nInputDim = nInputDim or 2
  self.nOutputDim = nOutputDim or self.nInputDim
  self.dimDelta = self.nInputDim - self.nOutputDim
  self.inShape = torch.Tensor(self.nInputDim)
  self.outShape = torch.Tensor(self.nOutputDim)
end

-- t with its first dimensions merged, so that n are left.
local function merged(t, n)
  local lead = t:dim() - n + 1
  local sizes = { 1 }
  for d = 1, lead do sizes[1] = sizes[1] * t:size(d) end
  for d = lead + 1, t:dim() do sizes[#sizes + 1] = t:size(d) end
  return t:view(table.unpack(sizes))
end

-- Without a temporary: one a step would keep the collector at work.
local function keepShape(shape, t)
  if t:dim() ~= shape:size(1) then return shape:copy(torch.Tensor(t:size():totable())) end -- raises
  for d = 1, t:dim() do shape[d] = t:size(d) end
end

local function hasExtra(self, input)
  return input:dim() > self.nInputDim
end

function Bottle:updateOutput(input)
  local module = self.modules[1]
  if not hasExtra(self, input) then
    self.output:set(self:rethrowErrors(module, 1, 'updateOutput', input))
    return self.output
  end
  local flat = merged(input, self.nInputDim)
  local output = self:rethrowErrors(module, 1, 'updateOutput', flat)
  keepShape(self.inShape, flat)
  keepShape(self.outShape, output)
  local sizes = {}
  for d = 1, input:dim() - self.nInputDim + 1 do sizes[d] = input:size(d) end
  for d = 2, output:dim() do sizes[#sizes + 1] = output:size(d) end
  self.output:set(output:view(table.unpack(sizes)))
  return self.output
end

function Bottle:updateGradInput(input, gradOutput)
  local module = self.modules[1]
  if hasExtra(self, input) then
    local gradInput = module:updateGradInput(merged(input, self.nInputDim), merged(gradOutput:contiguous(), self.nOutputDim))
    self.gradInput:set(gradInput:viewAs(input))
  else
    self.gradInput:set(module:updateGradInput(input, gradOutput))
  end
  return self.gradInput
end

function Bottle:accGradParameters(input, gradOutput, scale)
  if hasExtra(self, input) then
    input, gradOutput = merged(input, self.nInputDim), merged(gradOutput:contiguous(), self.nOutputDim)
  end
  self.modules[1]:accGradParameters(input, gradOutput, scale)
end

-- As in Torch7, an update without kept gradients leaves its trace in the inner module's gradients only.
Bottle.accUpdateGradParameters = nn.Module.accUpdateGradParameters
Bottle.sharedAccUpdateGradParameters = nn.Module.sharedAccUpdateGradParameters
