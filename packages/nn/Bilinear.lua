local Bilinear, parent = torch.class('nn.Bilinear', 'nn.Module')

local function isInteger(x)
  return type(x) == 'number' and x == math.floor(x)
end

function Bilinear:__init(inputSize1, inputSize2, outputSize, bias)
  assert(inputSize1 and inputSize2 and outputSize, 'should specify inputSize1 and inputSize2 and outputSize')
  assert(isInteger(inputSize1) and isInteger(inputSize2) and isInteger(outputSize),
    'inputSize1 and inputSize2 and outputSize should be integer numbers')
  assert(inputSize1 > 0 and inputSize2 > 0 and outputSize > 0,
    'inputSize1 and inputSize2 and outputSize should be positive numbers')
  parent.__init(self)
  self.weight = torch.Tensor(outputSize, inputSize1, inputSize2)
  self.gradWeight = torch.Tensor(outputSize, inputSize1, inputSize2)
  if bias ~= false then
    self.bias = torch.Tensor(outputSize)
    self.gradBias = torch.Tensor(outputSize)
  end
  self.gradInput = { torch.Tensor(), torch.Tensor() }
  self:reset()
end

function Bilinear:reset(stdv)
  stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.weight:size(2))
  self.weight:uniform(-stdv, stdv)
  if self.bias then self.bias:uniform(-stdv, stdv) end
  return self
end

local function check(self, input)
  assert(type(input) == 'table' and #input == 2 and torch.isTensor(input[1]) and torch.isTensor(input[2]),
    'input should be a table containing two data Tensors')
  assert(input[1]:dim() == 2 and input[2]:dim() == 2, 'input Tensors should be two-dimensional')
  assert(input[1]:size(1) == input[2]:size(1), 'input Tensors should have the same number of rows (instances)')
  assert(input[1]:size(2) == self.weight:size(2), 'dimensionality of first input is erroneous')
  assert(input[2]:size(2) == self.weight:size(3), 'dimensionality of second input is erroneous')
end

local function checkGradOutput(self, input, gradOutput)
  assert(gradOutput:size(1) == input[1]:size(1), 'number of rows in gradOutput does not match input')
  assert(gradOutput:size(2) == self.weight:size(1), 'number of columns in gradOutput does not output size of layer')
end

-- weight as a matrix of outputSize * inputSize1 rows: all the W_k below each other
local function rows(weight)
  return weight:view(weight:size(1) * weight:size(2), weight:size(3))
end

-- buff2[n][k] = W_k x2[n], for all n and k in one product; then y[n][k] = x1[n] . buff2[n][k]
function Bilinear:updateOutput(input)
  check(self, input)
  local x1, x2, weight = input[1]:contiguous(), input[2], self.weight
  local n, outputs = x1:size(1), weight:size(1)
  self.buff2 = self.buff2 or x1.new()
  self.buff2:resize(n, outputs * weight:size(2))
  self.buff2:mm(x2, rows(weight):t())
  self.output:resize(n, outputs, 1)
  self.output:bmm(self.buff2:view(n, outputs, weight:size(2)), x1:view(n, x1:size(2), 1))
  self.output:resize(n, outputs)
  if self.bias then self.output:add(self.bias:view(1, outputs):expandAs(self.output)) end
  return self.output
end

-- buff1[n] = gradOutput[n] x1[n]', the factor of x2 in both gradients
local function outer(self, x1, gradOutput)
  local n, outputs = x1:size(1), gradOutput:size(2)
  self.buff1 = self.buff1 or x1.new()
  self.buff1:resize(n, outputs, x1:size(2))
  self.buff1:bmm(gradOutput:contiguous():view(n, outputs, 1), x1:contiguous():view(n, 1, x1:size(2)))
  return self.buff1:view(n, outputs * x1:size(2))
end

function Bilinear:updateGradInput(input, gradOutput)
  if not self.gradInput then return end
  checkGradOutput(self, input, gradOutput)
  local x1, x2, weight = input[1], input[2], self.weight
  local n, outputs = x1:size(1), weight:size(1)
  local g1, g2 = self.gradInput[1], self.gradInput[2]
  g1:resize(n, 1, x1:size(2))
  g1:bmm(gradOutput:contiguous():view(n, 1, outputs), self.buff2:view(n, outputs, x1:size(2)))
  g1:resizeAs(x1)
  g2:resizeAs(x2)
  g2:mm(outer(self, x1, gradOutput), rows(weight))
  return self.gradInput
end

function Bilinear:accGradParameters(input, gradOutput, scale)
  scale = scale or 1
  checkGradOutput(self, input, gradOutput)
  rows(self.gradWeight):addmm(scale, outer(self, input[1], gradOutput):t(), input[2])
  if self.bias then self.gradBias:add(scale, gradOutput:sum(1)) end
end

function Bilinear:clearState()
  nn.utils.clear(self, 'buff1', 'buff2')
  return parent.clearState(self)
end

function Bilinear:__tostring__()
  return ('%s(%dx%d -> %d) '):format(torch.type(self), self.weight:size(2), self.weight:size(3), self.weight:size(1))
    .. (self.bias and '' or ' without bias')
end
