local localSums = require 'nn.localSums'
local SpatialDivisiveNormalization, parent = torch.class('nn.SpatialDivisiveNormalization', 'nn.Module')

function SpatialDivisiveNormalization:__init(nInputPlane, kernel, threshold, thresval)
   parent.__init(self)
   self.nInputPlane = nInputPlane or 1
   self.kernel = kernel or torch.Tensor(9, 9):fill(1)
   self.threshold = threshold or 1e-4
   self.thresval = thresval or threshold or 1e-4
   localSums.checkKernel('SpatialDivisiveNormalization', self.kernel)
   local planes = self.kernel:dim() == 2 and self.nInputPlane or math.sqrt(self.nInputPlane)
   self.kernel:div(self.kernel:sum() * planes)
   self.meanestimator = localSums.estimator(self.nInputPlane, self.kernel)
   self.stdestimator = localSums.estimator(self.nInputPlane, self.kernel, nn.Square(), nn.Sqrt())
   self.normalizer = nn.CDivTable()
   self.divider = nn.CDivTable()
   self.thresholder = nn.Threshold(self.threshold, self.thresval)
   self.coef = torch.Tensor(1, 1, 1)
end

function SpatialDivisiveNormalization:updateOutput(input)
   local coef = localSums.coefficients(self, input)
   self.localstds = self.stdestimator:updateOutput(input)
   self.adjustedstds = self.divider:updateOutput{ self.localstds, coef }
   self.thresholdedstds = self.thresholder:updateOutput(self.adjustedstds)
   self.output = self.normalizer:updateOutput{ input, self.thresholdedstds }
   return self.output
end

function SpatialDivisiveNormalization:updateGradInput(input, gradOutput)
   local coef = localSums.coefficients(self, input)
   local norm = self.normalizer:updateGradInput({ input, self.thresholdedstds }, gradOutput)
   local threshold = self.thresholder:updateGradInput(self.adjustedstds, norm[2])
   local div = self.divider:updateGradInput({ self.localstds, coef }, threshold)
   self.gradInput:resizeAs(input):copy(norm[1])
   return self.gradInput:add(self.stdestimator:updateGradInput(input, div[1]))
end

function SpatialDivisiveNormalization:clearState()
   if self.ones then self.ones:set() end
   if self._coef then self._coef:set() end
   self.coef = self.coef.new(1, 1, 1)
   self.localstds, self.adjustedstds, self.thresholdedstds = nil, nil, nil
   self.stdestimator:clearState()
   self.meanestimator:clearState()
   self.divider:clearState()
   self.normalizer:clearState()
   self.thresholder:clearState()
   return parent.clearState(self)
end
