-- Online k-means: the output is the index of the nearest centre, and the gradient of a centre leads it to the mean of
-- its samples.
local Kmeans, parent = torch.class('nn.Kmeans', 'nn.Module')

function Kmeans:__init(k, dim, scale)
  parent.__init(self)
  assert(k > 0, 'Clusters cannot be 0 or negative.')
  assert(dim > 0, 'Dimensionality cannot be 0 or negative.')
  self.k = k
  self.dim = dim
  self.scale = scale
  self.weight = torch.Tensor(k, dim)
  self.gradWeight = torch.Tensor(k, dim)
  self.loss = 0
  self.clusterSampleCount = torch.Tensor(k)
  self:reset()
end

function Kmeans:reset(stdv)
  stdv = stdv or 1
  self.weight:uniform(-stdv, stdv)
end

local function checkSamples(self, input)
  assert(input:size(1) > self.k, 'Number of samples should be greater than number of clusters.')
  assert(input:size(2) == self.dim, 'Dimensionality of samples and clusters does not match.')
end

-- Centres at random samples.
function Kmeans:initRandom(input)
  checkSamples(self, input)
  local indices = torch.LongTensor(self.k):random(1, input:size(1))
  self.weight:index(input, 1, indices)
end

-- Squared distances of all samples to one centre, added into `out` (n) by the given function.
local function squaredDistances(self, out, input, centre)
  self._difference = self._difference or input.new()
  local difference = self._difference
  torch.add(difference, input, -1, centre:view(1, self.dim):expandAs(input))
  difference:cmul(difference)
  return out:sum(difference, 2)
end

-- Centres far from each other: each next one is a random sample among the (1-p) share farthest from those before.
function Kmeans:initKmeansPlus(input, p)
  self.p = p or self.p or 0.95
  assert(self.p >= 0 and self.p <= 1, 'P value should be between 0-1.')
  checkSamples(self, input)
  local n = input:size(1)
  local candidates = math.max(1, math.ceil((1 - self.p) * n))
  self.weight[1]:copy(input[torch.random(n)])
  local nearest = input.new(n, 1):fill(math.huge)
  local distance = input.new()
  for k = 2, self.k do
    nearest:cmin(squaredDistances(self, distance, input, self.weight[k - 1]))
    local _, order = nearest:view(n):sort(true)
    self.weight[k]:copy(input[order[torch.random(candidates)]])
  end
end

local function asBatch(self, input)
  if input:dim() == 1 then input = input:view(1, -1) end
  assert(input:dim() == 2 and input:size(2) == self.dim, 'Dimensionality of samples and clusters does not match.')
  return input
end

function Kmeans:updateOutput(input)
  input = asBatch(self, input)
  local n = input:size(1)
  self._clusterDistances = self._clusterDistances or input.new()
  self._column = self._column or input.new()
  self._clusterDistances:resize(n, self.k)
  for k = 1, self.k do
    self._clusterDistances:select(2, k):copy(squaredDistances(self, self._column, input, self.weight[k]))
  end
  self._minScore, self._minIndx = torch.min(self._clusterDistances, 2)
  self.loss = self._minScore:sum()
  self.output:resize(n):copy(self._minIndx)
  return self.output
end

-- Samples have no gradient.
function Kmeans:updateGradInput(input)
  return self.gradInput:resizeAs(input):zero()
end

function Kmeans:accGradParameters(input, _, scale)
  input = asBatch(self, input)
  scale = self.scale or scale or 1
  assert(scale > 0, ' Scale has to be positive.')
  local indices = self._minIndx:view(-1)
  local ones = input.new(input:size(1)):fill(1)
  self.clusterSampleCount:zero():indexAdd(1, indices, ones)
  self._gradient = self._gradient or self.weight.new()
  local gradient = self._gradient:resizeAs(self.weight):zero()
  gradient:indexAdd(1, indices, input)
  local count = self.clusterSampleCount:view(self.k, 1)
  -- sum of (centre - sample), each divided by the count
  local divisor = torch.add(count, 1e-7)
  gradient:mul(-1):addcmul(self.weight, count:expandAs(self.weight))
  gradient:cdiv(divisor:expandAs(gradient))
  self.gradWeight:add(scale, gradient)
end

local function dropBuffers(self)
  for _, name in ipairs{ '_clusterDistances', '_minScore', '_minIndx', '_column', '_difference', '_gradient' } do
    self[name] = nil
  end
end

function Kmeans:clearState()
  dropBuffers(self)
  return parent.clearState(self)
end

function Kmeans:type(type, cache)
  if type then dropBuffers(self) end
  return parent.type(self, type, cache)
end
