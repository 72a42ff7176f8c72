local DotProduct, parent = torch.class('nn.DotProduct', 'nn.Module')

function DotProduct:__init()
  parent.__init(self)
  self.gradInput = { torch.Tensor(), torch.Tensor() }
end

local function asRows(t)
  if t:dim() == 1 then return t:view(1, -1) end
  return t
end

function DotProduct:updateOutput(input)
  local a, b = asRows(input[1]:contiguous()), asRows(input[2]:contiguous())
  self.buffer = self.buffer or a.new()
  self.buffer:cmul(a, b)
  self.output:sum(self.buffer, 2)
  self.output:resize(a:size(1))
  return self.output
end

function DotProduct:updateGradInput(input, gradOutput)
  local a, b = input[1], input[2]
  local gradients = self.gradInput
  if #gradients ~= 2 then
    gradients = { a.new(), b.new() }
    self.gradInput = gradients
  end
  local g = gradOutput:contiguous():view(-1, 1):expandAs(asRows(a:contiguous()))
  gradients[1]:resizeAs(a)
  gradients[2]:resizeAs(b)
  torch.cmul(gradients[1], b, g)
  torch.cmul(gradients[2], a, g)
  return gradients
end

function DotProduct:clearState()
  self.buffer = nil
  return parent.clearState(self)
end
