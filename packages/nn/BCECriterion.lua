local BCECriterion, parent = torch.class('nn.BCECriterion', 'nn.Criterion')

function BCECriterion:__init(weights, sizeAverage)
   parent.__init(self)
   self.sizeAverage = sizeAverage == nil or sizeAverage
   if weights ~= nil then
      assert(weights:dim() == 1, 'weights input should be 1-D Tensor')
      self.weights = weights
   end
end

-- one weight a column, seen as large as the input
local function expanded(weights, input)
   if weights and input:dim() ~= 1 then
      weights = weights:view(1, input:size(2)):expandAs(input)
   end
   return weights
end

local function checkSizes(input, target)
   assert(input:nElement() == target:nElement(), 'input and target size mismatch')
end

function BCECriterion:updateOutput(input, target)
   checkSizes(input, target)
   self.output_tensor = self.output_tensor or input.new(1)
   input.THNN.BCECriterion_updateOutput(input, target, self.output_tensor, self.sizeAverage, expanded(self.weights, input))
   self.output = self.output_tensor[1]
   return self.output
end

function BCECriterion:updateGradInput(input, target)
   checkSizes(input, target)
   input.THNN.BCECriterion_updateGradInput(input, target, self.gradInput, self.sizeAverage, expanded(self.weights, input))
   return self.gradInput
end
