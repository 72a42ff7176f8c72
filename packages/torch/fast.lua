-- The fast path of compiled code: element access and a few queries as Lua over FFI pointers, which the JIT compiles into the
-- caller's loop. Everything that is not the commonest case goes to the complete path in C++, with its arguments as they came.
-- Interpreted code rarely comes here: LuaJIT asks the owner of the userdata (src/lua/owner.cpp), and only while it records a
-- trace calls these metamethods. Installed only when the JIT is on.
--
-- Functions here take `...` that nobody passes: LuaJIT never starts a trace at a vararg function, and
-- a loop that calls one with a trace of its own would be linked to it instead of being compiled whole.
local lib = require 'libtorch'
local ffi = require 'ffi'

local type, tonumber, cast, band, metatable = type, tonumber, ffi.cast, bit.band, debug.getmetatable
local tensor_magic, storage_magic = lib.tensor_magic, lib.storage_magic
local pending = lib.pending_flag -- of tensors whose elements are not in their storage yet
local view = jit.ownedchild -- compiled to a call: nil where LuaJIT is not ours
local nan = 0 / 0 -- returned for all: other bit patterns can look like values that are no numbers

local ctypes = {Byte = 'uint8_t', Char = 'int8_t', Short = 'int16_t', Int = 'int32_t', Long = 'int64_t', Float = 'float',
                Double = 'double'}

-- Pointers to handles (src/lua/lua.h; half of a magic number is enough to tell), with the first fields of Storage and Tensor
-- (include/torch9/tensor.h).
local function handles(ctype)
  local storage = ffi.typeof('struct { $ *data; ptrdiff_t size; }', ffi.typeof(ctype))
  local tensor = ffi.typeof([[struct { int64_t *size, *stride; int nDimension; $ *storage; ptrdiff_t storageOffset; int refcount;
                                       uint8_t flag; }]], storage)
  return ffi.typeof('struct { $ *p; uint32_t magic; } *', tensor), ffi.typeof('struct { $ *p; uint32_t magic; } *', storage)
end

-- Other integers wrap in the complete path.
local function in_32_bits(v) return v >= -2147483648 and v <= 2147483647 end

-- Element access of a class. locate(x, k): first element, count and distance of the elements of x, if k may be a key.
local function install(mt, long, floating, locate)
  local complete_index, complete_newindex = mt.__index, mt.__newindex
  local twins = {} -- methods of mt -> what compiled code calls in their place

  mt.__index = function(x, k, ...)
    if type(k) == 'number' then
      local data, count, step = locate(x, k)
      if data and k >= 1 and k < count + 1 then
        local v
        if step == 1 then v = data[k - 1] -- without the product: it shows in a compiled loop
        elseif k % 1 == 0 then v = data[(k - 1) * step] end
        if v then
          if long then return tonumber(v) end
          if floating and v ~= v then return nan end
          return v
        end
      elseif view and not data and metatable(x) == mt then
        local v = view(x, k) -- of a storage, none
        if v ~= nil then return v end
      end
      return complete_index(x, k)
    end
    local method = mt[k]
    if method == nil then return complete_index(x, k) end
    -- Compiled, the names are constants, and so are these comparisons.
    if k == 'size' or k == 'dim' or k == 'nDimension' or k == 'nElement' or k == 'isContiguous' then
      return twins[method] or method
    end
    return method
  end

  mt.__newindex = function(x, k, v, ...)
    if type(k) == 'number' and type(v) == 'number' and (floating or in_32_bits(v)) then
      local data, count, step = locate(x, k)
      if data and k >= 1 and k < count + 1 then
        if step == 1 then
          data[k - 1] = v
          return
        elseif k % 1 == 0 then
          data[(k - 1) * step] = v
          return
        end
      end
    end
    return complete_newindex(x, k, v)
  end

  lib.own_method(mt.__index)
  lib.own_method(mt.__newindex)
  return twins, complete_newindex
end

local function install_storage(name, handle)
  local mt = torch.getmetatable('torch.' .. name .. 'Storage')
  install(mt, name == 'Long', name == 'Float' or name == 'Double', function(s)
    if metatable(s) ~= mt then return end
    local h = cast(handle, s)
    if h.magic ~= storage_magic then return end
    return h.p.data, tonumber(h.p.size), 1
  end)
end

local function install_tensor(name, handle)
  local mt = torch.getmetatable('torch.' .. name .. 'Tensor')
  local long, floating = name == 'Long', name == 'Float' or name == 'Double'

  -- Nil for what is no tensor of this class, or no more.
  local function struct(t)
    if metatable(t) ~= mt then return end
    local h = cast(handle, t)
    if h.magic == tensor_magic then return h.p end
  end

  local twins, complete_newindex = install(mt, long, floating, function(t)
    local p = struct(t)
    if not p or p.nDimension ~= 1 or band(p.flag, pending) ~= 0 or p.storage == nil then return end
    return p.storage.data + p.storageOffset, tonumber(p.size[0]), tonumber(p.stride[0])
  end)

  -- ---- functions over the elements ----

  local complete_apply = mt.apply
  -- A test of each element in the loop would keep LuaJIT from compiling a loop of its own for each f.
  local function has_nan(t)
    local most = mt.max(t)
    return most ~= most
  end

  function mt.apply(t, f, ...)
    local p = struct(t)
    if not p or type(f) ~= 'function' or select('#', ...) > 0 or p.nDimension == 0 or not mt.isContiguous(t) or
       (floating and has_nan(t)) then
      return complete_apply(t, f, ...)
    end
    lib.tensor_address(t) -- settles its elements
    local storage, offset, n = p.storage, p.storageOffset, mt.nElement(t)
    local origin, size = storage.data, storage.size
    local data = origin + offset
    for i = 0, n - 1 do
      local v = data[i]
      v = f(long and tonumber(v) or v)
      if p.storage ~= storage or storage.data ~= origin or storage.size ~= size or p.storageOffset ~= offset or
         band(p.flag, pending) ~= 0 then
        error('apply: the function changed the tensor that it is applied to', 2)
      end
      if type(v) == 'number' and (floating or in_32_bits(v)) then data[i] = v
      elseif v ~= nil then
        complete_newindex(t:view(n), i + 1, v)
      end
    end
    return t
  end

  -- ---- queries ----

  local size, count, contiguous = mt.size, mt.nElement, mt.isContiguous

  twins[size] = function(t, ...)
    local p = struct(t)
    if p and select('#', ...) == 1 then
      local d = (...)
      if type(d) == 'number' and d >= 1 and d <= p.nDimension then return tonumber(p.size[d - 1]) end
    end
    return size(t, ...)
  end
  for _, dim in ipairs{mt.dim, mt.nDimension} do
    twins[dim] = function(t, ...)
      local p = struct(t)
      if p then return p.nDimension end
      return dim(t)
    end
  end
  twins[count] = function(t, ...)
    local p = struct(t)
    if p and p.nDimension == 1 then return tonumber(p.size[0]) end
    if p and p.nDimension == 2 then return tonumber(p.size[0] * p.size[1]) end
    return count(t)
  end
  twins[contiguous] = function(t, ...)
    local p = struct(t)
    if p and p.nDimension == 1 then return p.stride[0] == 1 or p.size[0] == 1 end
    if p and p.nDimension == 2 and p.stride[1] == 1 and p.stride[0] == p.size[1] then return true end
    return contiguous(t)
  end
end

for name, ctype in pairs(ctypes) do
  local tensor, storage = handles(ctype)
  install_tensor(name, tensor)
  install_storage(name, storage)
end
