-- torch.einsum(spec, a, b, ...): sums of products of tensors, by the names of their dimensions.
--
-- Operands are joined from left to right. Of the labels of a pair, those in both that are needed later
-- count the matrices of a bmm, those in both that are not are summed by it, the others are its rows and columns.
-- A tensor with its labels is {t = tensor, labels = {'i', 'j'}}.

local function list(text)
   local out = {}
   for label in text:gmatch('.') do
      if not label:find('%a') then error("einsum: labels are letters, got '" .. text .. "'", 0) end
      table.insert(out, label)
   end
   return out
end

local function set(labels)
   local out = {}
   for k, label in ipairs(labels) do out[label] = k end
   return out
end

local function strided(t, sizes, strides)
   return t.new(t:storage(), t:storageOffset(), torch.LongStorage(sizes), torch.LongStorage(strides))
end

local function operand(k, t, text)
   if not torch.isTensor(t) then error(('einsum: operand %d is no tensor'):format(k), 0) end
   local given = list(text)
   if t:dim() == 0 or #given ~= t:dim() then
      error(("einsum: operand %d has %d dimensions, its labels are '%s'"):format(k, t:dim(), text), 0)
   end
   local labels, at, sizes, strides = {}, {}, {}, {}
   for d, label in ipairs(given) do
      local n = at[label]
      if not n then
         n = #labels + 1
         labels[n], at[label], sizes[n], strides[n] = label, n, t:size(d), t:stride(d)
      else -- a label twice: the diagonal
         if sizes[n] ~= t:size(d) then
            error(("einsum: label '%s' is %d and %d in operand %d"):format(label, sizes[n], t:size(d), k), 0)
         end
         strides[n] = strides[n] + t:stride(d)
      end
   end
   return { t = #labels == #given and t or strided(t, sizes, strides), labels = labels }
end

-- Sums out the labels that are in neither set. What remains of a tensor without labels is one element.
local function reduce(x, needed, shared)
   local t, labels = x.t, {}
   for _, label in ipairs(x.labels) do
      local d = #labels + 1
      if needed[label] or shared[label] then labels[d] = label
      elseif t:dim() == 1 then t = t.new{ t:sum() }
      else t = t:sum(d):select(d, 1) end
   end
   return t == x.t and x or { t = t, labels = labels }
end

-- t as a tensor with one dimension for each group of its dimensions, or nil where the strides forbid it.
local function merged(t, groups, at)
   local sizes, strides = {}, {}
   for g, group in ipairs(groups) do
      local size, stride = 1, 1
      for _, label in ipairs(group) do
         local d = at[label]
         local n, step = t:size(d), t:stride(d)
         if n > 1 then
            if size > 1 and stride ~= step * n then return nil end
            size, stride = size * n, step
         end
      end
      sizes[g], strides[g] = size, stride
   end
   return strided(t, sizes, strides)
end

-- x with one dimension for each group of labels: without a copy where possible.
local function grouped(x, groups)
   local at = set(x.labels)
   local t = merged(x.t, groups, at)
   if t then return t end
   local order, moved = {}, {}
   for _, group in ipairs(groups) do
      for _, label in ipairs(group) do
         table.insert(order, at[label])
         moved[label] = #order
      end
   end
   return merged(x.t:permute(unpack(order)):contiguous(), groups, moved)
end

local function join(a, b, needed)
   local in_a, in_b = set(a.labels), set(b.labels)
   a, b = reduce(a, needed, in_b), reduce(b, needed, in_a)
   local batch, rows, summed, cols = {}, {}, {}, {}
   for _, label in ipairs(a.labels) do
      table.insert(not in_b[label] and rows or needed[label] and batch or summed, label)
   end
   for _, label in ipairs(b.labels) do
      if not in_a[label] then table.insert(cols, label) end
   end
   local size = {}
   for _, x in ipairs{ a, b } do
      for d, label in ipairs(x.labels) do size[label] = x.t:size(d) end
   end
   local labels, sizes = {}, {}
   for _, group in ipairs{ batch, rows, cols } do
      for _, label in ipairs(group) do
         table.insert(labels, label)
         table.insert(sizes, size[label])
      end
   end
   local product = torch.bmm(grouped(a, { batch, rows, summed }), grouped(b, { batch, summed, cols }))
   return { t = product:view(#sizes > 0 and torch.LongStorage(sizes) or torch.LongStorage{ 1 }), labels = labels }
end

local function check_sizes(operands)
   local size, first = {}, {}
   for k, x in ipairs(operands) do
      for d, label in ipairs(x.labels) do
         local n = x.t:size(d)
         if size[label] and size[label] ~= n then
            error(("einsum: label '%s' is %d in operand %d and %d in operand %d")
               :format(label, size[label], first[label], n, k), 0)
         end
         size[label], first[label] = n, first[label] or k
      end
   end
   return size
end

-- Without '->' the result has the labels that stand once, in the order of the alphabet.
local function implied(inputs)
   local count, out = {}, {}
   for label in inputs:gmatch('%a') do count[label] = (count[label] or 0) + 1 end
   for label, n in pairs(count) do
      if n == 1 then table.insert(out, label) end
   end
   table.sort(out)
   return table.concat(out)
end

return function(spec, ...)
   local tensors = torch.type((...)) == 'table' and (...) or { ... }
   local inputs = spec:gsub('%s', '')
   local left, right = inputs:match('^(.-)%->(.*)$')
   inputs = left or inputs
   local result = list(right or implied(inputs))

   local operands = {}
   for text in (inputs .. ','):gmatch('([^,]*),') do
      table.insert(operands, operand(#operands + 1, tensors[#operands + 1], text))
   end
   if #operands ~= #tensors then
      error(('einsum: labels for %d operands, but %d given'):format(#operands, #tensors), 0)
   end
   local size, wanted = check_sizes(operands), set(result)
   for k, label in ipairs(result) do
      if not size[label] then error(("einsum: no operand has the label '%s'"):format(label), 0) end
      if wanted[label] ~= k then error(("einsum: the result has the label '%s' twice"):format(label), 0) end
   end

   local x = operands[1]
   for k = 2, #operands do
      local needed = set(result)
      for later = k + 1, #operands do
         for _, label in ipairs(operands[later].labels) do needed[label] = true end
      end
      x = join(x, operands[k], needed)
   end
   x = reduce(x, wanted, wanted)
   if #result == 0 then return x.t[1] end
   local at, order, moved = set(x.labels), {}, false
   for d, label in ipairs(result) do
      order[d] = at[label]
      moved = moved or order[d] ~= d
   end
   local out = moved and x.t:permute(unpack(order)) or x.t
   return #operands == 1 and out:clone() or out
end
