local SpatialAutoCropMSECriterion, parent = torch.class('nn.SpatialAutoCropMSECriterion', 'nn.MSECriterion')

-- the middle of the target, of the size of the input
local function crop(input, target)
   for d = input:dim() - 1, input:dim() do
      local have, want = target:size(d), input:size(d)
      if have ~= want then target = target:narrow(d, math.floor((have - want) / 2) + 1, want) end
   end
   return target
end

function SpatialAutoCropMSECriterion:updateOutput(input, target)
   return parent.updateOutput(self, input, crop(input, target))
end

function SpatialAutoCropMSECriterion:updateGradInput(input, target)
   return parent.updateGradInput(self, input, crop(input, target))
end
