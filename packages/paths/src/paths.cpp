// The part of paths that needs the operating system. Names alone are handled in init.lua.
#include <lua.hpp>

#include <dirent.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

// Names given out by tmpname, removed when the process ends, however it was told to.
class TemporaryNames {
 public:
  ~TemporaryNames() {
    for (const std::string& name : names_) ::unlink(name.c_str());
  }
  void add(const std::string& name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_.push_back(name);
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> names_;
};

TemporaryNames temporary_names;

int push_outcome(lua_State* L, const char* path, const std::error_code& error) {
  if (!error) {
    lua_pushboolean(L, 1);
    return 1;
  }
  lua_pushnil(L);
  lua_pushfstring(L, "%s: %s", path, error.message().c_str());
  lua_pushinteger(L, error.value());
  return 3;
}

int cwd(lua_State* L) {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  lua_pushstring(L, error ? "." : here.c_str());
  return 1;
}

int execdir(lua_State* L) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) lua_pushnil(L);
  else lua_pushstring(L, program.parent_path().c_str());
  return 1;
}

int filep(lua_State* L) {
  std::error_code error;
  const fs::file_status status = fs::status(luaL_checkstring(L, 1), error);
  lua_pushboolean(L, fs::exists(status) && !fs::is_directory(status));
  return 1;
}

int dirp(lua_State* L) {
  std::error_code error;
  lua_pushboolean(L, fs::is_directory(luaL_checkstring(L, 1), error));
  return 1;
}

int dir(lua_State* L) {
  DIR* handle = ::opendir(luaL_checkstring(L, 1));
  if (!handle) {
    lua_pushnil(L);
    return 1;
  }
  lua_newtable(L);
  int n = 0;
  while (const dirent* entry = ::readdir(handle)) {
    lua_pushstring(L, entry->d_name);
    lua_rawseti(L, -2, ++n);
  }
  ::closedir(handle);
  return 1;
}

int mkdir(lua_State* L) {
  const char* path = luaL_checkstring(L, 1);
  std::error_code error;
  if (fs::is_directory(path, error)) return push_outcome(L, path, std::make_error_code(std::errc::file_exists));
  fs::create_directories(path, error);
  return push_outcome(L, path, error);
}

int rmdir(lua_State* L) {
  const char* path = luaL_checkstring(L, 1);
  std::error_code error;
  if (::rmdir(path) != 0) error.assign(errno, std::generic_category());
  return push_outcome(L, path, error);
}

int rmall(lua_State* L) {
  const char* path = luaL_checkstring(L, 1);
  if (std::string(luaL_optstring(L, 2, "")) != "yes") {
    lua_pushnil(L);
    lua_pushliteral(L, "missing second argument ('yes')");
    return 2;
  }
  std::error_code error;
  if (!fs::exists(fs::symlink_status(path, error))) {
    lua_pushnil(L);
    lua_pushliteral(L, "not a file or directory");
    lua_pushvalue(L, 1);
    return 3;
  }
  fs::remove_all(path, error);
  return push_outcome(L, path, error);
}

int tmpname(lua_State* L) {
  const char* folder = std::getenv("TMPDIR");
  std::string name = std::string(folder && *folder ? folder : "/tmp") + "/lua_XXXXXX";
  const int fd = ::mkstemp(name.data());
  if (fd < 0) return luaL_error(L, "unable to generate a unique filename");
  ::close(fd);
  ::unlink(name.c_str());
  temporary_names.add(name);
  lua_pushstring(L, name.c_str());
  return 1;
}

int uname(lua_State* L) {
  utsname system;
  if (::uname(&system) != 0) return luaL_error(L, "uname failed");
  lua_pushstring(L, system.sysname);
  lua_pushstring(L, system.nodename);
  lua_pushstring(L, system.machine);
  return 3;
}

int getregistryvalue(lua_State* L) { return luaL_error(L, "getregistryvalue works on Windows only"); }

const luaL_Reg functions[] = {
    {"cwd", cwd},
    {"execdir", execdir},
    {"filep", filep},
    {"dirp", dirp},
    {"dir", dir},
    {"mkdir", mkdir},
    {"rmdir", rmdir},
    {"rmall", rmall},
    {"tmpname", tmpname},
    {"uname", uname},
    {"getregistryvalue", getregistryvalue},
    {nullptr, nullptr},
};

}  // namespace

extern "C" int luaopen_libpaths(lua_State* L) {
  lua_newtable(L);
  luaL_register(L, nullptr, functions);
  return 1;
}
