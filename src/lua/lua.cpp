#include "lua/lua.h"

#include <cstdlib>

namespace t9::lua {

namespace {
constexpr int kStateKey = -0x5439;  // an integer key of the registry: the cheapest to look up
}

State& state(lua_State* L) {
#ifdef LUAJIT_OWNED
  if (void* data = luaJIT_ownerdata(L)) return *static_cast<State*>(data);
#endif
  lua_rawgeti(L, LUA_REGISTRYINDEX, kStateKey);
  State* s = static_cast<State*>(lua_touserdata(L, -1));
  lua_pop(L, 1);
  if (!s) [[unlikely]] {
    s = new (lua_newuserdata(L, sizeof(State))) State;
    s->generator = new Generator;
    for (int& r : s->tensor_metatable) r = LUA_NOREF;
    for (int& r : s->storage_metatable) r = LUA_NOREF;
    s->generator_metatable = LUA_NOREF;
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, [](lua_State* l) {
      static_cast<State*>(lua_touserdata(l, 1))->generator->release();
      return 0;
    });
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    lua_rawseti(L, LUA_REGISTRYINDEX, kStateKey);
    open_owner(L, *s);
  }
  return *s;
}

void push(lua_State* L, TensorRef t) {
  State& s = state(L);
  if (collection_due(s)) collect(L, s);
  Tensor* p = t.get();
  push_handle(L, p, kTensorMagic, s.tensor_metatable[int(p->type)]);
  t.leave();
}

void push(lua_State* L, StorageRef v) {
  State& s = state(L);
  Storage* p = v.get();
  push_handle(L, p, kStorageMagic, s.storage_metatable[int(p->type)]);
  v.leave();
}

void push(lua_State* L, Ref<Generator> g) {
  push_handle(L, g.get(), kGeneratorMagic, state(L).generator_metatable);
  g.leave();
}

void push_long_storage(lua_State* L, const Sizes& values) {
  StorageRef s = StorageRef::take(Storage::make(Type::Long, values.n));
  for (int k = 0; k < values.n; ++k) s->as<int64_t>()[k] = values[k];
  push(L, std::move(s));
}

const char* class_name(lua_State* L, int index) {
  int type = lua_type(L, index);
  if (type != LUA_TUSERDATA && type != LUA_TTABLE) return nullptr;
  if (!lua_getmetatable(L, index)) return nullptr;
  lua_pushliteral(L, "__typename");
  lua_rawget(L, -2);
  const char* name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : nullptr;
  lua_pop(L, 2);
  return name;
}

const char* type_name(lua_State* L, int index) {
  const char* name = class_name(L, index);
  return name ? name : lua_type(L, index) == LUA_TNONE ? "no value" : luaL_typename(L, index);
}

namespace {
[[noreturn]] void wrong_type(lua_State* L, int index, const char* wanted) {
  luaL_argerror(L, index, lua_pushfstring(L, "%s expected, got %s", wanted, type_name(L, index)));
  std::abort();
}
}  // namespace

Tensor& check_tensor(lua_State* L, int index) {
  Tensor* t = to_tensor(L, index);
  if (!t) wrong_type(L, index, "torch.*Tensor");
  return *t;
}

Tensor& check_tensor(lua_State* L, int index, Type type) {
  Tensor* t = to_tensor(L, index);
  if (!t || t->type != type) wrong_type(L, index, info(type).tensor);
  return *t;
}

Storage& check_storage(lua_State* L, int index) {
  Storage* s = to_storage(L, index);
  if (!s) wrong_type(L, index, "torch.*Storage");
  return *s;
}

Storage& check_storage(lua_State* L, int index, Type type) {
  Storage* s = to_storage(L, index);
  if (!s || s->type != type) wrong_type(L, index, info(type).storage);
  return *s;
}

namespace {
// An int64_t or uint64_t cdata: its text is the number with LL or ULL behind.
bool int64_cdata(lua_State* L, int index, int64_t& out) {
  if (!luaL_callmeta(L, index, "__tostring")) return false;
  const char* text = lua_tostring(L, -1);
  char* end = nullptr;
  bool negative = text && text[0] == '-';
  out = !text ? 0 : negative ? std::strtoll(text, &end, 10) : int64_t(std::strtoull(text, &end, 10));
  bool ok = text && end != text && (std::strcmp(end, "LL") == 0 || std::strcmp(end, "ULL") == 0);
  lua_pop(L, 1);
  return ok;
}
}  // namespace

bool is_number(lua_State* L, int index) {
  if (lua_isnumber(L, index)) return true;
  int64_t unused;
  return lua_type(L, index) == kCdata && int64_cdata(L, index, unused);
}

Scalar to_scalar(lua_State* L, int index) {
  int64_t v;
  if (lua_type(L, index) == kCdata && int64_cdata(L, index, v)) return Scalar(v);
  return Scalar(lua_tonumber(L, index));
}

bool is_tensor_pointer(lua_State* L, int index, Tensor*& out) {
  if (!luaL_callmeta(L, index, "__tostring")) return false;
  const char* text = lua_tostring(L, -1);  // cdata<struct THFloatTensor *>: 0x...
  const char* end = text ? std::strstr(text, " *>: ") : nullptr;
  bool null = end && std::strcmp(end, " *>: NULL") == 0;
  bool tensor = end && std::strncmp(text, "cdata<struct TH", 15) == 0 && std::strncmp(end - 6, "Tensor", 6) == 0;
  lua_pop(L, 1);
  if (tensor && !null) out = *static_cast<Tensor* const*>(lua_topointer(L, index));
  return tensor || null;
}

int64_t to_integer(lua_State* L, int index) { return to_scalar(L, index).i; }

Scalar check_number(lua_State* L, int index) {
  if (lua_type(L, index) == LUA_TNUMBER) return Scalar(lua_tonumber(L, index));  // the commonest by far
  if (!is_number(L, index)) luaL_typerror(L, index, "number");
  return to_scalar(L, index);
}

Sizes check_sizes(lua_State* L, int first) {
  Sizes out;
  if (Storage* s = to_storage(L, first)) {
    if (s->type != Type::Long) wrong_type(L, first, "torch.LongStorage");
    return Sizes(s->as<int64_t>(), int(std::min<ptrdiff_t>(s->size, kMaxDims + 1)));
  }
  int top = lua_gettop(L);
  for (int k = first; k <= top; ++k) out.push(check_integer(L, k));
  return out;
}

int raise(lua_State* L, int argument, const char* text) {
  if (text) lua_pushstring(L, text);
  if (argument > 0) return luaL_argerror(L, argument, lua_tostring(L, -1));
  luaL_where(L, 1);
  lua_insert(L, -2);
  lua_concat(L, 2);
  return lua_error(L);
}

}  // namespace t9::lua
