local geometry = require 'nn.geometry'
local SpatialFractionalMaxPooling, parent = torch.class('nn.SpatialFractionalMaxPooling', 'nn.Module')

-- arg1, arg2: output width and height, or ratios of output to input (both below 1)
function SpatialFractionalMaxPooling:__init(poolSizeW, poolSizeH, arg1, arg2)
   parent.__init(self)
   assert(poolSizeW >= 2 and poolSizeH >= 2, 'pool sizes must be at least 2')
   self.poolSizeW, self.poolSizeH = poolSizeW, poolSizeH
   self.newRandomPool = false
   if arg1 >= 1 and arg2 >= 1 then
      self.outW, self.outH = arg1, arg2
   elseif arg1 < 1 and arg2 < 1 then
      assert(arg1 > 0 and arg2 > 0, 'reduction ratios must be positive')
      self.ratioW, self.ratioH = arg1, arg2
   else
      error('expected sizes or ratios, not one of each')
   end
end

-- true: the regions drawn by the next forward (if none were) stay for those after it
function SpatialFractionalMaxPooling:fixPoolingRegions(fix)
   if fix == nil then fix = true end
   self.newRandomPool = fix
   return self
end

local function initSampleBuffer(self, input)
   local batch = input:dim() == 4 and input:size(1) or 1
   local planes = input:size(input:dim() - 2)
   local kept = self.newRandomPool and self.randomSamples
   if kept and kept:size(1) == batch and kept:size(2) == planes then return end
   self.randomSamples = self.randomSamples or input.new()
   self.randomSamples:resize(batch, planes, 2):uniform()
end

local function outputSize(self, input)
   if self.outW then return self.outW, self.outH end
   local dims = input:dim()
   local w, h = math.floor(input:size(dims) * self.ratioW), math.floor(input:size(dims - 1) * self.ratioH)
   assert(w > 0 and h > 0, 'reduction ratio leaves no output')
   return w, h
end

function SpatialFractionalMaxPooling:updateOutput(input)
   self.indices = geometry.indexTensor(input, self.indices)
   initSampleBuffer(self, input)
   local w, h = outputSize(self, input)
   input.THNN.SpatialFractionalMaxPooling_updateOutput(input, self.output, w, h, self.poolSizeW, self.poolSizeH,
      self.indices, self.randomSamples)
   return self.output
end

function SpatialFractionalMaxPooling:updateGradInput(input, gradOutput)
   assert(self.randomSamples, 'must call updateOutput/forward first')
   local w, h = outputSize(self, input)
   input.THNN.SpatialFractionalMaxPooling_updateGradInput(input, gradOutput, self.gradInput, w, h,
      self.poolSizeW, self.poolSizeH, self.indices)
   return self.gradInput
end

function SpatialFractionalMaxPooling:empty()
   self:clearState()
end

function SpatialFractionalMaxPooling:clearState()
   self.indices = nil
   self.randomSamples = nil
   return parent.clearState(self)
end

function SpatialFractionalMaxPooling:__tostring__()
   return string.format('%s(%dx%d, %d,%d)', torch.type(self), self.outW or 0, self.outH or 0, self.poolSizeW, self.poolSizeH)
end
