#include <cstdio>

#include "lua/embedded.h"

int main(int argc, char** argv) {
  lua_State* L = luaL_newstate();
  luaL_openlibs(L);
  t9::install_packages(L);
  if (argc > 1 && luaL_dofile(L, argv[1])) {
    std::fprintf(stderr, "%s\n", lua_tostring(L, -1));
    return 1;
  }
  lua_close(L);
  return 0;
}
