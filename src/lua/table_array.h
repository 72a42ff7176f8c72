// A look at the array part of LuaJIT's tables, which the Lua API can only walk one call at a time.
//
// The layout is that of 64-bit LuaJIT 2.1. It is checked on a table of known content at the first use;
// where it differs, array parts seem empty and everything goes through the API.
#pragma once

#include <cstdint>
#include <lua.hpp>

namespace t9::lua {

struct TableArray {
  const int64_t* slots = nullptr;  // slot 0 is key 0
  uint32_t size = 0;
  bool alone = false;  // the table has no other part

  bool is_number(uint32_t k) const { return uint32_t(slots[k] >> 47) < 0xfffffff2u; }
  bool is_nil(uint32_t k) const { return slots[k] == -1; }
};

namespace detail {
struct TableLayout {
  uint64_t next;
  uint8_t marks[8];
  const int64_t* array;
  uint64_t gray, metatable, node;
  uint32_t array_size, hash_mask;
  uint64_t free_top;
};
bool table_layout_known(lua_State* L);
}  // namespace detail

inline TableArray table_array(lua_State* L, int index) {
  if (!detail::table_layout_known(L)) return {};
  const auto* t = static_cast<const detail::TableLayout*>(lua_topointer(L, index));
  return {t->array, t->array_size, t->hash_mask == 0};
}

}  // namespace t9::lua
