local MarginRankingCriterion, parent = torch.class('nn.MarginRankingCriterion', 'nn.Criterion')

function MarginRankingCriterion:__init(margin)
   parent.__init(self)
   self.margin = margin or 1
   self.gradInput = { torch.Tensor(1), torch.Tensor(1) }
   self.sizeAverage = true
end

function MarginRankingCriterion:updateOutput(input, y)
   if input[1]:nElement() == 1 then -- one pair
      if torch.isTensor(y) then y = y:view(-1)[1] end
      self.output = math.max(0, -y * (input[1]:view(-1)[1] - input[2]:view(-1)[1]) + self.margin)
      return self.output
   end
   if type(y) == 'number' then y = input[1].new(1):fill(y) end
   self._output = self._output or input[1]:clone()
   self._output:add(input[1], -1, input[2]):mul(-1):cmul(y):add(self.margin)
   self._output:cmax(0)
   self.output = self._output:sum()
   if self.sizeAverage then self.output = self.output / y:size(1) end
   return self.output
end

function MarginRankingCriterion:updateGradInput(input, y)
   local first, second = self.gradInput[1], self.gradInput[2]
   if input[1]:nElement() == 1 then
      if torch.isTensor(y) then y = y:view(-1)[1] end
      local inside = -y * (input[1]:view(-1)[1] - input[2]:view(-1)[1]) + self.margin >= 0
      first:resizeAs(input[1]):fill(inside and -y or 0)
      second:resizeAs(input[2]):fill(inside and y or 0)
      return self.gradInput
   end
   if type(y) == 'number' then y = input[1].new(1):fill(y) end
   self.dist = self.dist or input[1].new()
   self.dist:add(input[1], -1, input[2]):mul(-1):cmul(y):add(self.margin)
   self.mask = self.mask or input[1].new()
   self.mask:ge(self.dist, 0)
   second:cmul(self.mask, y)
   if self.sizeAverage then second:div(y:size(1)) end
   first:mul(second, -1)
   return self.gradInput
end

function MarginRankingCriterion:type(type, tensorCache)
   if not type then return self._type end
   return parent.type(self, type, tensorCache)
end
