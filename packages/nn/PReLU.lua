local PReLU, parent = torch.class('nn.PReLU', 'nn.Module')

-- nOutputPlane: 0 for one slope, else one slope a plane
function PReLU:__init(nOutputPlane)
   parent.__init(self)
   self.nOutputPlane = nOutputPlane or 0
   local n = math.max(1, self.nOutputPlane)
   self.weight = torch.Tensor(n):fill(0.25)
   self.gradWeight = torch.Tensor(n)
end

function PReLU:updateOutput(input)
   input.THNN.PReLU_updateOutput(input, self.output, self.weight, self.nOutputPlane)
   return self.output
end

function PReLU:updateGradInput(input, gradOutput)
   input.THNN.PReLU_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.nOutputPlane)
   return self.gradInput
end

function PReLU:accGradParameters(input, gradOutput, scale)
   self.gradWeightBuf = self.gradWeightBuf or input.new()
   self.gradWeightBuf2 = self.gradWeightBuf2 or input.new()
   input.THNN.PReLU_accGradParameters(input, gradOutput, self.gradInput, self.weight, self.gradWeight,
      self.gradWeightBuf, self.gradWeightBuf2, self.nOutputPlane, scale or 1)
   return self.gradWeight
end

function PReLU:clearState()
   nn.utils.clear(self, 'gradWeightBuf', 'gradWeightBuf2')
   return parent.clearState(self)
end
