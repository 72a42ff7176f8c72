local SpatialClassNLLCriterion, parent = torch.class('nn.SpatialClassNLLCriterion', 'nn.Criterion')

function SpatialClassNLLCriterion:__init(weights, sizeAverage)
   parent.__init(self)
   self.sizeAverage = sizeAverage == nil or sizeAverage
   if weights then
      assert(weights:dim() == 1, 'weights input should be 1-D Tensor')
      self.weights = weights
   end
   self.output_tensor = torch.zeros(1)
   self.total_weight_tensor = torch.ones(1)
   self.target = torch.zeros(1):long()
end

function SpatialClassNLLCriterion:__len()
   return self.weights and #self.weights or 0
end

local function labels(self, target)
   if torch.type(self.target) ~= 'torch.LongTensor' then self.target = torch.LongTensor() end
   if type(target) == 'number' then target = torch.LongTensor(1, 1, 1):fill(target) end
   nn.utils.resizeLike(self.target, target):copy(target)
   return self.target
end

function SpatialClassNLLCriterion:updateOutput(input, target)
   input.THNN.SpatialClassNLLCriterion_updateOutput(input, labels(self, target), self.output_tensor, self.sizeAverage,
      self.weights, self.total_weight_tensor)
   self.output = self.output_tensor[1]
   return self.output
end

function SpatialClassNLLCriterion:updateGradInput(input, target)
   self.gradInput:resizeAs(input):zero()
   input.THNN.SpatialClassNLLCriterion_updateGradInput(input, labels(self, target), self.gradInput, self.sizeAverage,
      self.weights, self.total_weight_tensor)
   return self.gradInput
end
