local RMSNorm, parent = torch.class('nn.RMSNorm', 'nn.Module')

-- divides the last dimension, of n elements, by the root of its mean square; affine: learned scale
function RMSNorm:__init(n, eps, affine)
   parent.__init(self)
   self.n = n
   self.eps = eps or 1e-6
   self.affine = affine == nil or affine
   self.save_std = torch.Tensor()
   if self.affine then
      self.weight, self.gradWeight = torch.Tensor(n), torch.Tensor(n)
      self:reset()
   end
end

function RMSNorm:reset()
   if self.weight then self.weight:fill(1) end
end

function RMSNorm:updateOutput(input)
   input.THNN.RMSNorm_updateOutput(input, self.output, self.weight, self.save_std, self.n, self.eps)
   return self.output
end

function RMSNorm:updateGradInput(input, gradOutput)
   input.THNN.RMSNorm_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.save_std, self.n)
   return self.gradInput
end

function RMSNorm:accGradParameters(input, gradOutput, scale)
   if self.weight then
      input.THNN.RMSNorm_accGradParameters(input, gradOutput, self.gradWeight, self.save_std, self.n, scale or 1)
   end
end

function RMSNorm:clearState()
   nn.utils.clear(self, 'save_std')
   return parent.clearState(self)
end

function RMSNorm:__tostring__()
   return torch.type(self) .. '(' .. self.n .. ')'
end
