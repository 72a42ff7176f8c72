#include "lua/table_array.h"

#include <atomic>
#include <cstring>

namespace t9::lua::detail {

namespace {
// A small array stands right behind its table, so that the pointer can be judged before it is followed.
bool probe(lua_State* L) {
  constexpr double kFirst = 1.5, kSecond = -2.25;
  lua_createtable(L, 3, 0);
  lua_pushnumber(L, kFirst);
  lua_rawseti(L, -2, 1);
  lua_pushnumber(L, kSecond);
  lua_rawseti(L, -2, 2);
  const auto* t = static_cast<const TableLayout*>(lua_topointer(L, -1));
  double values[2];
  bool known = static_cast<const void*>(t->array) == t + 1 && t->array_size == 4 && t->hash_mask == 0;
  if (known) std::memcpy(values, t->array + 1, sizeof values);
  known = known && t->array[0] == -1 && t->array[3] == -1 && values[0] == kFirst && values[1] == kSecond;
  lua_pop(L, 1);
  return known;
}
}  // namespace

bool table_layout_known(lua_State* L) {
  static std::atomic<int> known{0};
  int k = known.load(std::memory_order_relaxed);
  if (k == 0) known.store(k = probe(L) ? 1 : -1, std::memory_order_relaxed);
  return k > 0;
}

}  // namespace t9::lua::detail
