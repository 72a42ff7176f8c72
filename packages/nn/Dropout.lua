local Dropout, parent = torch.class('nn.Dropout', 'nn.Module')

-- v1: the first form, which scales in evaluation instead of in training
function Dropout:__init(p, v1, inplace, stochasticInference)
   parent.__init(self)
   self.p = p or 0.5
   self.train = true
   self.inplace = inplace
   self.stochastic_inference = stochasticInference or false
   self.v2 = not v1
   if self.p >= 1 or self.p < 0 then error('<Dropout> illegal percentage, must be 0 <= p < 1') end
   self.noise = torch.Tensor()
end

function Dropout:updateOutput(input)
   if self.inplace then self.output:set(input) end
   local noisy = self.p > 0 and (self.train or self.stochastic_inference)
   if noisy then
      -- draws and multiplies in one pass; noise holds the factors for the gradient
      input.THNN.Dropout_updateOutput(input, self.output, self.noise, 1 - self.p, self.v2 and 1 / (1 - self.p) or 1)
   else
      if not self.inplace then self.output:resizeAs(input):copy(input) end
      if not self.train and not self.v2 and self.p > 0 then self.output:mul(1 - self.p) end
   end
   return self.output
end

function Dropout:updateGradInput(input, gradOutput)
   if self.inplace then self.gradInput:set(gradOutput) end
   if self.train and self.p > 0 then
      self.gradInput:cmul(gradOutput, self.noise)
   else
      if not self.inplace then self.gradInput:resizeAs(gradOutput):copy(gradOutput) end
      if not self.train and not self.v2 and self.p > 0 then self.gradInput:mul(1 - self.p) end
   end
   return self.gradInput
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
