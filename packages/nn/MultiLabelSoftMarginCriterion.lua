local MultiLabelSoftMarginCriterion, parent = torch.class('nn.MultiLabelSoftMarginCriterion', 'nn.Criterion')

local kEpsilon = 1e-12

function MultiLabelSoftMarginCriterion:__init(weights, sizeAverage)
   parent.__init(self)
   self.sizeAverage = sizeAverage == nil or sizeAverage
   if weights ~= nil then
      assert(weights:dim() == 1, 'weights input should be 1-D Tensor')
      self.weights = weights
   end
   self.sigmoid = nn.Sigmoid()
end

local function expanded(weights, input)
   if input:dim() ~= 1 then weights = weights:view(1, input:size(2)):expandAs(input) end
   return weights
end

function MultiLabelSoftMarginCriterion:updateOutput(input, target)
   assert(input:nElement() == target:nElement(), 'input and target size mismatch')
   self._buffer1 = self._buffer1 or input.new()
   self._buffer2 = self._buffer2 or input.new()
   local x = self.sigmoid:updateOutput(input)
   -- -(t log s + (1 - t) log(1 - s)), weighted
   self._buffer1:add(x, kEpsilon):log():cmul(target)
   self._buffer2:mul(target, -1):add(1)
   self._buffer2:cmul(torch.mul(x, -1):add(1 + kEpsilon):log())
   self._buffer1:add(self._buffer2)
   if self.weights then self._buffer1:cmul(expanded(self.weights, input)) end
   self.output = -self._buffer1:sum()
   if self.sizeAverage then self.output = self.output / input:nElement() end
   return self.output
end

function MultiLabelSoftMarginCriterion:updateGradInput(input, target)
   assert(input:nElement() == target:nElement(), 'input and target size mismatch')
   -- the sigmoid's own derivative cancels the logarithm's
   self.sigmoid.gradInput:resizeAs(input)
   self.gradInput:add(self.sigmoid.output, -1, target)
   if self.weights then self.gradInput:cmul(expanded(self.weights, input)) end
   if self.sizeAverage then self.gradInput:div(input:nElement()) end
   return self.gradInput
end
