local L1HingeEmbeddingCriterion, parent = torch.class('nn.L1HingeEmbeddingCriterion', 'nn.Criterion')

function L1HingeEmbeddingCriterion:__init(margin)
   parent.__init(self)
   self.margin = margin or 1
   self.gradInput = { torch.Tensor(), torch.Tensor() }
end

function L1HingeEmbeddingCriterion:updateOutput(input, y)
   if torch.isTensor(y) then y = y[1] end
   self.output = input[1]:dist(input[2], 1)
   if y == -1 then self.output = math.max(0, self.margin - self.output) end
   return self.output
end

function L1HingeEmbeddingCriterion:updateGradInput(input, y)
   if torch.isTensor(y) then y = y[1] end
   local first, second = self.gradInput[1], self.gradInput[2]
   first:resizeAs(input[1]):copy(input[1]):add(-1, input[2])
   local apart = first:norm(1)
   first:apply(function(z) return z >= 0 and 1 or -1 end)
   if y == -1 then first:mul(apart > self.margin and 0 or -1) end
   second:resizeAs(first):copy(first):mul(-1)
   return self.gradInput
end

function L1HingeEmbeddingCriterion:type(type, tensorCache)
   if not type then return self._type end
   return parent.type(self, type, tensorCache)
end
