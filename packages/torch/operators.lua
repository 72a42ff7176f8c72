-- The operators of tensors. They make new tensors, and know no broadcasting.
local torch, type = torch, type

local function binary(name, with_number, with_tensor)
  return function(a, b, ...) -- vararg, as in fast.lua
    if type(b) == 'number' then return with_number(a, b) end
    if type(a) == 'number' then return with_number(b, a, true) end
    if not with_tensor then error(('%s: number expected, got %s'):format(name, torch.type(b)), 3) end
    return with_tensor(a, b)
  end
end

-- Gives a tensor class its operators.
return function(mt)
  local new, add, mul, div, remainder = mt.new, mt.add, mt.mul, mt.div, mt.remainder
  if not add then return end
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
  for key, f in pairs(operators) do
    if rawget(mt, key) == nil then mt[key] = f end
    mt[key:sub(1, -3)] = function(a, b, ...) return mt[key](a, b) end -- a script may replace __add__
  end
end
