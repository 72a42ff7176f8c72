-- A bias for every element, for every element of a sample, or for every slice along the dimensions where it has size 1.
local CAdd, parent = torch.class('nn.CAdd', 'nn.Module')

function CAdd:__init(...)
  parent.__init(self)
  local first = ...
  self.size = torch.isStorage(first) and first or torch.LongStorage{ ... }
  self.bias = torch.Tensor(self.size)
  self.gradBias = torch.Tensor(self.size)
  self.output:resize(self.size)
  self:reset()
end

function CAdd:reset(stdv)
  stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.bias:nElement())
  self.bias:uniform(-stdv, stdv)
end

function CAdd:updateOutput(input)
  return self.output:add(input, nn.utils.spread(self.bias, input))
end

function CAdd:updateGradInput(_, gradOutput)
  if not self.gradInput then return end
  self.gradInput:resizeAs(gradOutput):copy(gradOutput)
  return self.gradInput
end

function CAdd:accGradParameters(_, gradOutput, scale)
  self.gradBias:add(scale or 1, nn.utils.gather(gradOutput, self.gradBias))
end
