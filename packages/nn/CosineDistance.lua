-- a.b / sqrt((a.a + 1e-12) (b.b + 1e-12)), row by row
local CosineDistance, parent = torch.class('nn.CosineDistance', 'nn.Module')

function CosineDistance:__init()
  parent.__init(self)
  self.gradInput = { torch.Tensor(), torch.Tensor() }
end

local function asRows(t)
  if t:dim() == 1 then return t:view(1, -1) end
  return t
end

local function rowProducts(self, result, a, b)
  self.buffer:cmul(a, b)
  return result:sum(self.buffer, 2)
end

function CosineDistance:updateOutput(input)
  local a, b = asRows(input[1]:contiguous()), asRows(input[2]:contiguous())
  if not self.buffer then
    for _, name in ipairs{ 'buffer', 'w1', 'w22', 'w32', 'w' } do self[name] = a.new() end
  end
  rowProducts(self, self.w1, a, b)
  rowProducts(self, self.w22, a, a):add(1e-12):cinv()
  rowProducts(self, self.w32, b, b):add(1e-12):cinv()
  self.w:cmul(self.w22, self.w32):sqrt()
  self.output:cmul(self.w1, self.w)
  self.output:resize(a:size(1))
  return self.output
end

-- d/da = g (b w - y a / a.a), and the same for b
function CosineDistance:updateGradInput(input, gradOutput)
  local a, b = asRows(input[1]:contiguous()), asRows(input[2]:contiguous())
  local gradients = self.gradInput
  if #gradients ~= 2 then
    gradients = { a.new(), b.new() }
    self.gradInput = gradients
  end
  local n = a:size(1)
  local g, y = gradOutput:contiguous():view(n, 1), self.output:view(n, 1)
  for k, pair in ipairs{ { a, b, self.w22 }, { b, a, self.w32 } } do
    local own, other, inverse = pair[1], pair[2], pair[3]
    local gradient = gradients[k]
    gradient:cmul(other, self.w:expandAs(other))
    gradient:addcmul(-1, own, torch.cmul(y, inverse):expandAs(own))
    gradient:cmul(g:expandAs(own))
    gradient:resizeAs(input[k])
  end
  return gradients
end

function CosineDistance:clearState()
  self.buffer, self.w1, self.w22, self.w32, self.w = nil, nil, nil, nil, nil
  return parent.clearState(self)
end
