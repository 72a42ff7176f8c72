local SpatialUpSamplingBilinear, parent = torch.class('nn.SpatialUpSamplingBilinear', 'nn.Module')

-- params: a whole factor, or {oheight = , owidth = }
function SpatialUpSamplingBilinear:__init(params)
   parent.__init(self)
   if torch.type(params) == 'table' then
      assert(params.oheight and params.owidth, 'oheight and owidth are needed')
      self.oheight, self.owidth = params.oheight, params.owidth
   else
      self.scale_factor = params
      if params < 1 then error('scale_factor must be greater than 1') end
      if math.floor(params) ~= params then error('scale_factor must be integer') end
   end
   self.inputSize = torch.LongStorage(4)
   self.outputSize = torch.LongStorage(4)
end

function SpatialUpSamplingBilinear:setSize(input)
   local offset = 4 - input:dim()
   self.inputSize[1] = 1
   for d = 1, input:dim() do self.inputSize[d + offset] = input:size(d) end
   self.outputSize[1], self.outputSize[2] = self.inputSize[1], self.inputSize[2]
   self.outputSize[3] = self.oheight or self.inputSize[3] * self.scale_factor
   self.outputSize[4] = self.owidth or self.inputSize[4] * self.scale_factor
end

local function batch(x)
   return x:dim() == 3 and x:view(1, x:size(1), x:size(2), x:size(3)) or x
end

function SpatialUpSamplingBilinear:updateOutput(input)
   assert(input:dim() == 4 or input:dim() == 3, 'SpatialUpSamplingBilinear only supports 3D or 4D tensors')
   self:setSize(input)
   local single = input:dim() == 3
   if single then input = batch(input:contiguous()) end
   input.THNN.SpatialUpSamplingBilinear_updateOutput(input, self.output, self.outputSize[3], self.outputSize[4])
   if single then self.output = self.output:select(1, 1) end
   return self.output
end

function SpatialUpSamplingBilinear:updateGradInput(input, gradOutput)
   local single = input:dim() == 3
   if single then gradOutput = batch(gradOutput:contiguous()) end
   local size = self.inputSize
   gradOutput.THNN.SpatialUpSamplingBilinear_updateGradInput(gradOutput, self.gradInput,
      size[1], size[2], size[3], size[4], self.outputSize[3], self.outputSize[4])
   if single then self.gradInput = self.gradInput:select(1, 1) end
   return self.gradInput
end

function SpatialUpSamplingBilinear:__tostring__()
   local size = self.scale_factor and tostring(self.scale_factor) or self.oheight .. ', ' .. self.owidth
   return torch.type(self) .. '(' .. size .. ')'
end
