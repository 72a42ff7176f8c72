local MultiMarginCriterion, parent = torch.class('nn.MultiMarginCriterion', 'nn.Criterion')

function MultiMarginCriterion:__init(p, weights, margin)
   parent.__init(self)
   assert(p == nil or p == 1 or p == 2, 'only p=1 and p=2 supported')
   self.p = p or 1
   self.margin = margin or 1
   self.sizeAverage = true
   if weights then
      assert(weights:dim() == 1, 'weights input should be 1-D Tensor')
      self.weights = weights
   end
end

local function labels(self, target)
   if torch.type(target) == 'torch.LongTensor' then return target end
   if torch.type(self.target_tensor) ~= 'torch.LongTensor' then self.target_tensor = torch.LongTensor(1) end
   if type(target) == 'number' then return self.target_tensor:resize(1):fill(target) end
   return nn.utils.resizeLike(self.target_tensor, target):copy(target)
end

function MultiMarginCriterion:updateOutput(input, target)
   self.output_tensor = self.output_tensor or input.new(1)
   input.THNN.MultiMarginCriterion_updateOutput(input, labels(self, target), self.output_tensor, self.sizeAverage,
      self.p, self.weights, self.margin)
   self.output = self.output_tensor[1]
   return self.output
end

function MultiMarginCriterion:updateGradInput(input, target)
   input.THNN.MultiMarginCriterion_updateGradInput(input, labels(self, target), self.gradInput, self.sizeAverage,
      self.p, self.weights, self.margin)
   return self.gradInput
end
