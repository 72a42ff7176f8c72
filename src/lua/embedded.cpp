#include "lua/embedded.h"

#include <cstdlib>
#include <cstring>
#include <string>

struct EmbeddedRow {
  const char* name;
  size_t offset, size;
};
extern "C" const char t9_embedded_data[];
extern "C" const EmbeddedRow t9_embedded_table[];

namespace t9 {

EmbeddedFile embedded_file(std::string_view path) {
  static const size_t count = [] {
    size_t n = 0;
    while (t9_embedded_table[n].name) ++n;
    return n;
  }();
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const EmbeddedRow& row = t9_embedded_table[middle];
    int order = path.compare(row.name);
    if (order == 0) return {t9_embedded_data + row.offset, row.size};
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return {};
}

namespace {

// Loads `packages/<path>` from the tree or from the executable; false when it is in neither.
bool load(lua_State* L, const std::string& path) {
  if (const char* tree = std::getenv("TORCH9_PACKAGES")) {
    std::string file = std::string(tree) + "/" + path;
    if (FILE* f = std::fopen(file.c_str(), "r")) {
      std::fclose(f);
      if (luaL_loadfile(L, file.c_str())) lua_error(L);
      return true;
    }
  }
  EmbeddedFile e = embedded_file("packages/" + path);
  if (!e.data) return false;
  if (luaL_loadbuffer(L, e.data, e.size, ("@packages/" + path).c_str())) lua_error(L);
  return true;
}

int search(lua_State* L) {
  const char* name = luaL_checkstring(L, 1);
  std::string path = name;
  for (char& c : path)
    if (c == '.') c = '/';
  if (load(L, path + ".lua") || load(L, path + "/init.lua")) return 1;
  lua_pushfstring(L, "\n\tno package '%s' in th", name);
  return 1;
}

// text(path): an embedded file, or nil
int text(lua_State* L) {
  size_t size = 0;
  const char* path = luaL_checklstring(L, 1, &size);
  EmbeddedFile e = embedded_file({path, size});
  if (e.data) lua_pushlstring(L, e.data, e.size);
  else lua_pushnil(L);
  return 1;
}

// names(prefix): those of the embedded files that begin so
int names(lua_State* L) {
  size_t size = 0;
  const char* prefix = luaL_checklstring(L, 1, &size);
  lua_newtable(L);
  int n = 0;
  for (const EmbeddedRow* row = t9_embedded_table; row->name; ++row) {
    if (std::strncmp(row->name, prefix, size) != 0) continue;
    lua_pushstring(L, row->name);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

int open_embedded(lua_State* L) {
  const luaL_Reg functions[] = {{"text", text}, {"names", names}, {nullptr, nullptr}};
  lua_newtable(L);
  luaL_register(L, nullptr, functions);
  return 1;
}

}  // namespace

void install_packages(lua_State* L) {
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "preload");
  lua_pushcfunction(L, luaopen_libtorch);
  lua_setfield(L, -2, "libtorch");
  lua_pushcfunction(L, open_embedded);
  lua_setfield(L, -2, "libembedded");
  for (const luaL_Reg* r = kPreload; r->name; ++r) {
    lua_pushcfunction(L, r->func);
    lua_setfield(L, -2, r->name);
  }
  lua_pop(L, 1);
  // After the searchers of preload and LUA_PATH.
  lua_getfield(L, -1, "loaders");
  int n = int(lua_objlen(L, -1));
  for (int k = n; k >= 3; --k) {
    lua_rawgeti(L, -1, k);
    lua_rawseti(L, -2, k + 1);
  }
  lua_pushcfunction(L, search);
  lua_rawseti(L, -2, 3);
  lua_pop(L, 2);
}

}  // namespace t9
