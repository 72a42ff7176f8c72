local HingeEmbeddingCriterion, parent = torch.class('nn.HingeEmbeddingCriterion', 'nn.Criterion')

function HingeEmbeddingCriterion:__init(margin)
   parent.__init(self)
   self.margin = margin or 1
   self.sizeAverage = true
end

local function labels(self, input, y)
   if type(y) ~= 'number' then return y end
   self.ty = self.ty or input.new():resize(1)
   return self.ty:fill(y)
end

function HingeEmbeddingCriterion:updateOutput(input, y)
   y = labels(self, input, y)
   self.buffer = self.buffer or input.new()
   self.buffer:resizeAs(input):copy(input)
   self.buffer[torch.eq(y, -1)] = 0
   self.output = self.buffer:sum()
   self.buffer:fill(self.margin):add(-1, input)
   self.buffer:cmax(0)
   self.buffer[torch.eq(y, 1)] = 0
   self.output = self.output + self.buffer:sum()
   if self.sizeAverage == nil or self.sizeAverage then self.output = self.output / input:nElement() end
   return self.output
end

function HingeEmbeddingCriterion:updateGradInput(input, y)
   y = labels(self, input, y)
   self.gradInput:resizeAs(input):copy(y)
   self.gradInput[torch.cmul(torch.eq(y, -1), torch.gt(input, self.margin))] = 0
   if self.sizeAverage == nil or self.sizeAverage then self.gradInput:div(input:nElement()) end
   return self.gradInput
end
