-- What the subtractive and the divisive normalisation share: a weighted sum over a window of every plane,
-- the same for all planes, and its values for an image of ones, which tell how much of the window is inside.
local localSums = {}

function localSums.checkKernel(class, kernel)
   local name = '<' .. class .. '> averaging kernel must '
   if kernel:dim() ~= 1 and kernel:dim() ~= 2 then error(name .. 'be 2D or 1D') end
   for d = 1, kernel:dim() do
      if kernel:size(d) % 2 == 0 then error(name .. 'have ODD dimensions') end
   end
end

-- a Sequential; pre and post are put at its ends
function localSums.estimator(planes, kernel, pre, post)
   local net = nn.Sequential()
   if pre then net:add(pre) end
   local kH, kW = kernel:size(1), kernel:size(kernel:dim())
   local padH, padW = math.floor(kH / 2), math.floor(kW / 2)
   net:add(nn.SpatialZeroPadding(padW, padW, padH, padH))
   if kernel:dim() == 2 then
      local sum = nn.SpatialConvolution(planes, 1, kW, kH)
      for i = 1, planes do sum.weight[1][i]:copy(kernel) end
      sum.bias:zero()
      net:add(sum)
   else
      local along = nn.SpatialConvolutionMap(nn.tables.oneToOne(planes), kW, 1)
      local across = nn.SpatialConvolution(planes, 1, 1, kW)
      for i = 1, planes do
         along.weight[i]:copy(kernel)
         across.weight[1][i]:copy(kernel)
      end
      along.bias:zero()
      across.bias:zero()
      net:add(along):add(across)
   end
   net:add(nn.Replicate(planes, 1, 3))
   if post then net:add(post) end
   return net
end

-- self.coef for images of the size of the input, and seen as a batch like it
function localSums.coefficients(self, input)
   local dims = input:dim()
   local c, h, w = input:size(dims - 2), input:size(dims - 1), input:size(dims)
   if self.coef:size(1) ~= c or self.coef:size(2) ~= h or self.coef:size(3) ~= w then
      self.ones = self.ones or input.new()
      self.ones:resize(c, h, w):fill(1)
      local sums = self.meanestimator:updateOutput(self.ones)
      self.coef = sums:clone():view(c, h, w)
   end
   if dims == 3 then return self.coef end
   self._coef = self._coef or input.new()
   self._coef:view(self.coef, 1, c, h, w)
   return self._coef:expandAs(input)
end

return localSums
