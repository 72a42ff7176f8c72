-- The fast path: element access and a few queries as Lua over FFI pointers, so that the JIT compiles
-- them into the caller's loop. Installed only when the JIT is on. Everything that is not the
-- commonest case goes to the complete path in C++, with its arguments as they came.
--
-- Where a tensor's elements are is learned once it has been touched a few times, and kept in a weak
-- table. It holds while the geometry epoch stands still: C++ moves it when a learned tensor or its
-- storage changes shape or place (include/torch9/tensor.h).
--
-- Functions here take `...` that nobody passes: LuaJIT never starts a trace at a vararg function, and
-- a loop that calls one with a trace of its own would be linked to it instead of being compiled whole.
local lib = require 'libtorch'
local ffi = require 'ffi'

local type, tonumber, cast = type, tonumber, ffi.cast
local nan = 0 / 0 -- returned for all: other bit patterns can look like values that are no numbers
local weak = {__mode = 'k'}
local known = setmetatable({}, weak) -- tensor or storage -> record

local ctypes = {Byte = 'uint8_t', Char = 'int8_t', Short = 'int16_t', Int = 'int32_t', Long = 'int64_t', Float = 'float',
                Double = 'double'}
local pointers = {}
for name, ctype in pairs(ctypes) do
  pointers['torch.' .. name .. 'Tensor'] = ffi.typeof(ctype .. '*')
  pointers['torch.' .. name .. 'Storage'] = ffi.typeof(ctype .. '*')
end

local epoch -- int32_t*

-- A record: data, sizes, strides, and for one dimension `limit` (size + 1) and `step`.
local function learn_tensor(t)
  local address, sizes, strides, contiguous = lib.tensor_learn(t)
  local pointer = pointers[torch.typename(t)]
  if not address or not pointer then return end
  local vector, count = #sizes == 1, 1
  for k = 1, #sizes do count = count * sizes[k] end
  known[t] = {
    data = cast(pointer, address), epoch = epoch[0], sizes = sizes, strides = strides, dims = #sizes, count = count,
    contiguous = contiguous, limit = vector and sizes[1] + 1 or 0, step = strides[1],
  }
end

local function learn_storage(s)
  local address, size = lib.storage_learn(s)
  local pointer = pointers[torch.typename(s)]
  if pointer then known[s] = {data = cast(pointer, address), epoch = epoch[0], limit = size + 1, step = 1} end
end

epoch = cast('int32_t*', lib.set_learners(learn_tensor, learn_storage))

local function install(name, kind)
  local mt = torch.getmetatable('torch.' .. name .. kind)
  local complete_index, complete_newindex = mt.__index, mt.__newindex
  local long = name == 'Long' -- read as int64_t cdata
  local floating = name == 'Float' or name == 'Double'

  mt.__index = function(t, k, ...)
    if type(k) == 'number' then
      local r = known[t]
      if r and k >= 1 and k < r.limit and r.epoch == epoch[0] then
        local step = r.step
        local x
        if step == 1 then x = r.data[k - 1] -- without the product: it shows in a compiled loop
        elseif k % 1 == 0 then x = r.data[(k - 1) * step] end
        if x then
          if long then return tonumber(x) end
          if floating and x ~= x then return nan end
          return x
        end
      end
      return complete_index(t, k)
    end
    local method = mt[k]
    if method ~= nil then return method end
    return complete_index(t, k)
  end

  -- Integers outside of 32 bits wrap in the complete path.
  mt.__newindex = function(t, k, v, ...)
    if type(k) == 'number' and type(v) == 'number' then
      local r = known[t]
      if r and k >= 1 and k < r.limit and r.epoch == epoch[0] and
         (floating or (v >= -2147483648 and v <= 2147483647)) then
        local step = r.step
        if step == 1 then
          r.data[k - 1] = v
          return
        elseif k % 1 == 0 then
          r.data[(k - 1) * step] = v
          return
        end
      end
    end
    return complete_newindex(t, k, v)
  end

  lib.own_method(mt.__index)
  lib.own_method(mt.__newindex)

  if kind == 'Storage' then return end

  -- ---- functions over the elements ----

  local pointer = pointers['torch.' .. name .. kind]
  local complete_apply = mt.apply
  -- A test of each element in the loop would keep LuaJIT from compiling a loop of its own for each f.
  local function has_nan(t)
    local most = mt.max(t)
    return most ~= most
  end
  local function changed() error('apply: the function changed the tensor that it is applied to', 3) end

  function mt.apply(t, f, ...)
    if type(f) ~= 'function' or select('#', ...) > 0 or torch.typename(t) ~= mt.__typename then
      return complete_apply(t, f, ...)
    end
    local address, sizes, _, contiguous = lib.tensor_learn(t)
    if not contiguous or (floating and has_nan(t)) then return complete_apply(t, f) end
    local data, n, now = cast(pointer, address), 1, epoch[0]
    for k = 1, #sizes do n = n * sizes[k] end
    for i = 0, n - 1 do
      local v = data[i]
      v = f(long and tonumber(v) or v)
      if epoch[0] ~= now then changed() end
      if type(v) == 'number' and (floating or (v >= -2147483648 and v <= 2147483647)) then data[i] = v
      elseif v ~= nil then
        complete_newindex(t:view(n), i + 1, v)
      end
    end
    return t
  end

  -- ---- queries ----

  local complete_size, complete_count, complete_contiguous, complete_dim = mt.size, mt.nElement, mt.isContiguous, mt.dim

  function mt.size(t, ...)
    local r = known[t]
    if r and r.epoch == epoch[0] and select('#', ...) == 1 then
      local n = r.sizes[(...)]
      if n then return n end
    end
    return complete_size(t, ...)
  end
  function mt.dim(t, ...)
    local r = known[t]
    if r and r.epoch == epoch[0] then return r.dims end
    return complete_dim(t)
  end
  mt.nDimension = mt.dim
  function mt.nElement(t, ...)
    local r = known[t]
    if r and r.epoch == epoch[0] then return r.count end
    return complete_count(t)
  end
  function mt.isContiguous(t, ...)
    local r = known[t]
    if r and r.epoch == epoch[0] then return r.contiguous end
    return complete_contiguous(t)
  end
end

for name in pairs(ctypes) do
  install(name, 'Tensor')
  install(name, 'Storage')
end
