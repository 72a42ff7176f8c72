// The files that th carries in itself: packages as bytecode, documents as text.
#pragma once

#include <lua.hpp>

#include <string_view>

extern "C" int luaopen_libtorch(lua_State* L);

namespace t9 {

extern const luaL_Reg kPreload[];  // C modules of the packages, by name

// Null data when there is no such file. `path` as in the source tree: packages/nn/Linear.lua.
struct EmbeddedFile {
  const char* data = nullptr;
  size_t size = 0;
};
EmbeddedFile embedded_file(std::string_view path);

// Adds the searcher of the packages after LUA_PATH's, and preloads the C modules.
// TORCH9_PACKAGES=<folder> makes it read that folder instead, in development.
void install_packages(lua_State* L);

}  // namespace t9
