local Add, parent = torch.class('nn.Add', 'nn.Module')

function Add:__init(inputSize, scalar)
  parent.__init(self)
  local size = scalar and 1 or inputSize
  self.scalar = scalar
  self.bias = torch.Tensor(size)
  self.gradBias = torch.Tensor(size)
  self._ones = torch.Tensor{ 1 }
  self:reset()
end

function Add:reset(stdv)
  stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.bias:size(1))
  self.bias:uniform(-stdv, stdv)
end

local function batchOnes(self, n)
  local ones = self._ones
  if ones:dim() == 0 or ones:size(1) ~= n then ones:resize(n):fill(1) end
  return ones
end

function Add:updateOutput(input)
  local output, bias = self.output, self.bias
  output:resizeAs(input):copy(input)
  if self.scalar then
    output:add(bias[1])
  elseif input:isSameSizeAs(bias) then
    output:add(bias)
  else
    local n = input:size(1)
    output:view(n, -1):addr(1, batchOnes(self, n), bias:view(-1))
  end
  return output
end

function Add:updateGradInput(_, gradOutput)
  if not self.gradInput then return end
  self.gradInput:resizeAs(gradOutput):copy(gradOutput)
  return self.gradInput
end

function Add:accGradParameters(input, gradOutput, scale)
  scale = scale or 1
  local gradBias = self.gradBias
  if gradBias:size(1) == 1 and gradBias:nElement() == 1 then
    gradBias[1] = gradBias[1] + scale * gradOutput:sum()
  elseif input:isSameSizeAs(self.bias) then
    gradBias:add(scale, gradOutput)
  else
    local n = input:size(1)
    gradBias:view(-1):addmv(scale, gradOutput:contiguous():view(n, -1):t(), batchOnes(self, n))
  end
end
