-- Methods of tensors that are compositions of others, and the operators.
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

-- ---- operators ----

local function binary(name, with_number, with_tensor)
  return function(a, b)
    if type(b) == 'number' then return with_number(a, b) end
    if type(a) == 'number' then return with_number(b, a, true) end
    if not with_tensor then error(('%s: number expected, got %s'):format(name, torch.type(b)), 3) end
    return with_tensor(a, b)
  end
end

-- Functions of the element type's own table: operators may meet tensors of any type.
local function of(mt)
  local new, add, csub, mul, div, remainder = mt.new, mt.add, mt.csub, mt.mul, mt.div, mt.remainder
  if not add then return {} end
  local operators = {
    __add__ = binary('add', function(a, v) return add(new(), a, v) end, function(a, b) return add(new(), a, b) end),
    __sub__ = binary('sub', function(a, v, reversed)
      if reversed then return add(mul(new(), a, -1), v) end
      return add(new(), a, -v)
    end, function(a, b) return add(new(), a, -1, b) end),
    __div__ = function(a, v)
      if type(a) == 'number' then error('division of a number by a tensor is not defined', 3) end
      return div(new(), a, v)
    end,
    __mod__ = function(a, v)
      if type(a) == 'number' then error('remainder of a number by a tensor is not defined', 3) end
      return remainder(new(), a, v)
    end,
    __unm__ = function(a) return mul(new(), a, -1) end,
    __mul__ = binary('mul', function(a, v) return mul(new(), a, v) end, function(a, b)
      local m, n = a:dim(), b:dim()
      if m == 1 and n == 1 then return a:dot(b)
      elseif m == 2 and n == 1 then return torch.mv(a, b)
      elseif m == 2 and n == 2 then return torch.mm(a, b) end
      error(('multiplication between %dD and %dD tensors not yet supported'):format(m, n), 3)
    end),
  }
  return operators
end

for _, name in ipairs(types) do
  local mt = torch.getmetatable('torch.' .. name .. 'Tensor')
  for key, f in pairs(methods) do mt[key] = f end
  for key, f in pairs(of(mt)) do mt[key] = f end
  mt.__len__ = mt.size
  mt.__tostring__ = function(t) return require('torch.print').tensor(t) end
  torch.getmetatable('torch.' .. name .. 'Storage').__tostring__ = function(s) return require('torch.print').storage(s) end
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
