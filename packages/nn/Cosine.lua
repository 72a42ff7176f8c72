-- y_j = (x . w_j) / (|x| |w_j|)
local Cosine, parent = torch.class('nn.Cosine', 'nn.Module')

local EPSILON = 1e-12

function Cosine:__init(inputSize, outputSize)
  parent.__init(self)
  self.weight = torch.Tensor(outputSize, inputSize)
  self.gradWeight = torch.Tensor(outputSize, inputSize)
  self:reset()
end

function Cosine:reset(stdv)
  stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.weight:size(1))
  self.weight:uniform(-stdv, stdv)
end

local function asRows(t)
  if t:dim() == 1 then return t:view(1, t:size(1)) end
  return t
end

function Cosine:updateOutput(input)
  assert(input:dim() == 1 or input:dim() == 2, 'input must be vector or matrix')
  local x, weight = asRows(input:contiguous()), self.weight
  local n, outputs = x:size(1), weight:size(1)
  self._weightNorm = self._weightNorm or weight.new()
  self._inputNorm = self._inputNorm or weight.new()
  self._weightNorm:norm(weight, 2, 2):add(EPSILON)
  if input:dim() == 1 then
    self.__norm = input:norm() + EPSILON
    self._inputNorm:resize(1, 1):fill(self.__norm)
  else
    self._inputNorm:norm(x, 2, 2):add(EPSILON)
  end
  local output = self.output
  output:resize(n, outputs)
  output:mm(x, weight:t())
  output:cdiv(self._weightNorm:view(1, outputs):expandAs(output))
  output:cdiv(self._inputNorm:expandAs(output))
  if input:dim() == 1 then output:resize(outputs) end
  return output
end

-- dy_j/dx = w_j / (|x| |w_j|) - y_j x / |x|^2
function Cosine:updateGradInput(input, gradOutput)
  local gradInput = self.gradInput
  if not gradInput then return end
  local x, g, y = asRows(input:contiguous()), asRows(gradOutput:contiguous()), asRows(self.output)
  self._gradOutput = self._gradOutput or x.new()
  local scaled = self._gradOutput
  scaled:cdiv(g, self._weightNorm:view(1, g:size(2)):expandAs(g))
  gradInput:resizeAs(x)
  gradInput:mm(scaled, self.weight)
  gradInput:cdiv(self._inputNorm:expandAs(x))
  local along = torch.cmul(g, y):sum(2):cdiv(self._inputNorm):cdiv(self._inputNorm)
  gradInput:addcmul(-1, x, along:expandAs(x))
  if input:dim() == 1 then gradInput:resize(input:size(1)) end
  return gradInput
end

-- the same with x and w_j exchanged
function Cosine:accGradParameters(input, gradOutput, scale)
  scale = scale or 1
  local x, g, y = asRows(input:contiguous()), asRows(gradOutput:contiguous()), asRows(self.output)
  local weight, weightNorm = self.weight, self._weightNorm
  local scaled = torch.cdiv(g, self._inputNorm:expandAs(g))
  scaled:cdiv(weightNorm:view(1, g:size(2)):expandAs(g))
  self.gradWeight:addmm(scale, scaled:t(), x)
  local along = torch.cmul(g, y):sum(1):view(-1, 1):cdiv(weightNorm):cdiv(weightNorm)
  self.gradWeight:addcmul(-scale, weight, along:expandAs(weight))
end

function Cosine:type(type, cache)
  if type then
    self._weightNorm, self._inputNorm, self._gradOutput = nil, nil, nil
  end
  return parent.type(self, type, cache)
end

function Cosine:clearState()
  nn.utils.clear(self, '_weightNorm', '_inputNorm', '_gradOutput')
  return parent.clearState(self)
end
