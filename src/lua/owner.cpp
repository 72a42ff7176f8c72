// What LuaJIT asks of us about our userdata without a call into Lua (tools/luajit.patch): to free one, and, where code
// is interpreted, t[i], s[i] and t[i] = v for a number i. Whatever is not the commonest case is declined here and goes
// to the metamethods. Packaged LuaJITs do not ask.
#include "lua/tensor.h"
#include "ops/copy.h"
#include "tensor/views.h"

namespace t9::lua {

#ifdef LUAJIT_OWNED

namespace {

void free_handle(luaJIT_Payload* h) {
  if (h->tag == kTensorMagic) static_cast<Tensor*>(h->p)->release();
  else if (h->tag == kStorageMagic) static_cast<Storage*>(h->p)->release();
  else if (h->tag == kGeneratorMagic) static_cast<Generator*>(h->p)->release();
}

// The element at a key in 1..size, counted from 0; else -1.
int64_t position(lua_Number key, int64_t size) { return key >= 1 && key < lua_Number(size) + 1 ? int64_t(key) - 1 : -1; }

// Where an element is, or null.
void* find(const luaJIT_Payload* h, lua_Number key, Type& type) {
  if (h->tag == kTensorMagic) {
    Tensor& t = *static_cast<Tensor*>(h->p);
    if (t.nDimension != 1 || !t.storage || (t.flag & kTensorPending)) return nullptr;
    const int64_t i = position(key, t.size[0]);
    if (i < 0) return nullptr;
    type = t.type;
    return static_cast<char*>(t.storage->data) + (t.storageOffset + i * t.stride[0]) * ptrdiff_t(info(type).size);
  }
  if (h->tag == kStorageMagic) {
    Storage& s = *static_cast<Storage*>(h->p);
    const int64_t i = position(key, s.size);
    if (i < 0) return nullptr;
    type = s.type;
    return static_cast<char*>(s.data) + i * ptrdiff_t(info(type).size);
  }
  return nullptr;
}

int get(void* data, const luaJIT_Payload* h, lua_Number key, lua_Number* number, luaJIT_Payload* child) {
  Type type;
  if (void* element = find(h, key, type)) {
    *number = get_element(type, element);
    return 1;
  }
  if (h->tag != kTensorMagic) return 0;
  const Tensor& t = *static_cast<Tensor*>(h->p);
  if (t.nDimension < 2) return 0;
  const int64_t i = position(key, t.size[0]);
  if (i < 0 || collection_due(*static_cast<State*>(data))) return 0;
  try {
    TensorRef view = make_tensor(t.type);
    select(*view, t, 0, i);
    *child = {view.leave(), kTensorMagic};
  } catch (const std::exception&) {
    return 0;  // the metamethod meets it again, and tells
  }
  return 2;
}

int set(void*, const luaJIT_Payload* h, lua_Number key, lua_Number value) {
  Type type;
  void* element = find(h, key, type);
  if (!element) return 0;
  set_element(type, element, Scalar(value));
  return 1;
}

constexpr luaJIT_Owner kOwner = {free_handle, get, set};

}  // namespace

void open_owner(lua_State* L, State& s) { luaJIT_setowner(L, &kOwner, &s); }
void own_method(lua_State* L, int index) { luaJIT_ownmethod(L, index); }

void push_handle(lua_State* L, void* p, uint64_t magic, int metatable) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, metatable);
  *luaJIT_newowned(L, sizeof(Tensor)) = {p, magic};
}

#else

void open_owner(lua_State*, State&) {}
void own_method(lua_State*, int) {}

void push_handle(lua_State* L, void* p, uint64_t magic, int metatable) {
  *static_cast<Handle*>(lua_newuserdata(L, sizeof(Handle))) = {p, magic};
  lua_rawgeti(L, LUA_REGISTRYINDEX, metatable);
  lua_setmetatable(L, -2);
}

#endif

}  // namespace t9::lua
