local utils = {}

local function isTable(v)
  return type(v) == 'table' and not torch.typename(v)
end

-- Pairs of tensors and tables walk together; a lone tensor on one side stands for a list of one.
local function mismatch(a, b)
  error('expecting nested tensors or tables. Got ' .. torch.type(a) .. ' and ' .. torch.type(b) .. ' instead')
end

-- The storage of the wanted type, converted once for all the tensors that share it.
local function convertedStorage(tensor, type, cache)
  local storage = tensor:storage()
  local key = torch.pointer(storage)
  if not cache[key] then
    local whole = tensor.new(storage):type(type)
    cache[key] = whole:storage()
    cache[#cache + 1] = storage -- keeps the address from being used again
  end
  return cache[key]
end

-- Converts every tensor in v (a tensor, module, criterion or nested table) to `type`. `cache` remembers what was
-- converted, so that tensors which share memory go on sharing it.
function utils.recursiveType(v, type, cache)
  cache = cache or {}
  if torch.isTensor(v) then
    if torch.typename(v) == type then return v end
    local key = torch.pointer(v)
    if not cache[key] then
      local class = torch.getmetatable(type) or error('unknown tensor type ' .. type .. ': is its package loaded?', 0)
      local converted = class.new()
      if v:storage() then
        converted:set(convertedStorage(v, type, cache), v:storageOffset(), v:size(), v:stride())
      end
      cache[key] = converted
      cache[#cache + 1] = v
    end
    return cache[key]
  elseif isTable(v) then
    for k, x in pairs(v) do v[k] = utils.recursiveType(x, type, cache) end
  elseif torch.isTypeOf(v, 'nn.Module') or torch.isTypeOf(v, 'nn.Criterion') then
    v:type(type, cache)
  end
  return v
end

-- Gives t the size of a tensor of any type. When it has that size already, as in all but the first step
-- of a training, nothing is made, not even a storage of sizes.
function utils.resizeLike(t, like)
  if not t:isSameSizeAs(like) then t:resize(like:size()) end
  return t
end

function utils.recursiveResizeAs(a, b)
  if isTable(b) then
    if not isTable(a) then a = { a } end
    for k, x in pairs(b) do a[k] = utils.recursiveResizeAs(a[k], x) end
    for k in pairs(a) do
      if b[k] == nil then a[k] = nil end
    end
  elseif torch.isTensor(b) then
    if not torch.isTensor(a) then a = b.new() end
    local grows = a:nElement() < b:nElement()
    utils.resizeLike(a, b)
    if grows then a:zero() end -- never what memory happened to hold
  else
    mismatch(a, b)
  end
  return a, b
end

function utils.recursiveFill(t, value)
  if isTable(t) then
    for k, x in pairs(t) do t[k] = utils.recursiveFill(x, value) end
  elseif torch.isTensor(t) then
    t:fill(value)
  else
    error('expecting tensor or table thereof. Got ' .. torch.type(t) .. ' instead')
  end
  return t
end

function utils.recursiveAdd(a, k, b)
  if b == nil then k, b = 1, k end
  if isTable(b) then
    if not isTable(a) then a = { a } end
    for key, x in pairs(b) do a[key] = utils.recursiveAdd(a[key], k, x) end
  elseif torch.isTensor(a) and torch.isTensor(b) then
    a:add(k, b)
  else
    mismatch(a, b)
  end
  return a, b
end

function utils.recursiveCopy(a, b, async)
  if isTable(b) then
    if not isTable(a) then a = { a } end
    for k, x in pairs(b) do a[k] = utils.recursiveCopy(a[k], x, async) end
  elseif torch.isTensor(b) then
    if not torch.isTensor(a) then a = b.new() end
    utils.resizeLike(a, b)
    if async then a:copyAsync(b) else a:copy(b) end
  else
    mismatch(a, b)
  end
  return a, b
end

function utils.addSingletonDimension(view, t, dim)
  if not torch.isTensor(t) then view, t, dim = nil, view, t end
  dim = dim or 1
  assert(dim > 0 and dim <= t:dim() + 1, ('invalid dimension: %d. Tensor is of %d dimensions.'):format(dim, t:dim()))
  local size, stride = torch.LongStorage(t:dim() + 1), torch.LongStorage(t:dim() + 1)
  for d = 1, t:dim() + 1 do
    local from = d < dim and d or d - 1
    size[d] = d == dim and 1 or t:size(from)
    stride[d] = d == dim and 1 or t:stride(from)
  end
  return (view or t.new()):set(t:storage(), t:storageOffset(), size, stride)
end

-- A view of t with other sizes, of a copy where t is not contiguous; in `out` when given.
function utils.contiguousView(out, t, ...)
  out = out or t.new()
  if t:isContiguous() then
    out:view(t, ...)
  else
    utils.resizeLike(out, t):copy(t)
    out:view(out, ...)
  end
  return out
end

-- Empties the named fields of an object: clear(obj, 'output', 'gradInput') or clear(obj, {...}).
function utils.clear(object, ...)
  local names = { ... }
  if type(names[1]) == 'table' then names = names[1] end
  for _, name in ipairs(names) do
    local value = object[name]
    if torch.isTensor(value) then
      value:set()
    elseif type(value) == 'table' then
      object[name] = {}
    elseif value ~= nil then
      object[name] = nil
    end
  end
  return object
end

-- A copy through serialisation, so that whatever shares inside the object shares inside the copy.
function utils.deepCopy(object)
  return torch.deserializeFromStorage(torch.serializeToStorage(object), 'binary', { trust = true })
end

-- The dimension meant by a count from the end, or by a count that leaves out the batch.
function utils.actualDimension(tensor, dimension, nInputDims)
  if dimension < 0 then return tensor:dim() + dimension + 1 end
  if nInputDims and tensor:dim() == nInputDims + 1 then return dimension + 1 end
  return dimension
end

-- A view of a parameter with as many elements as x: itself, expanded along its dimensions of size 1, or repeated for every
-- sample of a batch.
function utils.spread(parameter, x)
  local n = parameter:nElement()
  if n == x:nElement() then return parameter end
  if parameter:dim() == x:dim() then return parameter:expandAs(x) end
  return parameter:view(1, n):expand(x:nElement() / n, n)
end

-- The reverse for gradients: sums x over what `spread` would repeat. The result may have another shape of equal count.
function utils.gather(x, parameter)
  local n = parameter:nElement()
  if n == x:nElement() then return x end
  if parameter:dim() == x:dim() then
    for d = 1, x:dim() do
      if parameter:size(d) == 1 and x:size(d) > 1 then x = x:sum(d) end
    end
    return x
  end
  return x:contiguous():view(-1, n):sum(1)
end

return utils
