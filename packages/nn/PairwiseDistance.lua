-- The p-norm of a - b, row by row.
local PairwiseDistance, parent = torch.class('nn.PairwiseDistance', 'nn.Module')

function PairwiseDistance:__init(p)
  parent.__init(self)
  self.gradInput = {}
  self.diff = torch.Tensor()
  self.norm = p or 2
end

local function asRows(t)
  if t:dim() == 1 then return t:view(1, -1) end
  return t
end

function PairwiseDistance:updateOutput(input)
  local a, b = asRows(input[1]:contiguous()), asRows(input[2]:contiguous())
  self.diff:add(a, -1, b)
  self.output:norm(self.diff, self.norm, 2)
  self.output:resize(a:size(1))
  return self.output
end

local function anySign(x)
  if x == 0 then return 2 * torch.random(2) - 3 end
end

-- For a: d |d|^(p-2) / (y + 1e-6)^(p-1). Where the 1-norm has a kink, either side will do.
function PairwiseDistance:updateGradInput(input, gradOutput)
  local gradients = self.gradInput
  gradients[1] = gradients[1] or input[1].new()
  gradients[2] = gradients[2] or input[2].new()
  local diff, p = self.diff, self.norm
  local n = diff:size(1)
  local gradient = gradients[1]
  if p == 1 then
    gradient:sign(diff):apply(anySign)
  else
    gradient:resizeAs(diff):copy(diff)
    if p > 2 then
      gradient:cmul(torch.abs(diff):pow(p - 2))
    elseif p < 2 then -- zero differences have no power
      gradient:cmul(torch.abs(diff):apply(function(x) return x == 0 and 1 or x end):pow(p - 2))
    end
    local divisor = torch.add(self.output, 1e-6):pow(p - 1):view(n, 1)
    gradient:cdiv(divisor:expandAs(diff))
  end
  gradient:cmul(gradOutput:contiguous():view(n, 1):expandAs(diff))
  gradient:resizeAs(input[1])
  gradients[2]:resizeAs(input[2]):copy(gradient):mul(-1)
  return gradients
end

function PairwiseDistance:clearState()
  nn.utils.clear(self, 'diff')
  return parent.clearState(self)
end
