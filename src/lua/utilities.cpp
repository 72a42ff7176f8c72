// Functions of the package that concern neither tensors nor files.
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <ctime>

#include "base/allocator.h"
#include "base/threads.h"
#include "lua/embedded.h"
#include "lua/tensor.h"

namespace t9::lua {

namespace {

double wall_clock() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}

// Monotonic, user and system seconds.
int clock3(lua_State* L) {
  rusage u;
  getrusage(RUSAGE_SELF, &u);
  auto seconds = [](timeval v) { return double(v.tv_sec) + double(v.tv_usec) * 1e-6; };
  lua_pushnumber(L, wall_clock());
  lua_pushnumber(L, seconds(u.ru_utime));
  lua_pushnumber(L, seconds(u.ru_stime));
  return 3;
}

double epoch() {
  timeval t;
  gettimeofday(&t, nullptr);
  return double(t.tv_sec) + double(t.tv_usec) * 1e-6;
}
int tic(lua_State* L) {
  lua_pushnumber(L, epoch());
  return 1;
}
int toc(lua_State* L) {
  lua_pushnumber(L, epoch() - luaL_checknumber(L, 1));
  return 1;
}

// The object behind a handle, else the value's own address.
const void* identity(lua_State* L, int index) {
  switch (lua_type(L, index)) {
    case LUA_TUSERDATA: {
      if (Tensor* t = to_tensor(L, index)) return t;
      if (Storage* s = to_storage(L, index)) return s;
      if (Generator* g = to_generator(L, index)) return g;
      return lua_touserdata(L, index);
    }
    case LUA_TSTRING: return lua_tostring(L, index);
    case LUA_TTABLE: case LUA_TFUNCTION: case LUA_TTHREAD: case LUA_TLIGHTUSERDATA: return lua_topointer(L, index);
    case kCdata: return *static_cast<void* const*>(lua_topointer(L, index));
    default: return nullptr;
  }
}

int pointer(lua_State* L) {
  const void* p = identity(L, 1);
  luaL_argcheck(L, p, 1, "object, table, function, thread or string expected");
  lua_pushnumber(L, double(uintptr_t(p)));
  return 1;
}

int is_equal(lua_State* L) {
  int a = lua_type(L, 1), b = lua_type(L, 2);
  const void* p = a == b && (a == LUA_TUSERDATA || a == LUA_TTABLE || a == kCdata) ? identity(L, 1) : nullptr;
  lua_pushboolean(L, p && p == identity(L, 2));
  return 1;
}

int is_tty(lua_State* L) {
  FILE** f = static_cast<FILE**>(luaL_checkudata(L, 1, "FILE*"));
  lua_pushboolean(L, *f && isatty(fileno(*f)));
  return 1;
}

int get_num_threads(lua_State* L) {
  lua_pushinteger(L, num_threads());
  return 1;
}
int set_threads(lua_State* L) {
  set_num_threads(luaL_checknumber(L, 1));
  return 0;
}
int get_num_cores(lua_State* L) {
  lua_pushinteger(L, num_cores());
  return 1;
}

int set_default_type(lua_State* L) {
  int type = int(luaL_checkinteger(L, 1));
  luaL_argcheck(L, type >= 0 && type < kTypeCount, 1, "not an element type");
  state(L).default_type = Type(type);
  return 0;
}

// pushudata(address, class name): a handle that takes over one reference.
int push_udata(lua_State* L) {
  void* p = lua_islightuserdata(L, 1)     ? lua_touserdata(L, 1)
            : lua_type(L, 1) == kCdata    ? *static_cast<void* const*>(lua_topointer(L, 1))
                                          : reinterpret_cast<void*>(uintptr_t(luaL_checknumber(L, 1)));
  const char* name = luaL_checkstring(L, 2);
  if (!p) {
    lua_pushnil(L);
    return 1;
  }
  for (int k = 0; k < kTypeCount; ++k) {
    if (std::strcmp(name, info(Type(k)).tensor) == 0) {
      push(L, TensorRef::take(static_cast<Tensor*>(p)));
      return 1;
    }
    if (std::strcmp(name, info(Type(k)).storage) == 0) {
      push(L, StorageRef::take(static_cast<Storage*>(p)));
      return 1;
    }
  }
  if (std::strcmp(name, "torch.Generator") == 0) {
    push(L, Ref<Generator>::take(static_cast<Generator*>(p)));
    return 1;
  }
  fail("torch.pushudata: %s is not the name of a class of tensors, storages or generators", name);
}

// Tensor memory: bytes in use, allocations so far, those that took new memory.
int memory(lua_State* L) {
  MemoryCounts m = memory_counts();
  lua_pushnumber(L, double(m.live_bytes));
  lua_pushnumber(L, double(m.allocations));
  lua_pushnumber(L, double(m.fresh));
  return 3;
}

int embedded(lua_State* L) {
  EmbeddedFile f = embedded_file(luaL_checkstring(L, 1));
  if (!f.data) return 0;
  lua_pushlstring(L, f.data, f.size);
  return 1;
}

int new_generator(lua_State* L) {
  push(L, Ref<Generator>::take(new Generator));
  return 1;
}

// lib.generator_class(metatable): binds it; returns the constructor and the state's own generator.
int generator_class(lua_State* L) {
  State& s = state(L);
  lua_pushcfunction(L, drop<to_generator>);
  lua_setfield(L, 1, "__gc");
  lua_pushvalue(L, 1);
  s.generator_metatable = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pushcfunction(L, new_generator);
  push(L, Ref<Generator>::share(s.generator));
  return 2;
}

}  // namespace

void open_utilities(lua_State* L) {
  const luaL_Reg rows[] = {
      {"clock", clock3}, {"tic", tic}, {"toc", toc}, {"pointer", pointer}, {"isequal", is_equal}, {"isatty", is_tty},
      {"getnumthreads", get_num_threads}, {"setnumthreads", set_threads}, {"getnumcores", get_num_cores},
      {"set_default_type", set_default_type}, {"pushudata", push_udata}, {"memory", memory}, {"embedded", embedded},
      {"generator_class", generator_class}, {nullptr, nullptr}};
  register_safely(L, rows);
}

}  // namespace t9::lua
