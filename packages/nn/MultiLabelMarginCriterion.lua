local MultiLabelMarginCriterion, parent = torch.class('nn.MultiLabelMarginCriterion', 'nn.Criterion')

function MultiLabelMarginCriterion:__init()
   parent.__init(self)
   self.sizeAverage = true
   self.isTarget = torch.Tensor()
end

local function labels(target)
   return torch.type(target) == 'torch.LongTensor' and target or target:long()
end

function MultiLabelMarginCriterion:updateOutput(input, target)
   self.output_tensor = self.output_tensor or input.new(1)
   input.THNN.MultiLabelMarginCriterion_updateOutput(input, labels(target), self.output_tensor, self.isTarget, self.sizeAverage)
   self.output = self.output_tensor[1]
   return self.output
end

function MultiLabelMarginCriterion:updateGradInput(input, target)
   input.THNN.MultiLabelMarginCriterion_updateGradInput(input, labels(target), self.gradInput, self.isTarget, self.sizeAverage)
   return self.gradInput
end
