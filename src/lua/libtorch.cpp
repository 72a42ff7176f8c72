// The C++ half of `require 'torch'`; packages/torch/init.lua builds the package from it.
#include "lua/embedded.h"
#include "lua/lua.h"

extern "C" int luaopen_libtorch(lua_State* L) {
  lua_newtable(L);
  t9::lua::open_ops(L);
  return 1;
}
