#include <lua.hpp>

#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <cmath>

namespace {

int clock(lua_State* L) {
  timeval now;
  ::gettimeofday(&now, nullptr);
  lua_pushnumber(L, static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_usec));
  return 1;
}

int usleep(lua_State* L) {
  const double seconds = luaL_checknumber(L, 1) * 1e-6;
  if (!(seconds > 0) || seconds > 1e9) return 0;
  const double whole = std::floor(seconds);
  const timespec span = {static_cast<time_t>(whole), static_cast<long>((seconds - whole) * 1e9)};
  ::nanosleep(&span, nullptr);
  return 0;
}

int isatty(lua_State* L) {
  lua_pushboolean(L, ::isatty(luaL_checkint(L, 1)));
  return 1;
}

const luaL_Reg functions[] = {{"clock", clock}, {"usleep", usleep}, {"isatty", isatty}, {nullptr, nullptr}};

}  // namespace

extern "C" int luaopen_libsys(lua_State* L) {
  lua_newtable(L);
  luaL_register(L, nullptr, functions);
  return 1;
}
