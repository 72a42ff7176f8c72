local ModuleCriterion = torch.class('nn.ModuleCriterion', 'nn.Criterion')

-- castTarget: bring the target to the type of the criterion's input
function ModuleCriterion:__init(criterion, inputModule, targetModule, castTarget)
   self.inputModule = inputModule
   self.targetModule = targetModule
   self.criterion = criterion
   self.castTarget = castTarget == nil or castTarget
   local parameters = inputModule and inputModule:parameters()
   if parameters and #parameters > 0 then
      print("Warning: nn.ModuleCriterion doesn't support parameter updates")
   end
end

function ModuleCriterion:updateOutput(input, target)
   self.input = self.inputModule and self.inputModule:forward(input) or input
   self.target = self.targetModule and self.targetModule:forward(target) or target
   if self.castTarget and torch.isTensor(self.target) and torch.isTensor(self.input)
      and self.target:type() ~= self.input:type() then
      self.target = self.target:type(self.input:type())
   end
   self.output = self.criterion:forward(self.input, self.target)
   return self.output
end

function ModuleCriterion:updateGradInput(input, target)
   self.gradInput = self.criterion:backward(self.input, self.target)
   if self.inputModule then
      self.gradInput = self.inputModule:updateGradInput(input, self.gradInput)
   end
   return self.gradInput
end
