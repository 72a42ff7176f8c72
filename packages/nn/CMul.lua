-- A factor for every element, for every element of a sample, or for every slice along the dimensions where it has size 1.
local CMul, parent = torch.class('nn.CMul', 'nn.Module')

function CMul:__init(...)
  parent.__init(self)
  local first = ...
  self.size = torch.isStorage(first) and first or torch.LongStorage{ ... }
  self.weight = torch.Tensor(self.size)
  self.gradWeight = torch.Tensor(self.size)
  self.output:resize(self.size)
  self:reset()
end

function CMul:reset(stdv)
  stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(self.weight:nElement())
  self.weight:uniform(-stdv, stdv)
end

function CMul:updateOutput(input)
  return self.output:cmul(input, nn.utils.spread(self.weight, input))
end

function CMul:updateGradInput(_, gradOutput)
  if not self.gradInput then return end
  return self.gradInput:cmul(gradOutput, nn.utils.spread(self.weight, gradOutput))
end

function CMul:accGradParameters(input, gradOutput, scale)
  self._product = self._product or input.new()
  self._product:cmul(input, gradOutput)
  self.gradWeight:add(scale or 1, nn.utils.gather(self._product, self.gradWeight))
end

function CMul:clearState()
  nn.utils.clear(self, '_product')
  return parent.clearState(self)
end
