// What the files that make torch.File known to Lua share.
#pragma once

#include <memory>

#include "io/file.h"
#include "lua/lua.h"

namespace t9::lua {

enum class FileKind { Disk, Memory, Pipe };
struct Session;  // what reading and writing objects remembers of a file (serialize.h)

struct OpenFile {
  std::unique_ptr<File> file;
  FileKind kind;
  bool referenced = true;  // one object is written once
  bool trusted = false;    // functions that are read may run
  std::unique_ptr<Session> session;

  OpenFile(std::unique_ptr<File> f, FileKind k);
  ~OpenFile();
};
inline constexpr uint64_t kFileMagic = 0x543946494c452121u;

OpenFile& check_file(lua_State* L, int index);
void push_file(lua_State* L, std::unique_ptr<File> file, FileKind kind);

// Lua's `torch` functions and file metatables that C++ calls: the table given to files_setup().
void push_support(lua_State* L, const char* name);

void open_serialize(lua_State* L);

}  // namespace t9::lua
