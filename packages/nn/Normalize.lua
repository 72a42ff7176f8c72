local Normalize, parent = torch.class('nn.Normalize', 'nn.Module')

-- rows divided by their p-norm; p = math.huge: by the largest magnitude
function Normalize:__init(p, eps)
   parent.__init(self)
   assert(p, 'p-norm not provided')
   assert(p > 0, p .. '-norm not supported')
   self.p = p
   self.eps = eps or 1e-10
end

local function rows(x)
   assert(x:dim() <= 2, 'only 1d layer supported')
   return x:dim() == 1 and x:view(1, -1) or x
end

-- normp = sum |x|^p + eps, norm = its root
function Normalize:updateOutput(input)
   local size = input:size()
   local x = rows(input:contiguous())
   for _, name in ipairs{ '_output', 'norm', 'buffer' } do self[name] = self[name] or x.new() end
   if self.p == math.huge then
      self._indices = self._indices or torch.LongTensor()
      if torch.type(self._indices) ~= 'torch.LongTensor' then self._indices = torch.LongTensor() end
      self.buffer:abs(x)
      torch.max(self.norm, self._indices, self.buffer, 2)
      self.norm:add(self.eps)
   else
      self.normp = self.normp or x.new()
      if self.p % 2 ~= 0 then self.buffer:abs(x):pow(self.p) else self.buffer:pow(x, self.p) end
      self.normp:sum(self.buffer, 2):add(self.eps)
      if self.p == 2 then self.norm:sqrt(self.normp) else self.norm:pow(self.normp, 1 / self.p) end
   end
   self._output:cdiv(x, self.norm:expandAs(x))
   self.output:view(self._output, size)
   return self.output
end

function Normalize:updateGradInput(input, gradOutput)
   local size = input:size()
   local x, g = rows(input:contiguous()), rows(gradOutput:contiguous())
   for _, name in ipairs{ '_gradInput', 'cross', 'buffer2' } do self[name] = self[name] or x.new() end
   self.cross:sum(self.buffer2:cmul(x, g), 2)
   self._gradInput:cdiv(g, self.norm:expandAs(x))
   if self.p == math.huge then
      -- only the largest element moves the norm
      local at = torch.gather(x, 2, self._indices)
      at:cmul(self.cross):cdiv(self.norm):cdiv(self.norm):cdiv(self.norm)
      self._gradInput:scatter(2, self._indices, torch.gather(self._gradInput, 2, self._indices):add(-1, at))
   else
      self.cross:cdiv(self.norm):cdiv(self.normp)
      self.buffer:abs(x)
      if self.p < 2 then self.buffer:add(self.eps) end -- a negative power of 0
      self.buffer:pow(self.p - 2):cmul(x):cmul(self.cross:expandAs(x))
      self._gradInput:add(-1, self.buffer)
   end
   self.gradInput:view(self._gradInput, size)
   return self.gradInput
end

function Normalize:__tostring__()
   local text = self.p % 1 == 0 and string.format('%d', self.p) or string.format('%f', self.p)
   if self.p == math.huge then text = 'inf' end
   return torch.type(self) .. '(' .. text .. ')'
end

function Normalize:type(type, tensorCache)
   if not type then return self._type end
   self._indices = nil
   return parent.type(self, type, tensorCache)
end

function Normalize:clearState()
   nn.utils.clear(self, { '_output', '_indices', '_gradInput', 'buffer', 'norm', 'normp', 'cross', 'buffer2' })
   return parent.clearState(self)
end
