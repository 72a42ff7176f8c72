local localSums = require 'nn.localSums'
local SpatialSubtractiveNormalization, parent = torch.class('nn.SpatialSubtractiveNormalization', 'nn.Module')

function SpatialSubtractiveNormalization:__init(nInputPlane, kernel)
   parent.__init(self)
   self.nInputPlane = nInputPlane or 1
   self.kernel = kernel or torch.Tensor(9, 9):fill(1)
   localSums.checkKernel('SpatialSubtractiveNormalization', self.kernel)
   self.kernel:div(self.kernel:sum() * self.nInputPlane)
   self.meanestimator = localSums.estimator(self.nInputPlane, self.kernel)
   self.subtractor = nn.CSubTable()
   self.divider = nn.CDivTable()
   self.coef = torch.Tensor(1, 1, 1)
end

function SpatialSubtractiveNormalization:updateOutput(input)
   local coef = localSums.coefficients(self, input)
   self.localsums = self.meanestimator:updateOutput(input)
   self.adjustedsums = self.divider:updateOutput{ self.localsums, coef }
   self.output = self.subtractor:updateOutput{ input, self.adjustedsums }
   return self.output
end

function SpatialSubtractiveNormalization:updateGradInput(input, gradOutput)
   local coef = localSums.coefficients(self, input)
   local sub = self.subtractor:updateGradInput({ input, self.adjustedsums }, gradOutput)
   local div = self.divider:updateGradInput({ self.localsums, coef }, sub[2])
   self.gradInput:resizeAs(input):copy(sub[1])
   return self.gradInput:add(self.meanestimator:updateGradInput(input, div[1]))
end

function SpatialSubtractiveNormalization:clearState()
   if self.ones then self.ones:set() end
   if self._coef then self._coef:set() end
   self.coef = self.coef.new(1, 1, 1)
   self.localsums, self.adjustedsums = nil, nil
   self.meanestimator:clearState()
   self.divider:clearState()
   self.subtractor:clearState()
   return parent.clearState(self)
end
