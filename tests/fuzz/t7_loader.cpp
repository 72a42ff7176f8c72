// Reads whatever the fuzzer makes up as a .t7 object: an error is fine, anything else is ours to mend.
// The first byte chooses the form: binary, ascii, or binary with 4-byte Longs.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "lua/embedded.h"

namespace {

constexpr const char* kScript = R"lua(
require 'torch'
pcall(require, 'nn')
print = function() end
io.write = print
return function(form, bytes)
  local f = torch.MemoryFile('rw'):binary()
  f:writeString(bytes)
  f:seek(1)
  if form == 1 then f:ascii() elseif form == 2 then f:longSize(4) end
  local ok, object = pcall(f.readObject, f)
  if not ok then return end
  -- What was read must be whole: it can be written, and its tensors can be looked at.
  pcall(torch.serialize, object, 'ascii')
  if torch.isTensor(object) and object:nElement() < 1e5 then pcall(object.sum, object) end
end
)lua";

lua_State* start() {
  lua_State* L = luaL_newstate();
  luaL_openlibs(L);
  t9::install_packages(L);
  if (luaL_loadstring(L, kScript) != 0 || lua_pcall(L, 0, 1, 0) != 0) {
    std::fprintf(stderr, "%s\n", lua_tostring(L, -1));
    std::abort();
  }
  return L;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static lua_State* L = start();
  static int runs = 0;
  if (size == 0) return 0;
  lua_pushvalue(L, 1);
  lua_pushinteger(L, data[0] % 3);
  lua_pushlstring(L, reinterpret_cast<const char*>(data + 1), size - 1);
  if (lua_pcall(L, 2, 0, 0) != 0) {
    std::fprintf(stderr, "%s\n", lua_tostring(L, -1));
    std::abort();
  }
  if (++runs % 50 == 0) lua_gc(L, LUA_GCCOLLECT, 0);
  return 0;
}
