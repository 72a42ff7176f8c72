-- Gives a class the methods of dropout by whole planes; `sampleDims` is the number of dimensions of one sample.
-- one draw a plane, seen as large as the input
local function expanded(noise, input)
   local size = input:size()
   for d = noise:dim() + 1, input:dim() do size[d] = 1 end
   return noise:view(size):expandAs(input)
end

return function(Dropout, parent, sampleDims)
   function Dropout:__init(p, stochasticInference)
      parent.__init(self)
      self.p = p or 0.5
      self.train = true
      self.stochastic_inference = stochasticInference or false
      self.noise = torch.Tensor()
   end

   function Dropout:updateOutput(input)
      local dims = input:dim()
      if self.train or self.stochastic_inference then
         if dims == sampleDims + 1 then
            self.noise:resize(input:size(1), input:size(2))
         elseif dims == sampleDims then
            self.noise:resize(input:size(1))
         else
            error(('Input must be %dD or %dD'):format(sampleDims, sampleDims + 1))
         end
         self.noise:bernoulli(1 - self.p)
         self.output:cmul(input, expanded(self.noise, input))
      else
         self.output:mul(input, 1 - self.p)
      end
      return self.output
   end

   function Dropout:updateGradInput(input, gradOutput)
      if not self.train then error('backprop only defined while training') end
      return self.gradInput:cmul(gradOutput, expanded(self.noise, input))
   end

   function Dropout:setp(p)
      self.p = p
   end

   function Dropout:__tostring__()
      return string.format('%s(%f)', torch.type(self), self.p)
   end

   function Dropout:clearState()
      if self.noise then self.noise:set() end
      return parent.clearState(self)
   end
end
