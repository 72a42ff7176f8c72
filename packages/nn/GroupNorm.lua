local GroupNorm, parent = torch.class('nn.GroupNorm', 'nn.Module')

-- N x C x ...: the planes of a sample are normalised in groups; affine: learned scale and shift a plane
function GroupNorm:__init(groups, nPlane, eps, affine)
   parent.__init(self)
   assert(nPlane % groups == 0, 'the number of planes must be a multiple of the number of groups')
   self.groups, self.nPlane = groups, nPlane
   self.eps = eps or 1e-5
   self.affine = affine == nil or affine
   self.save_mean, self.save_std = torch.Tensor(), torch.Tensor()
   if self.affine then
      self.weight, self.bias = torch.Tensor(nPlane), torch.Tensor(nPlane)
      self.gradWeight, self.gradBias = torch.Tensor(nPlane), torch.Tensor(nPlane)
      self:reset()
   end
end

function GroupNorm:reset()
   if self.weight then
      self.weight:fill(1)
      self.bias:zero()
   end
end

function GroupNorm:updateOutput(input)
   assert(input:dim() >= 2 and input:size(2) == self.nPlane, 'expected a batch of ' .. self.nPlane .. ' planes')
   input.THNN.GroupNorm_updateOutput(input, self.output, self.weight, self.bias, self.save_mean, self.save_std, self.groups, self.eps)
   return self.output
end

function GroupNorm:updateGradInput(input, gradOutput)
   input.THNN.GroupNorm_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.save_mean, self.save_std, self.groups)
   return self.gradInput
end

function GroupNorm:accGradParameters(input, gradOutput, scale)
   if self.weight then
      input.THNN.GroupNorm_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.save_mean, self.save_std,
         self.groups, scale or 1)
   end
end

function GroupNorm:clearState()
   nn.utils.clear(self, 'save_mean', 'save_std')
   return parent.clearState(self)
end

function GroupNorm:__tostring__()
   return torch.type(self) .. '(' .. self.groups .. ', ' .. self.nPlane .. ')'
end
