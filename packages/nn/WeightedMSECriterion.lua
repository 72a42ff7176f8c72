local WeightedMSECriterion, parent = torch.class('nn.WeightedMSECriterion', 'nn.MSECriterion')

-- w: one factor an element of the target, or of one sample of it
function WeightedMSECriterion:__init(w)
   parent.__init(self)
   self.weight = w:clone()
end

local function weighted(self, input, target)
   self.buffer = self.buffer or input.new()
   local w = self.weight
   if input:dim() - 1 == w:dim() then w = w:view(1, unpack(w:size():totable())):expandAs(target) end
   return self.buffer:cmul(target, w)
end

function WeightedMSECriterion:updateOutput(input, target)
   return parent.updateOutput(self, input, weighted(self, input, target))
end

function WeightedMSECriterion:updateGradInput(input, target)
   return parent.updateGradInput(self, input, weighted(self, input, target))
end
