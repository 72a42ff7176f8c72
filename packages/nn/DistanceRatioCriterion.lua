local DistanceRatioCriterion, parent = torch.class('nn.DistanceRatioCriterion', 'nn.Criterion')

-- {x, y}: distances to the positive and to the negative example; loss = -log(e^-x / (e^-x + e^-y))
function DistanceRatioCriterion:__init(sizeAverage)
   parent.__init(self)
   self.sizeAverage = sizeAverage == nil or sizeAverage
end

function DistanceRatioCriterion:updateOutput(input)
   assert(#input == 2, 'Invalid number of inputs')
   local x, y = input[1], input[2]
   assert(x:nElement() == y:nElement(), 'Number of input elements do not match')
   for _, name in ipairs{ '_expMinusX', '_expMinusY', '_sumExpMinusXY', '_logSumExpMinusXY', 'loss' } do
      self[name] = self[name] or x.new()
   end
   self._expMinusX:mul(x, -1):exp()
   self._expMinusY:mul(y, -1):exp()
   self._sumExpMinusXY:add(self._expMinusX, self._expMinusY)
   self._logSumExpMinusXY:log(self._sumExpMinusXY)
   self.loss:add(x, self._logSumExpMinusXY)
   local sum = self.loss:sum()
   return self.sizeAverage and sum / x:nElement() or sum
end

function DistanceRatioCriterion:updateGradInput(input)
   self.dX = self.dX or input[1].new()
   self.dY = self.dY or input[2].new()
   self.dY:cdiv(self._expMinusY, self._sumExpMinusXY):mul(-1)
   if self.sizeAverage then self.dY:div(input[1]:nElement()) end
   self.dX:mul(self.dY, -1)
   return { self.dX, self.dY }
end
