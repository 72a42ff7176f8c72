local geometry = require 'nn.geometry'
local VolumetricFractionalMaxPooling, parent = torch.class('nn.VolumetricFractionalMaxPooling', 'nn.Module')

-- arg1, arg2, arg3: output time, width and height, or ratios of output to input (all below 1)
function VolumetricFractionalMaxPooling:__init(poolSizeT, poolSizeW, poolSizeH, arg1, arg2, arg3)
   parent.__init(self)
   assert(poolSizeT >= 2 and poolSizeW >= 2 and poolSizeH >= 2, 'pool sizes must be at least 2')
   self.poolSizeT, self.poolSizeW, self.poolSizeH = poolSizeT, poolSizeW, poolSizeH
   self.newRandomPool = false
   if arg1 >= 1 and arg2 >= 1 and arg3 >= 1 then
      self.outT, self.outW, self.outH = arg1, arg2, arg3
   elseif arg1 < 1 and arg2 < 1 and arg3 < 1 then
      assert(arg1 > 0 and arg2 > 0 and arg3 > 0, 'reduction ratios must be positive')
      self.ratioT, self.ratioW, self.ratioH = arg1, arg2, arg3
   else
      error('expected sizes or ratios, not some of each')
   end
end

-- true: the regions drawn by the next forward (if none were) stay for those after it
function VolumetricFractionalMaxPooling:fixPoolingRegions(fix)
   if fix == nil then fix = true end
   self.newRandomPool = fix
   return self
end

local function initSampleBuffer(self, input)
   local batch = input:dim() == 5 and input:size(1) or 1
   local planes = input:size(input:dim() - 3)
   local kept = self.newRandomPool and self.randomSamples
   if kept and kept:size(1) == batch and kept:size(2) == planes then return end
   self.randomSamples = self.randomSamples or input.new()
   self.randomSamples:resize(batch, planes, 3):uniform()
end

-- the input's last dimensions are height, width, time
local function outputSize(self, input)
   if self.outT then return self.outT, self.outW, self.outH end
   local dims = input:dim()
   local t = math.floor(input:size(dims) * self.ratioT)
   local w = math.floor(input:size(dims - 1) * self.ratioW)
   local h = math.floor(input:size(dims - 2) * self.ratioH)
   assert(t > 0 and w > 0 and h > 0, 'reduction ratio leaves no output')
   return t, w, h
end

function VolumetricFractionalMaxPooling:updateOutput(input)
   self.indices = geometry.indexTensor(input, self.indices)
   initSampleBuffer(self, input)
   local t, w, h = outputSize(self, input)
   input.THNN.VolumetricFractionalMaxPooling_updateOutput(input, self.output, t, w, h,
      self.poolSizeT, self.poolSizeW, self.poolSizeH, self.indices, self.randomSamples)
   return self.output
end

function VolumetricFractionalMaxPooling:updateGradInput(input, gradOutput)
   assert(self.randomSamples, 'must call updateOutput/forward first')
   local t, w, h = outputSize(self, input)
   input.THNN.VolumetricFractionalMaxPooling_updateGradInput(input, gradOutput, self.gradInput, t, w, h,
      self.poolSizeT, self.poolSizeW, self.poolSizeH, self.indices)
   return self.gradInput
end

function VolumetricFractionalMaxPooling:empty()
   self:clearState()
end

function VolumetricFractionalMaxPooling:clearState()
   self.indices = nil
   self.randomSamples = nil
   return parent.clearState(self)
end

function VolumetricFractionalMaxPooling:__tostring__()
   return string.format('%s(%dx%dx%d, %d,%d,%d)', torch.type(self), self.outT or 0, self.outW or 0, self.outH or 0,
      self.poolSizeT, self.poolSizeW, self.poolSizeH)
end
