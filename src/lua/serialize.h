// Lua values as .t7 objects (spec/torch.md, section 13).
//
// Both directions keep their own stack of open tables, so that nesting is limited by memory and not by
// the C stack; only classes with read or write methods of their own recurse, through Lua.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "io/t7.h"
#include "lua/address_map.h"
#include "lua/file.h"

namespace t9::lua {

// What a file remembers from one object to the next. Lua values it must keep are in the environment
// table of the file's userdata: see session_table().
struct Session {
  explicit Session(File& file) : reader(file) {}

  AddressMap written, upvalues_written;
  std::unordered_map<double, int> cells_written;  // upvalues of inert functions
  std::vector<StorageRef> storages_written;       // kept, so that an address stays theirs
  int last_index = 0, last_upvalue = 0;
  std::string path;  // of the object being written, for messages

  t7::Reader reader;
  std::unordered_map<int, StorageRef> storages_read;
  std::unordered_map<int64_t, int> upvalues_read;  // id -> number of the upvalue in its function
};

// Slots of the environment table.
enum SessionTable { kObjectsRead = 1, kObjectsWritten, kFunctionsRead, kDeepRead, kDeepWritten, kAnchor };

Session& session(lua_State* L, int file, OpenFile& f);     // made at first use
void push_session_table(lua_State* L, int file, SessionTable which);

// Levels of nesting that stay on the Lua stack; what lies above moves to a table.
inline constexpr size_t kStackLevels = 150;

// A class that C++ reads and writes itself, unless a script replaced its methods.
struct NativeClass {
  enum Kind { None, TensorClass, StorageClass, GeneratorClass } kind = None;
  Type type = Type::Byte;
};
NativeClass native_class(std::string_view name);

// f:writeObject(object, debugname, hook), f:readObject(): the file is at index 1.
int write_object(lua_State* L);
int read_object(lua_State* L);
// Payload methods of tensors, storages and generators: t:write(file), t:read(file).
int write_payload(lua_State* L);
int read_payload(lua_State* L);

// Bytecode that this process has written to memory may come back alive.
void remember_bytecode(const char* code, size_t size);
bool known_bytecode(const char* code, size_t size);
bool trusts_all_files();  // TORCH_TRUST=1

// Number of the tag that a value gets, or -1.
int object_tag(lua_State* L, int index);
// Class of a value (also of cdata, through torch.typename), or null. May push: keep the stack.
const char* object_class(lua_State* L, int index);

}  // namespace t9::lua
