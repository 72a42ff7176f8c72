local ClassSimplexCriterion, parent = torch.class('nn.ClassSimplexCriterion', 'nn.MSECriterion')

-- n + 1 points of unit length in n dimensions, every two of them at the same angle
local function regularSimplex(n)
   local a = torch.zeros(n + 1, n)
   for k = 1, n do
      local row = a[k]
      row[k] = math.sqrt(1 - row:dot(row))
      local below = (row[k] ^ 2 - 1 - 1 / n) / row[k]
      a:sub(k + 1, n + 1, k, k):fill(below)
   end
   return a
end

function ClassSimplexCriterion:__init(nClasses)
   parent.__init(self)
   assert(nClasses and nClasses > 1 and nClasses == math.floor(nClasses), 'Required positive integer argument nClasses > 1')
   self.nClasses = nClasses
   -- one column of zeros makes it as wide as the scores of a classifier
   self.simplex = torch.cat(regularSimplex(nClasses - 1), torch.zeros(nClasses, 1), 2)
   self._target = torch.Tensor(nClasses)
end

local function vertices(self, input, target)
   if input:dim() == 1 then
      if torch.isTensor(target) then target = target:squeeze() end
      self._target:resize(self.nClasses):copy(self.simplex[target])
   else
      self._target:index(self.simplex, 1, target:long():view(-1))
   end
   assert(self._target:dim() == input:dim(), '1D or 2D input expected')
   return self._target
end

function ClassSimplexCriterion:updateOutput(input, target)
   return parent.updateOutput(self, input, vertices(self, input, target))
end

function ClassSimplexCriterion:updateGradInput(input, target)
   return parent.updateGradInput(self, input, vertices(self, input, target))
end

-- projection of each row on the vertices
function ClassSimplexCriterion:getPredictions(input)
   if input:dim() == 1 then input = input:view(1, -1) end
   return torch.mm(input, self.simplex:t())
end

function ClassSimplexCriterion:getTopPrediction(input)
   local _, index = self:getPredictions(input):max(2)
   return index:view(-1)
end
