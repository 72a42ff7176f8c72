local MV, parent = torch.class('nn.MV', 'nn.Module')

function MV:__init(trans)
  parent.__init(self)
  self.trans = trans or false
  self.gradInput = { torch.Tensor(), torch.Tensor() }
end

local function matrixOf(self, m)
  if not self.trans then return m end
  return m:transpose(m:dim() - 1, m:dim())
end

function MV:updateOutput(input)
  assert(#input == 2, 'input must be a pair of minibatch matrices')
  local m, v = input[1], input[2]
  assert(m:dim() == 2 or m:dim() == 3, 'input matrix must be 2D or 3D')
  assert(v:dim() == m:dim() - 1, m:dim() == 2 and 'input vector must be 1D' or 'input vector must be 2D')
  if m:dim() == 3 then assert(m:size(1) == v:size(1), 'inputs must contain the same number of minibatches') end
  m = matrixOf(self, m)
  assert(m:size(m:dim()) == v:size(v:dim()), 'matrix row count and vector length do not match')
  local output = self.output
  if m:dim() == 2 then
    output:resize(m:size(1))
    return output:mv(m, v)
  end
  output:resize(m:size(1), m:size(2), 1)
  output:bmm(m, v:contiguous():view(v:size(1), v:size(2), 1))
  return output:resize(m:size(1), m:size(2))
end

function MV:updateGradInput(input, gradOutput)
  local m, v = input[1], input[2]
  local gradM, gradV = self.gradInput[1], self.gradInput[2]
  local left, right = gradOutput, v
  if self.trans then left, right = v, gradOutput end
  if m:dim() == 2 then
    gradM:resizeAs(m)
    gradM:ger(left, right)
    gradV:resizeAs(v)
    gradV:mv(matrixOf(self, m):t(), gradOutput)
  else
    local n = m:size(1)
    gradM:resizeAs(m)
    gradM:bmm(left:contiguous():view(n, left:size(2), 1), right:contiguous():view(n, 1, right:size(2)))
    gradV:resize(n, v:size(2), 1)
    gradV:bmm(matrixOf(self, m):transpose(2, 3), gradOutput:contiguous():view(n, gradOutput:size(2), 1))
    gradV:resizeAs(v)
  end
  return self.gradInput
end
