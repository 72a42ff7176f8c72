local MM, parent = torch.class('nn.MM', 'nn.Module')

function MM:__init(transA, transB)
  parent.__init(self)
  self.transA = transA or false
  self.transB = transB or false
  self.gradInput = { torch.Tensor(), torch.Tensor() }
end

-- Last two dimensions exchanged.
local function turned(t, wanted)
  if not wanted then return t end
  return t:transpose(t:dim() - 1, t:dim())
end

-- result = a b, of matrices or of batches of them
local function product(result, a, b)
  if a:dim() == 2 then
    result:resize(a:size(1), b:size(2))
    return result:mm(a, b)
  end
  result:resize(a:size(1), a:size(2), b:size(3))
  return result:bmm(a, b)
end

function MM:updateOutput(input)
  assert(#input == 2, 'input must be a pair of minibatch matrices')
  local a, b = input[1], input[2]
  assert(a:dim() == 2 or a:dim() == 3, 'input tensors must be 2D or 3D')
  assert(b:dim() == a:dim(), a:dim() == 2 and 'second input tensor must be 2D' or 'second input tensor must be 3D')
  if a:dim() == 3 then assert(a:size(1) == b:size(1), 'inputs must contain the same number of minibatches') end
  a, b = turned(a, self.transA), turned(b, self.transB)
  assert(a:size(a:dim()) == b:size(b:dim() - 1), 'matrix sizes do not match')
  return product(self.output, a, b)
end

function MM:updateGradInput(input, gradOutput)
  local a, b = turned(input[1], self.transA), turned(input[2], self.transB)
  local gradients = self.gradInput
  gradients[1] = gradients[1] or a.new()
  gradients[2] = gradients[2] or b.new()
  if self.transA then
    product(gradients[1], b, turned(gradOutput, true))
  else
    product(gradients[1], gradOutput, turned(b, true))
  end
  if self.transB then
    product(gradients[2], turned(gradOutput, true), a)
  else
    product(gradients[2], turned(a, true), gradOutput)
  end
  return gradients
end
