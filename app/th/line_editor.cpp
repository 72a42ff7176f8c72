// The line editor of the prompt: libedit, opened only when a prompt is at a terminal.
#include <lua.hpp>

#include <dlfcn.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <string>
#include <vector>

namespace {

using Matches = char** (*)(const char* text, int from, int to);

// The functions and variables of editline/readline.h that are used here.
struct Library {
  char* (*readline)(const char*);
  int (*add_history)(const char*);
  void (*using_history)();
  Matches* attempted_completion;
  int* attempted_completion_over;
  char** line_buffer;
  const char** word_breaks;
  int* append_character;
};

Library library;
lua_State* completing = nullptr;  // valid while a line is read
int completer = LUA_NOREF;
std::string history_file;
volatile std::sig_atomic_t interrupted = 0;

constexpr size_t kHistoryLines = 1000;
constexpr char kWordBreaks[] = " \t\n\"'`><=;|&{(,+-*/%^~#[]})?$";

bool open_library() {
  for (const char* name : {"libedit.so.2", "libedit.so.0", "libedit.so"}) {
    void* handle = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!handle) continue;
    bool complete = true;
    const auto find = [&](auto& into, const char* symbol) {
      void* address = ::dlsym(handle, symbol);
      complete = complete && address;
      std::memcpy(&into, &address, sizeof address);
    };
    find(library.readline, "readline");
    find(library.add_history, "add_history");
    find(library.using_history, "using_history");
    find(library.attempted_completion, "rl_attempted_completion_function");
    find(library.attempted_completion_over, "rl_attempted_completion_over");
    find(library.line_buffer, "rl_line_buffer");
    find(library.word_breaks, "rl_basic_word_break_characters");
    find(library.append_character, "rl_completion_append_character");
    if (complete) return true;
    ::dlclose(handle);
  }
  return false;
}

// What the Lua completer offers for the line up to the cursor, as replacements of its part from `from` on.
std::vector<std::string> ask_completer(const std::string& line, size_t from) {
  std::vector<std::string> words;
  lua_State* L = completing;
  const int top = lua_gettop(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, completer);
  lua_pushlstring(L, line.data(), line.size());
  if (lua_pcall(L, 1, 2, 0) == 0 && lua_istable(L, top + 1) && lua_isnumber(L, top + 2)) {
    const size_t start = static_cast<size_t>(lua_tointeger(L, top + 2)) - 1;
    for (int i = 1; i <= static_cast<int>(lua_objlen(L, top + 1)); ++i) {
      lua_rawgeti(L, top + 1, i);
      const char* word = lua_tostring(L, -1);
      // the editor's word may begin before or after the completer's
      const std::string whole = line.substr(0, start) + (word ? word : "");
      if (word && whole.size() >= from) words.push_back(whole.substr(from));
      lua_pop(L, 1);
    }
  }
  lua_settop(L, top);
  return words;
}

char** complete(const char*, int from, int to) {
  *library.attempted_completion_over = 1;  // never fall back to file names
  *library.append_character = '\0';
  const std::string line(*library.line_buffer, static_cast<size_t>(to));
  const std::vector<std::string> words = ask_completer(line, static_cast<size_t>(from));
  if (words.empty()) return nullptr;
  std::string common = words[0];
  for (const std::string& word : words) {
    size_t same = 0;
    while (same < common.size() && same < word.size() && common[same] == word[same]) ++same;
    common.resize(same);
  }
  // libedit takes one match as complete, and frees the list and its strings
  const bool one = words.size() == 1;
  char** list = static_cast<char**>(std::calloc(words.size() + 2, sizeof(char*)));
  if (!list) return nullptr;
  list[0] = ::strdup(common.c_str());
  for (size_t i = 0; !one && i < words.size(); ++i) list[i + 1] = ::strdup(words[i].c_str());
  return list;
}

void remember(const std::string& line) {
  library.add_history(line.c_str());
  if (std::ofstream file{history_file, std::ios::app}) file << line << '\n';
}

// One line of text an entry, as other line editors have it too.
void load_history() {
  const char* given = std::getenv("TREPL_HISTORY");
  const char* home = std::getenv("HOME");
  history_file = given && *given ? given : home ? std::string(home) + "/.luahistory" : "";
  library.using_history();
  std::ifstream file(history_file);
  std::deque<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    lines.push_back(line);
    if (lines.size() > kHistoryLines) lines.pop_front();
  }
  for (const std::string& line : lines) library.add_history(line.c_str());
}

// open(completer): whether there is a line editor
int open(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  if (completer == LUA_NOREF) {
    if (!open_library()) {
      lua_pushboolean(L, 0);
      return 1;
    }
    *library.attempted_completion = complete;
    *library.word_breaks = kWordBreaks;
    load_history();
  } else luaL_unref(L, LUA_REGISTRYINDEX, completer);
  lua_pushvalue(L, 1);
  completer = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pushboolean(L, 1);
  return 1;
}

// read(prompt): a line; nil at the end of input; an empty line and true when control-C gave it up
int read(lua_State* L) {
  const char* prompt = luaL_checkstring(L, 1);
  std::fflush(stdout);
  completing = L;
  interrupted = 0;
  struct sigaction ours = {}, before;
  ours.sa_handler = [](int) { interrupted = 1; };
  ::sigaction(SIGINT, &ours, &before);  // without SA_RESTART, so that reading ends
  char* line = library.readline(prompt);
  ::sigaction(SIGINT, &before, nullptr);
  completing = nullptr;
  if (interrupted) {
    std::fputs("\n", stdout);
    lua_pushliteral(L, "");
    lua_pushboolean(L, 1);
  } else if (line) {
    static std::string last;
    if (*line && last != line) remember(last = line);
    lua_pushstring(L, line);
  } else lua_pushnil(L);
  std::free(line);
  return interrupted ? 2 : 1;
}

}  // namespace

extern "C" int luaopen_line_editor(lua_State* L) {
  const luaL_Reg functions[] = {{"open", open}, {"read", read}, {nullptr, nullptr}};
  lua_newtable(L);
  luaL_register(L, nullptr, functions);
  return 1;
}
