local PixelShuffle, parent = torch.class('nn.PixelShuffle', 'nn.Module')

function PixelShuffle:__init(upscaleFactor)
   parent.__init(self)
   self.upscaleFactor = upscaleFactor
   self.upscaleFactorSquared = upscaleFactor * upscaleFactor
end

-- N, C r^2, H, W  <->  N, C, r, r, H, W  ->  N, C, H, r, W, r
local function sizes(self, x)
   local d, r = x:dim(), self.upscaleFactor
   assert(d == 3 or d == 4, 'PixelShuffle expects 3D or 4D input')
   return d == 4 and x:size(1) or 1, x:size(d - 2) / self.upscaleFactorSquared, r, x:size(d - 1), x:size(d)
end

function PixelShuffle:updateOutput(input)
   local n, c, r, h, w = sizes(self, input)
   self._intermediateShape = self._intermediateShape or torch.LongStorage(6)
   self._outShape = self._outShape or torch.LongStorage()
   self._shuffleOut = self._shuffleOut or input.new()
   for i, v in ipairs{ n, c, r, r, h, w } do self._intermediateShape[i] = v end
   local shape = input:dim() == 4 and { n, c, h * r, w * r } or { c, h * r, w * r }
   self._outShape = torch.LongStorage(shape)
   local from = input:contiguous():view(self._intermediateShape)
   self._shuffleOut:resize(n, c, h, r, w, r):copy(from:permute(1, 2, 5, 3, 6, 4))
   self.output:view(self._shuffleOut, self._outShape)
   return self.output
end

function PixelShuffle:updateGradInput(input, gradOutput)
   if self.gradInput then
      local n, c, r, h, w = sizes(self, input)
      self._shuffleIn = self._shuffleIn or input.new()
      local from = gradOutput:contiguous():view(n, c, h, r, w, r)
      self._shuffleIn:resize(n, c, r, r, h, w):copy(from:permute(1, 2, 4, 6, 3, 5))
      self.gradInput:view(self._shuffleIn, input:size())
      return self.gradInput
   end
end

function PixelShuffle:clearState()
   nn.utils.clear(self, { '_intermediateShape', '_outShape', '_shuffleIn', '_shuffleOut' })
   return parent.clearState(self)
end
