// What every file of this folder shares: handles, the state, and the way from exceptions to Lua errors.
#pragma once

#include <lua.hpp>

#include "base/allocator.h"
#include "base/random.h"
#include "torch9/tensor.h"

namespace t9::lua {

// The payload of a userdata. `magic` tells ours from those of other libraries without a look at the
// metatable.
struct Handle {
  void* p;
  uint64_t magic;
};
inline constexpr uint64_t kTensorMagic = 0x54394e534f523921u;
inline constexpr uint64_t kStorageMagic = 0x5439474153544f21u;
inline constexpr uint64_t kGeneratorMagic = 0x5439524e47454e21u;

inline constexpr int kCdata = 10;  // LuaJIT's type number of cdata

inline constexpr int64_t kFirstMark = int64_t(8) << 20;

// Data of one Lua state.
struct State {
  Generator* generator = nullptr;
  Type default_type = Type::Double;
  int tensor_metatable[kTypeCount];   // registry references
  int storage_metatable[kTypeCount];
  int generator_metatable;
  int64_t collect_at = kFirstMark;        // live bytes that start a collection
  int flushed_kb = 0;                     // Lua heap after the compiled traces were last dropped, or less
  double retry_at = 0, retry_wait = 1;    // when to let the compiler try again, in seconds
  int unseen_kb = 0, live_kb = 0, loaded_kb = 0;  // Lua objects that were read while the collector paused
};
State& state(lua_State* L);

// Null when the value is something else. A file has a plain userdata, with a finalizer; the rest has an owner, where
// LuaJIT knows of owners (src/lua/owner.cpp).
inline void* plain_pointer(lua_State* L, int index, uint64_t magic) {
  Handle* h = static_cast<Handle*>(lua_touserdata(L, index));
  if (!h || lua_type(L, index) != LUA_TUSERDATA || lua_objlen(L, index) != sizeof(Handle) || h->magic != magic)
    return nullptr;
  return h->p;
}
inline void* handle_pointer(lua_State* L, int index, uint64_t magic) {
#ifdef LUAJIT_OWNED
  luaJIT_Payload* h = luaJIT_toowned(L, index);
  return h && h->tag == magic ? h->p : nullptr;
#else
  return plain_pointer(L, index, magic);
#endif
}
inline Tensor* to_tensor(lua_State* L, int index) {
  return static_cast<Tensor*>(handle_pointer(L, index, kTensorMagic));
}
inline Storage* to_storage(lua_State* L, int index) {
  return static_cast<Storage*>(handle_pointer(L, index, kStorageMagic));
}
inline Generator* to_generator(lua_State* L, int index) {
  return static_cast<Generator*>(handle_pointer(L, index, kGeneratorMagic));
}

// __gc of a class whose handles kGet reads: a handle seen after its end is null.
template <auto kGet>
int drop(lua_State* L) {
  if (auto* p = kGet(L, 1)) {
    *static_cast<Handle*>(lua_touserdata(L, 1)) = {};
    p->release();
  }
  return 0;
}

// Raise "T expected, got X" for wrong arguments.
Tensor& check_tensor(lua_State* L, int index);                 // torch.*Tensor
Tensor& check_tensor(lua_State* L, int index, Type type);
Storage& check_storage(lua_State* L, int index);
Storage& check_storage(lua_State* L, int index, Type type);

// Push a new handle, which takes over the reference.
void push(lua_State* L, TensorRef t);
void push(lua_State* L, StorageRef s);
void push(lua_State* L, Ref<Generator> g);
void push_long_storage(lua_State* L, const Sizes& values);

// A number as Lua sees it: also the value of an int64 cdata.
bool is_number(lua_State* L, int index);
Scalar to_scalar(lua_State* L, int index);
int64_t to_integer(lua_State* L, int index);  // cut toward zero
// The same, with "number expected, got X" for other values.
Scalar check_number(lua_State* L, int index);
inline int64_t check_integer(lua_State* L, int index) { return check_number(L, index).i; }
// Whether a cdata is t:cdata(), which sets `out`, or a null pointer, which leaves it.
bool is_tensor_pointer(lua_State* L, int index, Tensor*& out);

// A 1-based position counted from 0; the smallest integer, which is out of any range, stays.
inline int64_t from_zero(int64_t position) { return position - (position != INT64_MIN); }

// Name of a value's class, or null.
const char* class_name(lua_State* L, int index);
// Class name, else the Lua type.
const char* type_name(lua_State* L, int index);

// Sizes from numbers at `first`..top or a LongStorage at `first`.
Sizes check_sizes(lua_State* L, int first);

int raise(lua_State* L, int argument, const char* text);  // text is on the stack's top already if null

// Runs f and turns its C++ exceptions into Lua errors, after their destructors have run. Lua errors
// raised inside pass through: LuaJIT unwinds C++ frames.
template <class F>
int guard(lua_State* L, F&& f) {
  int argument;
  try {
    return f();
  } catch (const ArgumentError& e) {
    argument = e.argument;
    lua_pushstring(L, e.what());
  } catch (const std::exception& e) {
    argument = 0;
    lua_pushstring(L, e.what());
  }
  return raise(L, argument, nullptr);
}

// A lua_CFunction of a function that may throw.
template <int (*kFunction)(lua_State*)>
int safely(lua_State* L) {
  return guard(L, [L] { return kFunction(L); });
}

void collect(lua_State* L, State& s);        // in full
inline bool collection_due(const State& s) { return live_bytes() > s.collect_at; }  // asked before a new handle

// src/lua/owner.cpp
void open_owner(lua_State* L, State& s);
void own_method(lua_State* L, int index);  // a metamethod whose commonest cases the owner may answer instead
void push_handle(lua_State* L, void* p, uint64_t magic, int metatable);

void open_ops(lua_State* L);      // into the table on the top
void open_tensor(lua_State* L);
void open_storage(lua_State* L);
void open_apply(lua_State* L);
void open_index(lua_State* L);
void open_utilities(lua_State* L);
void open_collector(lua_State* L);
void open_files(lua_State* L);      // src/lua/file*.cpp: File classes, serialization

}  // namespace t9::lua

extern "C" int luaopen_libtorch(lua_State* L);
