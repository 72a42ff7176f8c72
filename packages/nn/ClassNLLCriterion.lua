local ClassNLLCriterion, parent = torch.class('nn.ClassNLLCriterion', 'nn.Criterion')

function ClassNLLCriterion:__init(weights, sizeAverage, ignoreIndex)
   parent.__init(self)
   self.sizeAverage = sizeAverage == nil or sizeAverage
   self.ignoreIndex = ignoreIndex or -100 -- a label without loss or gradient
   if weights then
      assert(weights:dim() == 1, 'weights input should be 1-D Tensor')
      self.weights = weights
   end
   self.output_tensor = torch.zeros(1)
   self.total_weight_tensor = torch.ones(1)
   self.target = torch.zeros(1):long()
end

function ClassNLLCriterion:__len()
   return self.weights and #self.weights or 0
end

-- labels may come as a number or in any tensor type; kernels want them in a LongTensor
local function labels(self, input, target)
   local cuda = torch.type(input):find('Cuda')
   local name = cuda and (torch.CudaLongTensor and 'torch.CudaLongTensor' or 'torch.CudaTensor') or 'torch.LongTensor'
   if torch.type(self.target) ~= name then self.target = torch.getmetatable(name).new() end
   if type(target) == 'number' then
      self.target:resize(1):fill(target)
   else
      nn.utils.resizeLike(self.target, target):copy(target)
   end
   return self.target
end

function ClassNLLCriterion:updateOutput(input, target)
   input.THNN.ClassNLLCriterion_updateOutput(input, labels(self, input, target), self.output_tensor, self.sizeAverage,
      self.weights, self.total_weight_tensor, self.ignoreIndex or -100)
   self.output = self.output_tensor[1]
   return self.output
end

function ClassNLLCriterion:updateGradInput(input, target)
   self.gradInput:resizeAs(input):zero()
   input.THNN.ClassNLLCriterion_updateGradInput(input, labels(self, input, target), self.gradInput, self.sizeAverage,
      self.weights, self.total_weight_tensor, self.ignoreIndex or -100)
   return self.gradInput
end
