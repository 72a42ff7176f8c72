local Replicate, parent = torch.class('nn.Replicate', 'nn.Module')

function Replicate:__init(nfeatures, dim, ndim)
  parent.__init(self)
  self.nfeatures = nfeatures
  self.dim = dim or 1
  self.ndim = ndim
  assert(self.dim > 0, 'Can only replicate across positive integer dimensions.')
end

local function position(self, input)
  return self.dim + (self.ndim and input:dim() > self.ndim and 1 or 0)
end

-- A view: the new dimension has stride 0.
function Replicate:updateOutput(input)
  assert(self.dim <= input:dim() + 1, ('Not enough input dimensions to replicate along dimension %d.'):format(self.dim))
  local at = position(self, input)
  local size, stride = torch.LongStorage(input:dim() + 1), torch.LongStorage(input:dim() + 1)
  for d = 1, input:dim() + 1 do
    local from = d < at and d or d - 1
    size[d] = d == at and self.nfeatures or input:size(from)
    stride[d] = d == at and 0 or input:stride(from)
  end
  return self.output:set(input:storage(), input:storageOffset(), size, stride)
end

function Replicate:updateGradInput(input, gradOutput)
  self.gradInput:sum(gradOutput, position(self, input))
  return self.gradInput:resizeAs(input)
end
