local LayerNorm, parent = torch.class('nn.LayerNorm', 'nn.Module')

-- normalises the last dimension, of n elements; affine: learned scale and shift
function LayerNorm:__init(n, eps, affine)
   parent.__init(self)
   self.n = n
   self.eps = eps or 1e-5
   self.affine = affine == nil or affine
   self.save_mean, self.save_std = torch.Tensor(), torch.Tensor()
   if self.affine then
      self.weight, self.bias = torch.Tensor(n), torch.Tensor(n)
      self.gradWeight, self.gradBias = torch.Tensor(n), torch.Tensor(n)
      self:reset()
   end
end

function LayerNorm:reset()
   if self.weight then
      self.weight:fill(1)
      self.bias:zero()
   end
end

function LayerNorm:updateOutput(input)
   input.THNN.LayerNorm_updateOutput(input, self.output, self.weight, self.bias, self.save_mean, self.save_std, self.n, self.eps)
   return self.output
end

function LayerNorm:updateGradInput(input, gradOutput)
   input.THNN.LayerNorm_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.save_mean, self.save_std, self.n)
   return self.gradInput
end

function LayerNorm:accGradParameters(input, gradOutput, scale)
   if self.weight then
      input.THNN.LayerNorm_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.save_mean, self.save_std,
         self.n, scale or 1)
   end
end

function LayerNorm:clearState()
   nn.utils.clear(self, 'save_mean', 'save_std')
   return parent.clearState(self)
end

function LayerNorm:__tostring__()
   return torch.type(self) .. '(' .. self.n .. ')'
end
