-- What convolutions and poolings share: the text of their sizes, and index tensors.
local geometry = {}

local function list(self, prefix, axes, separator)
   local out = {}
   for i, axis in ipairs(axes) do out[i] = self[prefix .. axis] or 0 end
   return table.concat(out, separator or ',')
end

local function any(self, prefix, axes, trivial)
   for _, axis in ipairs(axes) do
      if (self[prefix .. axis] or trivial) ~= trivial then return true end
   end
   return false
end

-- options: head = text before the kernel, strides = always, dilation, adj, bias
function geometry.text(self, axes, options)
   local parts = { (options.head or '') .. list(self, 'k', axes, 'x') }
   local padded = any(self, 'pad', axes, 0)
   if options.strides or padded or any(self, 'd', axes, 1) then parts[#parts + 1] = list(self, 'd', axes) end
   if padded then parts[#parts + 1] = list(self, 'pad', axes) end
   if options.adj and any(self, 'adj', axes, 0) then parts[#parts + 1] = list(self, 'adj', axes) end
   if options.dilation then parts[#parts + 1] = list(self, 'dilation', axes) end
   local text = torch.type(self) .. '(' .. table.concat(parts, ', ') .. ')'
   return options.bias and not self.bias and text .. ' without bias' or text
end

function geometry.planes(self)
   return self.nInputPlane .. ' -> ' .. self.nOutputPlane .. ', '
end

-- Positions and labels live in an integer tensor on the device of the input; t is kept where it is one.
function geometry.indexTensor(input, t)
   local name = torch.type(input):find('Cuda') and 'torch.CudaLongTensor' or 'torch.LongTensor'
   return torch.type(t) == name and t or torch.getmetatable(name).new()
end

-- uniform weights, then biases
function geometry.reset(self, stdv, fan)
   stdv = stdv and stdv * math.sqrt(3) or 1 / math.sqrt(fan)
   self.weight:uniform(-stdv, stdv)
   if self.bias then self.bias:uniform(-stdv, stdv) end
end

function geometry.noBias(self)
   self.bias = nil
   self.gradBias = nil
   return self
end

function geometry.workspace(self)
   self.finput = self.finput or self.weight.new()
   self.fgradInput = self.fgradInput or self.weight.new()
end

return geometry
