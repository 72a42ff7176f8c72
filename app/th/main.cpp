// th: runs a script, a statement or the prompt.
#include "options.h"

#include "lua/embedded.h"

#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

extern "C" int luaopen_line_editor(lua_State* L);

namespace {

#ifndef T9_MULTIARCH
#define T9_MULTIARCH ""
#endif

std::string path_of_executable(const char* fallback) {
  char buffer[4096];
  const ssize_t length = ::readlink("/proc/self/exe", buffer, sizeof buffer);
  return length > 0 ? std::string(buffer, static_cast<size_t>(length)) : std::string(fallback);
}

// Control-C stops the running Lua code with an error; a second one, when that does not get through, ends th.
lua_State* interruptible = nullptr;
volatile std::sig_atomic_t interrupt_pending = 0;

void stop(lua_State* L, lua_Debug*) {
  interrupt_pending = 0;
  lua_sethook(L, nullptr, 0, 0);
  luaL_error(L, "interrupted!");
}

void on_interrupt(int) {
  if (interrupt_pending) {
    std::signal(SIGINT, SIG_DFL);
    std::raise(SIGINT);
  }
  interrupt_pending = 1;
  lua_sethook(interruptible, stop, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

int add_traceback(lua_State* L) {
  if (!lua_isstring(L, 1)) {
    if (!luaL_callmeta(L, 1, "__tostring")) return 1;
    lua_replace(L, 1);
  }
  luaL_traceback(L, L, lua_tostring(L, 1), 1);
  return 1;
}

// Calls the function on the stack; its error goes to standard error.
bool call(lua_State* L, int arguments, int results) {
  const int base = lua_gettop(L) - arguments;
  lua_pushcfunction(L, add_traceback);
  lua_insert(L, base);
  const int status = lua_pcall(L, arguments, results, base);
  lua_remove(L, base);
  if (status == 0) return true;
  const char* message = lua_tostring(L, -1);
  std::fflush(stdout);
  if (message) std::fprintf(stderr, "th: %s\n", message);
  else std::fprintf(stderr, "th: (error object is a %s value)\n", luaL_typename(L, -1));
  lua_pop(L, 1);
  return false;
}

// A value of package.path or cpath, where ;; in the environment's stands for the default.
void set_path(lua_State* L, const char* field, const char* variable, const std::string& standard) {
  std::string path = standard;
  if (const char* given = std::getenv(variable)) {
    path = given;
    const size_t at = path.find(";;");
    if (at != std::string::npos) {
      path.replace(at, 2, ";" + standard + ";");
      if (path.front() == ';') path.erase(0, 1);
      if (path.back() == ';') path.pop_back();
    }
  }
  lua_getglobal(L, "package");
  lua_pushlstring(L, path.data(), path.size());
  lua_setfield(L, -2, field);
  lua_pop(L, 1);
}

void set_paths(lua_State* L) {
  std::string lua = "./?.lua", c = "./?.so";
  const auto add = [](std::string& path, const std::string& folder, const char* suffix) {
    path += ";" + folder + "/?" + suffix;
  };
  std::string trees[] = {"", "/usr/local", "/usr"};
  if (const char* home = std::getenv("HOME")) trees[0] = std::string(home) + "/.luarocks";
  for (const std::string& tree : trees) {
    if (tree.empty()) continue;
    add(lua, tree + "/share/lua/5.1", ".lua");
    add(lua, tree + "/share/lua/5.1", "/init.lua");
    if (*T9_MULTIARCH) add(c, tree + "/lib/" T9_MULTIARCH "/lua/5.1", ".so");
    add(c, tree + "/lib/lua/5.1", ".so");
  }
  set_path(L, "path", "LUA_PATH", lua);
  set_path(L, "cpath", "LUA_CPATH", c);
}

void set_arguments(lua_State* L, int argc, char** argv, const th::Options& options, const std::string& executable) {
  lua_newtable(L);
  for (int i : {-1, 0}) {
    lua_pushstring(L, executable.c_str());
    lua_rawseti(L, -2, i);
  }
  if (options.script) {
    for (int i = options.first_argument; i < argc; ++i) {
      lua_pushstring(L, argv[i]);
      lua_rawseti(L, -2, i - options.first_argument + 1);
    }
  }
  lua_setglobal(L, "arg");
}

int split_words(lua_State* L, const std::string& list) {
  int count = 0;
  for (size_t from = 0; from < list.size(); ++count) {
    size_t to = list.find(',', from);
    if (to == std::string::npos) to = list.size();
    lua_pushlstring(L, list.data() + from, to - from);
    from = to + 1;
  }
  return count;
}

// -Olevel,parameter=value...; -jon, -joff, -jflush; -jmodule[=argument,...] for jit.v, jit.dump, jit.p and such.
bool set_jit(lua_State* L, const std::string& option) {
  std::string name = option[0] == 'O' ? "opt" : option.substr(1), arguments = option[0] == 'O' ? option.substr(1) : "";
  const size_t equals = name.find('=');
  if (option[0] == 'j' && equals != std::string::npos) {
    arguments = name.substr(equals + 1);
    name.resize(equals);
  }
  lua_getglobal(L, "jit");
  lua_getfield(L, -1, name.c_str());
  lua_remove(L, -2);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_getglobal(L, "require");
    lua_pushstring(L, ("jit." + name).c_str());
    if (!call(L, 1, 1)) return false;
  }
  if (lua_istable(L, -1)) {
    lua_getfield(L, -1, "start");
    lua_remove(L, -2);
  }
  return call(L, split_words(L, arguments), 0);
}

bool run_buffer(lua_State* L, const char* text, const char* name) {
  if (luaL_loadbuffer(L, text, std::strlen(text), name) == 0) return call(L, 0, 0);
  std::fprintf(stderr, "th: %s\n", lua_tostring(L, -1));
  lua_pop(L, 1);
  return false;
}

bool run_file(lua_State* L, const char* file) {
  if (luaL_loadfile(L, std::strcmp(file, "-") ? file : nullptr) == 0) return call(L, 0, 0);
  std::fprintf(stderr, "th: %s\n", lua_tostring(L, -1));
  lua_pop(L, 1);
  return false;
}

// What LUA_INIT holds, or the file that it names after an @.
bool run_initial(lua_State* L) {
  const char* init = std::getenv("LUA_INIT");
  if (!init) return true;
  return *init == '@' ? run_file(L, init + 1) : run_buffer(L, init, "=LUA_INIT");
}

void print(lua_State* L, const std::string& text) {
  lua_getglobal(L, "print");
  lua_pushlstring(L, text.data(), text.size());
  call(L, 1, 0);
}

void load_library(lua_State* L, const char* name) {
  lua_getglobal(L, "require");
  lua_pushstring(L, name);
  if (lua_pcall(L, 1, 0, 0) == 0) return;
  print(L, std::string("could not load ") + name + ", skipping");
  lua_getglobal(L, "print");
  lua_insert(L, -2);
  call(L, 1, 0);
}

// An error is printed as it is, and th ends as if there were none.
void run_statement(lua_State* L, const char* statement) {
  if (luaL_loadbuffer(L, statement, std::strlen(statement), statement) == 0 && lua_pcall(L, 0, 0, 0) == 0) return;
  lua_getglobal(L, "print");
  lua_insert(L, -2);
  call(L, 1, 0);
}

bool run(lua_State* L, int argc, char** argv) {
  const std::string executable = path_of_executable(argv[0]);
  const th::Options options = th::parse_options(argc, argv, executable);
  if (!options.problem.empty()) std::printf("Error: %s\n", options.problem.c_str());
  if (options.help || !options.problem.empty()) {
    std::fputs(th::kUsage, stdout);
    return true;
  }

  set_paths(L);
  t9::install_packages(L);
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "preload");
  lua_pushcfunction(L, luaopen_line_editor);
  lua_setfield(L, -2, "th.line_editor");
  lua_pop(L, 2);
  set_arguments(L, argc, argv, options, executable);

  // Before torch: its fast paths depend on whether the JIT is on.
  for (const std::string& option : options.jit)
    if (!set_jit(L, option)) return false;
  if (!run_initial(L) || !run_buffer(L, "require 'trepl'", "=th")) return false;

  for (const std::string& name : options.libraries) load_library(L, name.c_str());
  if (options.async) load_library(L, "async");
  if (options.gfx) load_library(L, "gfx.js");
  if (options.monitor != th::Monitor::kOff) {
    lua_getglobal(L, "monitor_G");
    lua_pushboolean(L, options.monitor == th::Monitor::kRaise);
    if (!call(L, 1, 0)) return false;
  }

  const char* startup = std::getenv("TREPLSTARTUP");
  if (startup && *startup && !options.interactive && !options.statement && !run_file(L, startup)) return false;
  if (options.statement) run_statement(L, options.statement);
  else if (options.script && !run_file(L, options.script)) return false;
  if (options.interactive || (!options.statement && !options.script)) {
    lua_getglobal(L, "repl");
    return call(L, 0, 0);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  lua_State* L = luaL_newstate();
  if (!L) {
    std::fputs("th: not enough memory\n", stderr);
    return 1;
  }
  luaL_openlibs(L);
  interruptible = L;
  std::signal(SIGINT, on_interrupt);
  const bool ok = run(L, argc, argv);
  std::signal(SIGINT, SIG_DFL);
  lua_close(L);
  return ok ? 0 : 1;
}
