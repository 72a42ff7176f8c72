// When Lua's collector runs in full: for live tensor bytes, which it cannot see, and for scripts.
#include <algorithm>
#include <chrono>

#include "base/allocator.h"
#include "lua/lua.h"

namespace t9::lua {

namespace {

constexpr char kTraceInfo[] = "t9.traceinfo";  // of the registry: jit.util.traceinfo, whatever a script does to `require`

// Compiled traces keep the objects that they were recorded with alive, and only the traces' own death
// frees them: a program that has moved on would walk its dead past in every collection.
bool heap_has_grown(lua_State* L, State& s) {
  constexpr int kSmallKb = 5 << 10;  // walked in no time
  const int live_kb = lua_gc(L, LUA_GCCOUNT, 0), before = std::max(s.flushed_kb, kSmallKb);
  s.flushed_kb = std::min(s.flushed_kb, live_kb);
  return live_kb > before + before / 2;
}

// Whether there is a trace that ends in the interpreter: LuaJIT makes one where it failed a few times to
// compile what follows, and from then on interprets whatever else a program does from there.
bool compiler_gave_up(lua_State* L) {
  constexpr int kMostTraces = 1000;  // LuaJIT's default of maxtrace
  bool found = false;
  lua_getfield(L, LUA_REGISTRYINDEX, kTraceInfo);
  for (int k = 1; k <= kMostTraces && !found; ++k) {
    lua_pushvalue(L, -1);
    lua_pushinteger(L, k);
    lua_call(L, 1, 1);
    if (lua_istable(L, -1)) {
      lua_getfield(L, -1, "linktype");
      found = std::strcmp(lua_tostring(L, -1), "interpreter") == 0;
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return found;
}

// Another chance for such code: after a second, and ever later where it does not help.
bool worth_another_try(lua_State* L, State& s) {
  constexpr double kFirst = 1, kLast = 64;  // seconds
  const double now = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  if (now < s.retry_at || !compiler_gave_up(L)) return false;
  const bool again = now < s.retry_at + 4 * s.retry_wait;
  s.retry_wait = again ? std::min(2 * s.retry_wait, kLast) : kFirst;
  s.retry_at = now + s.retry_wait;
  return true;
}

// The mark lies so far above the live bytes that walking the Lua heap costs little beside writing the
// bytes between, and so near that the temporaries of a small program stay in the cache.
int64_t next_mark(lua_State* L) {
  constexpr int64_t kMost = int64_t(64) << 20, kBytesPerHeapKb = 24 << 10;
  const int64_t live = live_bytes();
  const int64_t room = std::clamp(lua_gc(L, LUA_GCCOUNT, 0) * kBytesPerHeapKb, kFirstMark, kMost);
  return live + std::max(room, live / 2);
}

// collectgarbage([option = "collect", value = 0]), with our full collection.
int collect_garbage(lua_State* L) {
  const char* const names[] = {"collect", "stop", "restart", "count", "step", "setpause", "setstepmul", "isrunning", nullptr};
  constexpr int codes[] = {LUA_GCCOLLECT, LUA_GCSTOP,     LUA_GCRESTART,    LUA_GCCOUNT,
                           LUA_GCSTEP,    LUA_GCSETPAUSE, LUA_GCSETSTEPMUL, LUA_GCISRUNNING};
  const int code = codes[luaL_checkoption(L, 1, "collect", names)], value = luaL_optint(L, 2, 0);
  switch (code) {
    case LUA_GCCOLLECT:
      collect(L, state(L));
      lua_pushinteger(L, 0);
      return 1;
    case LUA_GCCOUNT:
      lua_pushnumber(L, lua_gc(L, LUA_GCCOUNT, 0) + lua_gc(L, LUA_GCCOUNTB, 0) / 1024.0);
      return 1;
    case LUA_GCSTEP:
    case LUA_GCISRUNNING:
      lua_pushboolean(L, lua_gc(L, code, value));
      return 1;
    default:
      lua_pushinteger(L, lua_gc(L, code, value));
      return 1;
  }
}

}  // namespace

void collect(lua_State* L, State& s) {
  lua_gc(L, LUA_GCCOLLECT, 0);
  const bool grown = heap_has_grown(L, s);
  if (grown || worth_another_try(L, s)) luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_FLUSH);
  if (grown) {
    lua_gc(L, LUA_GCCOLLECT, 0);
    s.flushed_kb = lua_gc(L, LUA_GCCOUNT, 0);
  }
  s.collect_at = next_mark(L);
}

void open_collector(lua_State* L) {
  lua_getglobal(L, "require");
  lua_pushliteral(L, "jit.util");
  lua_call(L, 1, 1);
  lua_getfield(L, -1, "traceinfo");
  lua_setfield(L, LUA_REGISTRYINDEX, kTraceInfo);
  lua_pop(L, 1);
  lua_pushcfunction(L, collect_garbage);
  lua_setglobal(L, "collectgarbage");
}

}  // namespace t9::lua
