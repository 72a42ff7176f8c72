// torch.*Storage: constructors and methods.
#include "lua/table_array.h"
#include "lua/tensor.h"
#include "ops/copy.h"

namespace t9::lua {

namespace {

int construct_storage(lua_State* L) {
  Type type = upvalue_type(L);
  int top = lua_gettop(L);
  StorageRef out;
  if (top == 0 || lua_isnil(L, 1)) {
    out = StorageRef::take(Storage::make(type));
  } else if (lua_type(L, 1) == LUA_TSTRING && !lua_isnumber(L, 1)) {
    bool shared = lua_toboolean(L, 2);
    if (lua_type(L, 2) == LUA_TNUMBER) shared = lua_tointeger(L, 2) != 0;
    ptrdiff_t n = lua_isnoneornil(L, 3) ? 0 : check_integer(L, 3);
    out = StorageRef::take(Storage::map(type, lua_tostring(L, 1), shared, n, lua_toboolean(L, 4)));
  } else if (Storage* s = to_storage(L, 1)) {
    if (s->type != type) check_storage(L, 1, type);
    bool placed = !lua_isnoneornil(L, 2);
    ptrdiff_t position = placed ? check_integer(L, 2) : 1;
    T9_CHECK_ARG(!placed || (position >= 1 && position <= s->size), 2, "offset out of bounds");
    ptrdiff_t offset = position - 1;
    ptrdiff_t n = lua_isnoneornil(L, 3) ? s->size - offset : check_integer(L, 3);
    T9_CHECK_ARG(n >= 0 && n <= s->size - offset, 3, "size out of bounds");
    out = StorageRef::take(Storage::view(s, offset, n));
  } else if (lua_istable(L, 1)) {
    int n = int(lua_objlen(L, 1));
    out = StorageRef::take(Storage::make(type, n));
    char* p = static_cast<char*>(out->data);
    for (int k = 1; k <= n; ++k, p += info(type).size) {
      lua_rawgeti(L, 1, k);
      T9_CHECK(is_number(L, -1), "element at index %d is not a number", k);
      set_element(type, p, to_scalar(L, lua_gettop(L)));
      lua_pop(L, 1);
    }
  } else {
    ptrdiff_t n = check_integer(L, 1);
    if (top >= 2 && !lua_isnil(L, 2)) {
      void* p = lua_islightuserdata(L, 2)  ? lua_touserdata(L, 2)
                : lua_type(L, 2) == kCdata ? *static_cast<void* const*>(lua_topointer(L, 2))
                                           : reinterpret_cast<void*>(uintptr_t(check_integer(L, 2)));
      out = StorageRef::take(Storage::wrap(type, n, p));
    } else {
      out = StorageRef::take(Storage::make(type, n < 0 ? 0 : n));
    }
  }
  if (State& s = state(L); collection_due(s)) collect(L, s);
  push(L, std::move(out));
  return 1;
}

int self(lua_State* L) {
  lua_settop(L, 1);
  return 1;
}

int size(lua_State* L) {
  lua_pushnumber(L, double(check_storage(L, 1).size));
  return 1;
}

int resize(lua_State* L) {
  Storage& s = check_storage(L, 1);
  s.resize(check_integer(L, 2));
  return self(L);
}

int fill(lua_State* L) {
  Storage& s = check_storage(L, 1);
  Scalar v = check_number(L, 2);
  dispatch<kAllTypes>(s.type, [&](auto t) {
    using T = typename decltype(t)::type;
    std::fill_n(s.as<T>(), s.size, v.to<T>());
  });
  return self(L);
}

int copy(lua_State* L) {
  Storage& to = check_storage(L, 1);
  Storage& from = check_storage(L, 2);
  T9_CHECK(to.size == from.size, "size mismatch");
  if (to.size) convert(to.type, to.data, from.type, from.data, to.size);
  return self(L);
}

int totable(lua_State* L) {
  Storage& s = check_storage(L, 1);
  dispatch<kAllTypes>(s.type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    push_numbers(L, s.as<T>(), s.size, 1);
  });
  return 1;
}

int element_size(lua_State* L) {
  lua_pushinteger(L, info(check_storage(L, 1).type).size);
  return 1;
}

int string(lua_State* L) {
  Storage& s = check_storage(L, 1);
  T9_CHECK_ARG(info(s.type).size == 1, 1, "torch.CharStorage or torch.ByteStorage expected, got %s",
               info(s.type).storage);
  if (lua_isnoneornil(L, 2)) {
    lua_pushlstring(L, s.size ? s.as<char>() : "", size_t(s.size));
    return 1;
  }
  size_t n;
  const char* text = luaL_checklstring(L, 2, &n);
  s.resize(ptrdiff_t(n));
  if (n) std::memcpy(s.data, text, n);
  return self(L);
}

int retain(lua_State* L) {
  check_storage(L, 1).retain();
  return 0;
}
int release(lua_State* L) {
  check_storage(L, 1).release();
  return 0;
}

int equal_handles(lua_State* L) {
  Storage* a = to_storage(L, 1);
  lua_pushboolean(L, a && a == to_storage(L, 2));
  return 1;
}

int index(lua_State* L) {
  if (lua_type(L, 2) == LUA_TNUMBER) {
    Storage& s = check_storage(L, 1);
    int64_t i = from_zero(to_integer(L, 2));
    T9_CHECK_ARG(i >= 0 && i < s.size, 2, "out of bounds");
    lua_pushnumber(L, get_element(s.type, static_cast<char*>(s.data) + i * info(s.type).size));
    return 1;
  }
  lua_settop(L, 2);
  lua_gettable(L, lua_upvalueindex(2));
  return 1;
}

int newindex(lua_State* L) {
  Storage& s = check_storage(L, 1);
  T9_CHECK(is_number(L, 2), "the class %s cannot be indexed", info(s.type).storage);
  int64_t i = from_zero(to_integer(L, 2));
  T9_CHECK_ARG(i >= 0 && i < s.size, 2, "out of bounds");
  set_element(s.type, static_cast<char*>(s.data) + i * info(s.type).size, check_number(L, 3));
  return 0;
}

int address(lua_State* L) {
  lua_pushlightuserdata(L, &check_storage(L, 1));
  return 1;
}

const luaL_Reg kMethods[] = {
    {"size", size}, {"__len__", size}, {"resize", resize}, {"fill", fill}, {"copy", copy}, {"totable", totable},
    {"elementSize", element_size}, {"string", string}, {"retain", retain}, {"free", release},
    {"__eq__", equal_handles}, {nullptr, nullptr}};

int methods(lua_State* L) {
  lua_newtable(L);
  register_safely(L, kMethods);
  return 1;
}

int constructor(lua_State* L) {
  int type = int(luaL_checkinteger(L, 1));
  luaL_argcheck(L, type >= 0 && type < kTypeCount, 1, "not an element type");
  State& s = state(L);
  lua_pushvalue(L, 2);
  s.storage_metatable[type] = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pushcfunction(L, drop<to_storage>);
  lua_setfield(L, 2, "__gc");
  for (auto [name, f] : {std::pair<const char*, lua_CFunction>{"__index", safely<index>}, {"__newindex", safely<newindex>}}) {
    lua_pushinteger(L, type);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, f, 2);
    own_method(L, -1);
    lua_setfield(L, 2, name);
  }
  lua_pushinteger(L, type);
  lua_pushcclosure(L, safely<construct_storage>, 1);
  return 1;
}

}  // namespace

void open_storage(lua_State* L) {
  const luaL_Reg functions[] = {{"storage_methods", methods}, {"storage_constructor", constructor}, {nullptr, nullptr}};
  luaL_setfuncs(L, functions, 0);
  const luaL_Reg safe[] = {{"storage_address", address}, {nullptr, nullptr}};
  register_safely(L, safe);
}

}  // namespace t9::lua
