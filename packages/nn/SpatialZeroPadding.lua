local SpatialZeroPadding, parent = torch.class('nn.SpatialZeroPadding', 'nn.Module')

-- negative: crops
function SpatialZeroPadding:__init(pad_l, pad_r, pad_t, pad_b)
   parent.__init(self)
   self.pad_l = pad_l
   self.pad_r = pad_r or self.pad_l
   self.pad_t = pad_t or self.pad_l
   self.pad_b = pad_b or self.pad_l
end

-- the parts of the small and of the padded tensor that hold the same elements
local function overlap(self, inner, outer)
   for i, pads in ipairs{ { self.pad_t, self.pad_b }, { self.pad_l, self.pad_r } } do
      local d, before = inner:dim() - 2 + i, pads[1]
      local first = math.max(0, -before)
      local length = inner:size(d) - first - math.max(0, -pads[2])
      inner = inner:narrow(d, first + 1, length)
      outer = outer:narrow(d, math.max(0, before) + 1, length)
   end
   return inner, outer
end

function SpatialZeroPadding:updateOutput(input)
   local d = input:dim()
   if d ~= 3 and d ~= 4 then error('input must be 3 or 4-dimensional') end
   local size = input:size()
   size[d - 1] = size[d - 1] + self.pad_t + self.pad_b
   size[d] = size[d] + self.pad_l + self.pad_r
   if size[d - 1] < 1 or size[d] < 1 then error('input is too small') end
   self.output:resize(size):zero()
   local from, to = overlap(self, input, self.output)
   to:copy(from)
   return self.output
end

function SpatialZeroPadding:updateGradInput(input, gradOutput)
   self.gradInput:resizeAs(input):zero()
   local to, from = overlap(self, self.gradInput, gradOutput)
   to:copy(from)
   return self.gradInput
end

function SpatialZeroPadding:__tostring__()
   return torch.type(self) .. string.format('(l=%d, r=%d, t=%d, b=%d)', self.pad_l, self.pad_r, self.pad_t, self.pad_b)
end
