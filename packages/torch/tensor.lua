-- Methods of tensors that are compositions of others.
local types = {'Byte', 'Char', 'Short', 'Int', 'Long', 'Half', 'Float', 'Double'}
local torch, type = torch, type
local isTensor = torch.isTensor

local methods = {}

function methods.split(result, tensor, size, dim)
  if type(result) ~= 'table' then
    result, tensor, size, dim = {}, result, tensor, size
  else
    for k = #result, 1, -1 do result[k] = nil end
  end
  dim = dim or 1
  if type(size) ~= 'number' or size < 1 then error('torch.split: positive size expected, got ' .. tostring(size), 2) end
  local n = tensor:size(dim)
  for start = 1, n, size do result[#result + 1] = tensor:narrow(dim, start, math.min(size, n - start + 1)) end
  return result
end

function methods.chunk(result, tensor, count, dim)
  if type(result) ~= 'table' then result, tensor, count, dim = {}, result, tensor, count end
  dim = dim or 1
  if type(count) ~= 'number' or count < 1 then error('torch.chunk: positive count expected, got ' .. tostring(count), 2) end
  return methods.split(result, tensor, math.ceil(tensor:size(dim) / count), dim)
end

function methods.isTensor(object) return isTensor(object) end

for _, name in ipairs(types) do
  local mt = torch.getmetatable('torch.' .. name .. 'Tensor')
  for key, f in pairs(methods) do mt[key] = f end
  mt.__len__ = mt.size
  mt.__tostring__ = function(t) return require('torch.print').tensor(t) end
  torch.getmetatable('torch.' .. name .. 'Storage').__tostring__ = function(s) return require('torch.print').storage(s) end
end

-- Halves have the functions that Torch7's have: those of floats, rounded at the end.
local half = torch.getmetatable('torch.HalfTensor')
half.apply, half.map, half.map2 = nil, nil, nil
for _, name in ipairs{'abs', 'add', 'mean'} do
  half[name] = function(t, ...)
    local floats = {t:float(), ...}
    local n = select('#', ...) + 1
    for k = 2, n do
      if torch.typename(floats[k]) == 'torch.HalfTensor' then floats[k] = floats[k]:float() end
    end
    local result = floats[1][name](unpack(floats, 1, n))
    if result == floats[1] then return t:resize(result:size()):copy(result) end
    return isTensor(result) and result:half() or result
  end
end

-- Functions that are methods of every type.
local double = torch.getmetatable('torch.DoubleTensor')
for _, name in ipairs{'view', 'viewAs', 'expand', 'expandAs', 'repeatTensor', 'split', 'chunk', 'permute'} do
  torch[name] = double[name]
end

function torch.totable(object)
  if not (torch.isTensor(object) or torch.isStorage(object)) then error('obj must be a Storage or a Tensor', 2) end
  return object:totable()
end
