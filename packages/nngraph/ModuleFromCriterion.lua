-- {prediction, target} -> tensor of one element, the loss. The target's gradient is zero.
local ModuleFromCriterion, parent = torch.class('nn.ModuleFromCriterion', 'nn.Module')

function ModuleFromCriterion:__init(criterion)
  parent.__init(self)
  self.criterion = criterion
  self.output = torch.Tensor(1)
  self.gradInput = { torch.Tensor(), torch.Tensor() }
end

function ModuleFromCriterion:updateOutput(input)
  local prediction, target = unpack(input)
  self.output:resize(1):fill(self.criterion:updateOutput(prediction, target))
  return self.output
end

function ModuleFromCriterion:updateGradInput(input, gradOutput)
  local prediction, target = unpack(input)
  local gradient = self.criterion:updateGradInput(prediction, target)
  nn.utils.resizeLike(self.gradInput[1], gradient):copy(gradient):mul(gradOutput[1])
  nn.utils.resizeLike(self.gradInput[2], target):zero()
  return self.gradInput
end
