local TemporalDynamicKMaxPooling, parent = torch.class('nn.TemporalDynamicKMaxPooling', 'nn.Module')

-- keeps the max(minK, ceil(factor * frames)) largest values of each feature, in their order
function TemporalDynamicKMaxPooling:__init(minK, factor)
   parent.__init(self)
   self.minK = minK
   self.factor = factor or 0
end

local function count(self, frames)
   return math.min(frames, math.max(self.minK, math.ceil(self.factor * frames)))
end

function TemporalDynamicKMaxPooling:updateOutput(input)
   assert(input:dim() == 2 or input:dim() == 3, 'Only 2D or 3D(batch mode) accepted')
   local dim = input:dim() - 1
   local k = count(self, input:size(dim))
   local _, positions = input:topk(k, dim, true)
   self.indices = positions:sort(dim)
   self.output:gather(input, dim, self.indices)
   return self.output
end

function TemporalDynamicKMaxPooling:updateGradInput(input, gradOutput)
   if self.gradInput then
      self.gradInput:resizeAs(input):zero()
      self.gradInput:scatter(input:dim() - 1, self.indices, gradOutput)
      return self.gradInput
   end
end

function TemporalDynamicKMaxPooling:clearState()
   self.indices = nil
   return parent.clearState(self)
end
