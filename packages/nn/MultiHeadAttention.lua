-- Attention of several heads (Vaswani et al., Attention is all you need, 2017).
-- Input x for self-attention, or { queries, keys, values }; batch x time x features, or time x features.
local MultiHeadAttention, parent = torch.class('nn.MultiHeadAttention', 'nn.Module')

function MultiHeadAttention:__init(size, heads, causal)
  parent.__init(self)
  assert(size % heads == 0, 'the number of features must be a multiple of the number of heads')
  self.size = size
  self.heads = heads
  self.causal = causal or false -- a step sees only those before it, and itself
  self.weight = torch.Tensor(3 * size, size) -- of queries, keys and values, below each other
  self.bias = torch.Tensor(3 * size)
  self.outWeight = torch.Tensor(size, size)
  self.outBias = torch.Tensor(size)
  for _, name in ipairs{ 'weight', 'bias', 'outWeight', 'outBias' } do
    self['grad' .. name:sub(1, 1):upper() .. name:sub(2)] = self[name].new():resizeAs(self[name]):zero()
  end
  for _, name in ipairs{ '_projected', '_attended', '_probabilities', '_gradAttended', '_gradProjected' } do
    self[name] = torch.Tensor()
  end
  self:reset()
end

function MultiHeadAttention:reset(stdv)
  local inStdv = stdv and stdv * math.sqrt(3) or math.sqrt(6 / (2 * self.size))
  self.weight:uniform(-inStdv, inStdv)
  self.outWeight:uniform(-inStdv, inStdv)
  self.bias:zero()
  self.outBias:zero()
  return self
end

-- A ByteTensor, batch x keys: keys with 0 are not attended to. nil: all are.
function MultiHeadAttention:setMask(mask)
  self.mask = mask
  return self
end

function MultiHeadAttention:parameters()
  return { self.weight, self.bias, self.outWeight, self.outBias },
    { self.gradWeight, self.gradBias, self.gradOutWeight, self.gradOutBias }
end

-- Contiguous, as batch x time x features, and as rows.
local function batched(t)
  t = t:contiguous()
  return t:dim() == 2 and t:view(1, t:size(1), t:size(2)) or t
end
local function rows(t) return t:view(-1, t:size(t:dim())) end

-- The three inputs with their parts of a tensor of 3 * size rows (or elements).
local function part(self, t, i) return t:narrow(1, (i - 1) * self.size + 1, self.size) end

-- One buffer for the projections (or their gradients) of all three: slices of the features when they come of one product,
-- else one after the other.
local function slices(self, name, input)
  local size, buffer = self.size, self[name]
  if torch.isTensor(input) then
    local x = batched(input)
    buffer:resize(x:size(1), x:size(2), 3 * size)
    return buffer:narrow(3, 1, size), buffer:narrow(3, size + 1, size), buffer:narrow(3, 2 * size + 1, size)
  end
  local out, at = {}, 1
  local total = 0
  for i = 1, 3 do total = total + input[i]:nElement() end
  buffer:resize(total)
  for i = 1, 3 do
    local x = batched(input[i])
    out[i] = buffer:narrow(1, at, x:nElement()):viewAs(x)
    at = at + x:nElement()
  end
  return out[1], out[2], out[3]
end

function MultiHeadAttention:updateOutput(input)
  local weight = self.weight
  local kernels = weight.THNN
  local q, k, v = slices(self, '_projected', input)
  if torch.isTensor(input) then
    kernels.Linear_updateOutput(rows(batched(input)), rows(self._projected), weight, self.bias)
  else
    for i, to in ipairs{ q, k, v } do
      kernels.Linear_updateOutput(rows(batched(input[i])), rows(to), part(self, weight, i), part(self, self.bias, i))
    end
  end
  kernels.Attention_updateOutput(q, k, v, self.mask, self._attended, self._probabilities, self.heads, self.causal)
  local queries = torch.isTensor(input) and input or input[1]
  self.output:resizeAs(queries)
  kernels.Linear_updateOutput(rows(self._attended), rows(self.output), self.outWeight, self.outBias)
  return self.output
end

function MultiHeadAttention:updateGradInput(input, gradOutput)
  local kernels = self.weight.THNN
  local go = batched(gradOutput)
  local q, k, v = slices(self, '_projected', input)
  self._gradAttended:resizeAs(self._attended)
  kernels.Linear_updateGradInput(rows(self._attended), rows(go), rows(self._gradAttended), self.outWeight)
  local gq, gk, gv = slices(self, '_gradProjected', input)
  kernels.Attention_updateGradInput(q, k, v, self._gradAttended, self._probabilities, gq, gk, gv, self.heads)
  if torch.isTensor(input) then
    if not torch.isTensor(self.gradInput) then self.gradInput = input.new() end
    self.gradInput:resizeAs(input)
    kernels.Linear_updateGradInput(rows(batched(input)), rows(self._gradProjected), rows(self.gradInput), self.weight)
    return self.gradInput
  end
  if type(self.gradInput) ~= 'table' then self.gradInput = {} end
  for i, from in ipairs{ gq, gk, gv } do
    self.gradInput[i] = (self.gradInput[i] or input[i].new()):resizeAs(input[i])
    kernels.Linear_updateGradInput(rows(batched(input[i])), rows(from), rows(self.gradInput[i]), part(self, self.weight, i))
  end
  return self.gradInput
end

function MultiHeadAttention:accGradParameters(input, gradOutput, scale)
  scale = scale or 1
  local kernels = self.weight.THNN
  kernels.Linear_accGradParameters(rows(self._attended), rows(batched(gradOutput)), self.gradOutWeight, self.gradOutBias, scale)
  if torch.isTensor(input) then
    kernels.Linear_accGradParameters(rows(batched(input)), rows(self._gradProjected), self.gradWeight, self.gradBias, scale)
    return
  end
  for i, from in ipairs{ slices(self, '_gradProjected', input) } do
    kernels.Linear_accGradParameters(rows(batched(input[i])), rows(from), part(self, self.gradWeight, i),
      part(self, self.gradBias, i), scale)
  end
end

function MultiHeadAttention:accUpdateGradParameters(input, gradOutput, lr)
  self:zeroGradParameters()
  self:accGradParameters(input, gradOutput, 1)
  self:updateParameters(lr)
end

-- The mask stays a mask.
function MultiHeadAttention:type(type, cache)
  if not type then return self._type end
  local mask = self.mask
  self.mask = nil
  parent.type(self, type, cache)
  self.mask = mask
  return self
end

function MultiHeadAttention:clearState()
  nn.utils.clear(self, '_projected', '_attended', '_probabilities', '_gradAttended', '_gradProjected')
  return parent.clearState(self)
end

function MultiHeadAttention:__tostring__()
  return ('%s(%d, %d heads%s)'):format(torch.type(self), self.size, self.heads, self.causal and ', causal' or '')
end
