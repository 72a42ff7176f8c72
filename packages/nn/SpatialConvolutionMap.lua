local SpatialConvolutionMap, parent = torch.class('nn.SpatialConvolutionMap', 'nn.Module')

-- conMatrix: rows of (from, to), a kernel each
function SpatialConvolutionMap:__init(conMatrix, kW, kH, dW, dH)
   parent.__init(self)
   self.kW, self.kH = kW, kH
   self.dW, self.dH = dW or 1, dH or 1
   self.connTable = conMatrix
   self.nInputPlane = self.connTable:select(2, 1):max()
   self.nOutputPlane = self.connTable:select(2, 2):max()
   self.weight = torch.Tensor(self.connTable:size(1), kH, kW)
   self.bias = torch.Tensor(self.nOutputPlane)
   self.gradWeight = torch.Tensor(self.connTable:size(1), kH, kW)
   self.gradBias = torch.Tensor(self.nOutputPlane)
   self:reset()
end

function SpatialConvolutionMap:reset(stdv)
   if stdv then
      stdv = stdv * math.sqrt(3)
      self.weight:uniform(-stdv, stdv)
      self.bias:uniform(-stdv, stdv)
      return
   end
   -- as many inputs as the output plane of the row has
   local to, rows = self.connTable:select(2, 2), {}
   for i = 1, to:size(1) do rows[to[i]] = (rows[to[i]] or 0) + 1 end
   local function bound(plane) return 1 / math.sqrt(self.kW * self.kH * (rows[plane] or 0)) end
   for i = 1, to:size(1) do
      local b = bound(to[i])
      self.weight:select(1, i):uniform(-b, b)
   end
   for k = 1, self.bias:size(1) do
      local b = bound(k)
      self.bias[k] = torch.uniform(-b, b)
   end
end

function SpatialConvolutionMap:updateOutput(input)
   input.THNN.SpatialConvolutionMap_updateOutput(input, self.output, self.weight, self.bias, self.connTable,
      self.nInputPlane, self.nOutputPlane, self.dW, self.dH)
   return self.output
end

function SpatialConvolutionMap:updateGradInput(input, gradOutput)
   input.THNN.SpatialConvolutionMap_updateGradInput(input, gradOutput, self.gradInput, self.weight, self.bias, self.connTable,
      self.nInputPlane, self.nOutputPlane, self.dW, self.dH)
   return self.gradInput
end

function SpatialConvolutionMap:accGradParameters(input, gradOutput, scale)
   input.THNN.SpatialConvolutionMap_accGradParameters(input, gradOutput, self.gradWeight, self.gradBias, self.connTable,
      self.nInputPlane, self.nOutputPlane, self.dW, self.dH, scale or 1)
end

function SpatialConvolutionMap:decayParameters(decay)
   self.weight:add(-decay, self.weight)
   self.bias:add(-decay, self.bias)
end
