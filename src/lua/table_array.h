// The array part of LuaJIT's tables, which the Lua API can only walk one call at a time.
//
// The layout is that of 64-bit LuaJIT 2.1. It is checked on a table of known content at the first use;
// where it differs, array parts seem empty and everything goes through the API.
#pragma once

#include <bit>
#include <cstdint>
#include <lua.hpp>

#include "ops/convert.h"

namespace t9::lua {

struct TableArray {
  int64_t* slots = nullptr;  // slot 0 is key 0
  uint32_t size = 0;
  bool alone = false;  // the table has no other part

  bool is_number(uint32_t k) const { return uint32_t(slots[k] >> 47) < 0xfffffff2u; }
  bool is_nil(uint32_t k) const { return slots[k] == -1; }
  double number(uint32_t k) const { return std::bit_cast<double>(slots[k]); }
  void set(uint32_t k, double v) const { slots[k] = v == v ? std::bit_cast<int64_t>(v) : kNaN; }

 private:
  static constexpr int64_t kNaN = int64_t(0xfff8) << 48;  // other NaNs are tags of other values
};

namespace detail {
struct TableLayout {
  uint64_t next;
  uint8_t marks[8];
  int64_t* array;
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

// Pushes a new table of n elements that are `step` apart.
template <class T>
void push_numbers(lua_State* L, const T* p, int64_t n, int64_t step) {
  lua_createtable(L, int(n), 0);
  const TableArray array = table_array(L, -1);
  for (int64_t k = 0; k < n; ++k, p += step) {
    const double v = convert_element<double>(*p);
    if (k + 1 < array.size) {
      array.set(uint32_t(k + 1), v);
    } else {
      lua_pushnumber(L, v);
      lua_rawseti(L, -2, int(k + 1));
    }
  }
}

}  // namespace t9::lua
