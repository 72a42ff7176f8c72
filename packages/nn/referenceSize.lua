-- Transposed convolutions take {x, reference} too: the output then gets the size of the reference.
local referenceSize = {}

-- returns x and, for each axis, the adjustment of this call; axes in the order of the last dimensions of x
function referenceSize.split(self, input, axes)
   local adj = {}
   if type(input) ~= 'table' then
      for i, axis in ipairs(axes) do adj[i] = self['adj' .. axis] or 0 end
      return input, adj
   end
   local x, reference = input[1], input[2]
   for i, axis in ipairs(axes) do
      local size = reference:size(reference:dim() - #axes + i)
      adj[i] = (size + 2 * self['pad' .. axis] - self['k' .. axis]) % self['d' .. axis]
   end
   return x, adj
end

-- gradInput has the form of the input; the reference gets zeros that take no memory
function referenceSize.gradient(self, input)
   local g = self.gradInput
   if type(input) ~= 'table' then
      if type(g) == 'table' then self.gradInput = g[1] end
      return self.gradInput
   end
   if type(g) ~= 'table' then g = { g } end
   local reference = input[2]
   self.zeroScalar = self.zeroScalar or reference.new(1):zero()
   local ones = {}
   for d = 1, reference:dim() do ones[d] = 1 end
   g[2] = self.zeroScalar:view(unpack(ones)):expandAs(reference)
   self.gradInput = g
   return g[1]
end

return referenceSize
