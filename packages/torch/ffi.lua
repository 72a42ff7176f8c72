-- Pointers for FFI code: t:data(), t:cdata(), and the C structures that they lead to.
local lib = require 'libtorch'
local ctypes = {
  Byte = 'unsigned char', Char = 'char', Short = 'short', Int = 'int', Long = 'long', Half = 'uint16_t',
  Float = 'float', Double = 'double',
}
local ffi

-- The FFI library is loaded by the first call.
local function declare()
  ffi = require 'ffi'
  for name, real in pairs(ctypes) do
    ffi.cdef(([[
typedef struct TH%sStorage { %s *data; ptrdiff_t size; int refcount; char flag; } TH%sStorage;
typedef struct TH%sTensor {
  long *size; long *stride; int nDimension; TH%sStorage *storage; ptrdiff_t storageOffset; int refcount; char flag;
} TH%sTensor;]]):format(name, real, name, name, name, name))
  end
end

local function result(pointer, asnumber)
  if asnumber then return ffi.cast('intptr_t', pointer) end
  return pointer
end

local function with_pointers(name, kind, address)
  local structure = ('TH%s%s *'):format(name, kind)
  local mt = torch.getmetatable('torch.' .. name .. kind)
  function mt.cdata(object, asnumber)
    if not ffi then declare() end
    return result(ffi.cast(structure, address(object)), asnumber)
  end
  if kind == 'Tensor' then
    function mt.data(object, asnumber)
      local c = object:cdata()
      if c.storage == nil or object:dim() == 0 then return nil end
      return result(c.storage.data + c.storageOffset, asnumber)
    end
  else
    function mt.data(object, asnumber)
      local c = object:cdata()
      if c.data == nil then return nil end
      return result(c.data, asnumber)
    end
  end
end

for name in pairs(ctypes) do
  with_pointers(name, 'Storage', lib.storage_address)
  with_pointers(name, 'Tensor', lib.tensor_address)
end

function torch.data(object, asnumber) return object ~= nil and object:data(asnumber) or nil end
function torch.cdata(object, asnumber) return object ~= nil and object:cdata(asnumber) or nil end
