-- A mixture of experts: the sum of the experts' outputs, each times its gate.
local MixtureTable, parent = torch.class('nn.MixtureTable', 'nn.Module')

function MixtureTable:__init(dim)
  parent.__init(self)
  self.dim = dim
  self.size = torch.LongStorage()
  self.size2 = torch.LongStorage()
  self.batchSize = 0
  self.backwardSetup = false
  self.gradInput = {}
end

-- The gates as a tensor that expands to one tensor of all experts, whose dimension `dim` counts them.
local function spreadGates(self, gates, experts)
  local size = torch.LongStorage(experts:dim()):fill(1)
  if self.dimG == 2 then size[1] = self.batchSize end
  size[self.dim] = gates:size(self.dimG)
  return gates:contiguous():view(size):expandAs(experts)
end

-- The gate of one expert, expanded to its output.
local function spreadGate(self, gates, i, expert)
  local size = torch.LongStorage(expert:dim()):fill(1)
  if self.dimG == 2 then size[1] = self.batchSize end
  return gates:narrow(self.dimG, i, 1):contiguous():view(size):expandAs(expert)
end

function MixtureTable:updateOutput(input)
  local gates, experts = input[1], input[2]
  self.dimG = gates:dim()
  self.batchSize = self.dimG == 2 and gates:size(1) or 1
  self.dim = self.dim or self.dimG
  self._product = self._product or gates.new()
  local output = self.output
  self.table = type(experts) == 'table' or nil
  if self.table then
    if gates:size(self.dimG) ~= #experts then error('Should be one gater output per expert') end
    output:resizeAs(experts[1]):zero()
    for i, expert in ipairs(experts) do output:addcmul(spreadGate(self, gates, i, expert), expert) end
  else
    if experts:size(self.dim) ~= gates:size(self.dimG) then error('Should be one gater output per expert') end
    self._product:cmul(experts, spreadGates(self, gates, experts))
    output:sum(self._product, self.dim)
    output:set(output:select(self.dim, 1))
  end
  return output
end

-- The gradient of gates: sums of each sample's product of expert and gradOutput.
local function gateGradient(self, result, product)
  local samples = product:contiguous():view(self.batchSize, -1)
  return result:copy(samples:sum(2))
end

function MixtureTable:updateGradInput(input, gradOutput)
  local gates, experts = input[1], input[2]
  local gradients = self.gradInput
  gradients[1] = gradients[1] or gates.new()
  gradients[1]:resizeAs(gates)
  local product = self._product
  if self.table then
    if torch.type(gradients[2]) ~= 'table' then gradients[2] = {} end
    for i, expert in ipairs(experts) do
      product:cmul(expert, gradOutput)
      gateGradient(self, gradients[1]:narrow(self.dimG, i, 1), product)
      gradients[2][i] = gradients[2][i] or expert.new()
      gradients[2][i]:cmul(gradOutput, spreadGate(self, gates, i, expert))
    end
    for i = #gradients[2], #experts + 1, -1 do gradients[2][i] = nil end
  else
    local g = nn.utils.addSingletonDimension(gradOutput, self.dim):expandAs(experts)
    product:cmul(experts, g)
    for i = 1, gates:size(self.dimG) do
      gateGradient(self, gradients[1]:narrow(self.dimG, i, 1), product:narrow(self.dim, i, 1))
    end
    if not torch.isTensor(gradients[2]) then gradients[2] = experts.new() end
    gradients[2]:cmul(spreadGates(self, gates, experts), g)
  end
  return gradients
end

function MixtureTable:type(type, cache)
  if type then self._product = nil end
  return parent.type(self, type, cache)
end

function MixtureTable:clearState()
  self._product = nil
  return parent.clearState(self)
end
