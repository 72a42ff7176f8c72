local BatchNormalization, parent = torch.class('nn.BatchNormalization', 'nn.Module')

BatchNormalization.__version = 2
BatchNormalization.nDim = 2 -- dimensions of a batch

function BatchNormalization:__init(nOutput, eps, momentum, affine)
   parent.__init(self)
   assert(nOutput and type(nOutput) == 'number', 'Missing argument #1: dimensionality of input. ')
   assert(nOutput ~= 0, 'To set affine=false call BatchNormalization(nOutput,  eps, momentum, false) ')
   if affine ~= nil then
      assert(type(affine) == 'boolean', 'affine has to be true/false')
      self.affine = affine
   else
      self.affine = true
   end
   self.eps = eps or 1e-5
   self.train = true
   self.momentum = momentum or 0.1
   self.running_mean = torch.zeros(nOutput)
   self.running_var = torch.ones(nOutput)
   if self.affine then
      self.weight = torch.Tensor(nOutput)
      self.bias = torch.Tensor(nOutput)
      self.gradWeight = torch.Tensor(nOutput)
      self.gradBias = torch.Tensor(nOutput)
      self:reset()
   end
end

function BatchNormalization:reset()
   if self.weight then self.weight:uniform() end
   if self.bias then self.bias:zero() end
   self.running_mean:zero()
   self.running_var:fill(1)
end

local function checkInputDim(self, input)
   local iDim = input:dim()
   if iDim ~= self.nDim and not (iDim == self.nDim - 1 and self.train == false) then
      error(string.format('only mini-batch supported (%dD tensor), got %dD tensor instead', self.nDim, iDim))
   end
   local features = input:size(iDim - self.nDim + 2)
   if features ~= self.running_mean:nElement() then
      error(string.format('got %d-feature tensor, expected %d', features, self.running_mean:nElement()))
   end
end

-- in evaluation one sample may come alone
local function batch(self, x)
   return x:dim() == self.nDim and x or nn.utils.addSingletonDimension(x, 1)
end

-- the statistics of one sample say nothing
local function usesBatch(self, input)
   return self.train and input:size(1) > 1
end

function BatchNormalization:updateOutput(input)
   checkInputDim(self, input)
   input = batch(self, input)
   self.save_mean = self.save_mean or input.new()
   self.save_mean:resizeAs(self.running_mean)
   self.save_std = self.save_std or input.new()
   self.save_std:resizeAs(self.running_var)
   input.THNN.BatchNormalization_updateOutput(input, self.output, self.weight, self.bias, self.running_mean, self.running_var,
      self.save_mean, self.save_std, usesBatch(self, input), self.momentum, self.eps)
   return self.output
end

local function backward(self, input, gradOutput, scale, gradInput, gradWeight, gradBias)
   checkInputDim(self, input)
   checkInputDim(self, gradOutput)
   assert(self.save_mean and self.save_std, 'must call :updateOutput() first')
   input, gradOutput = batch(self, input), batch(self, gradOutput)
   input.THNN.BatchNormalization_backward(input, gradOutput, gradInput, gradWeight, gradBias, self.weight,
      self.running_mean, self.running_var, self.save_mean, self.save_std, usesBatch(self, input), scale or 1, self.eps)
   return self.gradInput
end

-- one pass for all gradients
function BatchNormalization:backward(input, gradOutput, scale)
   return backward(self, input, gradOutput, scale, self.gradInput, self.gradWeight, self.gradBias)
end

function BatchNormalization:updateGradInput(input, gradOutput)
   return backward(self, input, gradOutput, 1, self.gradInput)
end

function BatchNormalization:accGradParameters(input, gradOutput, scale)
   return backward(self, input, gradOutput, scale, nil, self.gradWeight, self.gradBias)
end

function BatchNormalization:read(file, version)
   parent.read(self, file)
   if version < 2 and self.running_std then
      self.running_var = self.running_std:pow(-2):add(-self.eps)
      self.running_std = nil
   end
end

function BatchNormalization:clearState()
   nn.utils.clear(self, '_input', '_gradOutput', 'save_mean', 'save_std')
   return parent.clearState(self)
end

function BatchNormalization:__tostring__()
   return string.format('%s (%dD) (%d)', torch.type(self), self.nDim, self.running_mean:nElement())
end
