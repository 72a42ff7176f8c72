local UpSampling, parent = torch.class('nn.UpSampling', 'nn.Module')

-- params: a whole factor, or (not for nearest) {[odepth =,] oheight =, owidth =}; mode: nearest, linear
function UpSampling:__init(params, mode)
   parent.__init(self)
   if mode == nil or mode == 'nearest' then
      self.mode = 'nearest'
   elseif mode == 'linear' or mode == 'bilinear' or mode == 'trilinear' then
      self.mode = 'linear'
   else
      error('Unknown mode: ' .. tostring(mode))
   end
   if torch.type(params) == 'table' then
      if self.mode == 'nearest' then error('Nearest neighbour upsampling requires a scale_factor') end
      assert(params.oheight and params.owidth, 'oheight and owidth are needed')
      self.odepth, self.oheight, self.owidth = params.odepth, params.oheight, params.owidth
   else
      self.scale_factor = params
      if params < 1 then error('scale_factor must be greater than 1') end
      if math.floor(params) ~= params then error('scale_factor must be integer') end
   end
   self.inputSize = torch.LongStorage(5)
   self.outputSize = torch.LongStorage(5)
end

function UpSampling:setSize(input)
   local dims = input:dim()
   if dims == 3 then error('nn.UpSampling expects a batch: 4D or 5D input') end
   for d = 1, dims do
      self.inputSize[d] = input:size(d)
      self.outputSize[d] = d > 2 and self.scale_factor and self.inputSize[d] * self.scale_factor or self.inputSize[d]
   end
   if not self.scale_factor then
      self.outputSize[dims - 1], self.outputSize[dims] = self.oheight, self.owidth
      if dims == 5 then self.outputSize[3] = self.odepth or self.inputSize[3] end
   end
end

function UpSampling:updateOutput(input)
   local dims = input:dim()
   assert(dims == 4 or dims == 5, 'UpSampling only supports 4D or 5D tensors')
   self:setSize(input)
   local size = self.outputSize
   if self.mode == 'nearest' then
      local kernel = dims == 4 and 'SpatialUpSamplingNearest' or 'VolumetricUpSamplingNearest'
      input.THNN[kernel .. '_updateOutput'](input, self.output, self.scale_factor)
   elseif dims == 4 then
      input.THNN.SpatialUpSamplingBilinear_updateOutput(input, self.output, size[3], size[4])
   else
      input.THNN.VolumetricUpSamplingTrilinear_updateOutput(input, self.output, size[3], size[4], size[5])
   end
   return self.output
end

function UpSampling:updateGradInput(input, gradOutput)
   local dims, from, to = input:dim(), self.inputSize, self.outputSize
   if self.mode == 'nearest' then
      local kernel = dims == 4 and 'SpatialUpSamplingNearest' or 'VolumetricUpSamplingNearest'
      input.THNN[kernel .. '_updateGradInput'](input, gradOutput, self.gradInput, self.scale_factor)
   elseif dims == 4 then
      input.THNN.SpatialUpSamplingBilinear_updateGradInput(gradOutput, self.gradInput,
         from[1], from[2], from[3], from[4], to[3], to[4])
   else
      input.THNN.VolumetricUpSamplingTrilinear_updateGradInput(gradOutput, self.gradInput,
         from[1], from[2], from[3], from[4], from[5], to[3], to[4], to[5])
   end
   return self.gradInput
end

function UpSampling:__tostring__()
   local size
   if self.scale_factor then
      size = self.scale_factor .. 'x'
   else
      size = (self.odepth and self.odepth .. 'x' or '') .. self.oheight .. 'x' .. self.owidth
   end
   return torch.type(self) .. '(' .. size .. ', ' .. self.mode .. ')'
end
