// The C++ half of `require 'torch'`; packages/torch/init.lua builds the package from it.
#include "lua/embedded.h"
#include "lua/lua.h"

extern "C" int luaopen_libtorch(lua_State* L) {
  using namespace t9::lua;
  lua_newtable(L);
  open_ops(L);
  open_tensor(L);
  open_apply(L);
  open_index(L);
  open_storage(L);
  open_utilities(L);
  open_files(L);
  open_collector(L);
  return 1;
}
