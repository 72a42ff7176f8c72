// torch.DiskFile, torch.MemoryFile, torch.PipeFile: constructors and methods.
#include "lua/file.h"

#include <bit>

#include "io/disk_file.h"
#include "io/memory_file.h"
#include "lua/serialize.h"
#include "lua/tensor.h"
#include "ops/copy.h"

namespace t9::lua {

namespace {
char support_key;
constexpr const char* kMetatables[] = {"DiskFile", "MemoryFile", "PipeFile"};
}  // namespace

OpenFile::OpenFile(std::unique_ptr<File> f, FileKind k) : file(std::move(f)), kind(k) {}
OpenFile::~OpenFile() = default;

void push_support(lua_State* L, const char* name) {
  lua_pushlightuserdata(L, &support_key);
  lua_rawget(L, LUA_REGISTRYINDEX);
  lua_getfield(L, -1, name);
  lua_remove(L, -2);
}

OpenFile& check_file(lua_State* L, int index) {
  void* p = plain_pointer(L, index, kFileMagic);
  if (!p) luaL_typerror(L, index, "torch.File");
  return *static_cast<OpenFile*>(p);
}

void push_file(lua_State* L, std::unique_ptr<File> file, FileKind kind) {
  Handle* h = static_cast<Handle*>(lua_newuserdata(L, sizeof(Handle)));
  h->p = new OpenFile(std::move(file), kind);
  h->magic = kFileMagic;
  push_support(L, kMetatables[int(kind)]);
  lua_setmetatable(L, -2);
}

namespace {

File& file_at(lua_State* L, int index) { return *check_file(L, index).file; }

int self(lua_State* L) {
  lua_settop(L, 1);
  return 1;
}

int drop(lua_State* L) {
  if (void* p = plain_pointer(L, 1, kFileMagic)) {
    *static_cast<Handle*>(lua_touserdata(L, 1)) = {};
    delete static_cast<OpenFile*>(p);
  }
  return 0;
}

// ---- constructors ----

void parse_mode(lua_State* L, int index, const char* standard, bool& readable, bool& writable) {
  std::string_view mode = luaL_optstring(L, index, standard);
  readable = mode == "r" || mode == "rw";
  writable = mode == "w" || mode == "rw";
  T9_CHECK(readable || writable, "file mode should be 'r','w' or 'rw'");
}

template <class Make>
int open_or_nil(lua_State* L, bool quiet, FileKind kind, Make&& make) {
  std::unique_ptr<File> file;
  try {
    file = make();
  } catch (const Error&) {
    if (!quiet) throw;
    lua_pushnil(L);
    return 1;
  }
  file->quiet = quiet;
  push_file(L, std::move(file), kind);
  return 1;
}

int new_disk_file(lua_State* L) {
  const char* path = luaL_checkstring(L, 1);
  bool readable, writable;
  parse_mode(L, 2, "r", readable, writable);
  return open_or_nil(L, lua_toboolean(L, 3), FileKind::Disk,
                     [&] { return std::make_unique<DiskFile>(path, readable, writable); });
}

int new_pipe_file(lua_State* L) {
  const char* command = luaL_checkstring(L, 1);
  std::string_view mode = luaL_optstring(L, 2, "r");
  T9_CHECK(mode == "r" || mode == "w", "file mode should be 'r' or 'w'");
  return open_or_nil(L, lua_toboolean(L, 3), FileKind::Pipe,
                     [&] { return std::make_unique<PipeFile>(command, mode == "w"); });
}

int new_memory_file(lua_State* L) {
  bool readable, writable;
  if (Storage* s = to_storage(L, 1)) {
    parse_mode(L, 2, "rw", readable, writable);
    T9_CHECK(s->type == Type::Char && s->size > 0 && s->as<char>()[s->size - 1] == 0,
             "provided CharStorage must be terminated by 0");
    size_t size = size_t(s->size) - 1;
    push_file(L, std::make_unique<MemoryFile>(StorageRef::share(s), size, readable, writable), FileKind::Memory);
  } else {
    parse_mode(L, 1, "rw", readable, writable);
    push_file(L, std::make_unique<MemoryFile>(readable, writable), FileKind::Memory);
  }
  return 1;
}

// A DiskFile that takes the place of another file when it is committed (torch.save).
int new_replacing_file(lua_State* L) {
  push_file(L, DiskFile::replacing(luaL_checkstring(L, 1)), FileKind::Disk);
  return 1;
}

int commit(lua_State* L) {
  OpenFile& f = check_file(L, 1);
  if (f.kind == FileKind::Disk) static_cast<DiskFile&>(*f.file).commit();
  return 0;
}

// Closes without what was not committed.
int abandon(lua_State* L) {
  OpenFile& f = check_file(L, 1);
  if (f.kind == FileKind::Disk) static_cast<DiskFile&>(*f.file).abandon();
  return 0;
}

// ---- elements ----

void push_element(lua_State* L, Type type, const void* p) { lua_pushnumber(L, get_element(type, p)); }

int read_elements(lua_State* L) {
  Type type = upvalue_type(L);
  File& f = file_at(L, 1);
  if (lua_isnoneornil(L, 2)) {
    int64_t element = 0;
    if (f.try_read(type, &element, 1) != 1) f.short_read(0, 1);
    push_element(L, type, &element);
  } else if (is_number(L, 2)) {
    int64_t n = to_integer(L, 2);
    T9_CHECK_ARG(n >= 0, 1, "a count of elements expected");
    StorageRef s = read_storage(f, type, n);
    if (s->size != n) f.short_read(size_t(s->size), size_t(n));
    push(L, std::move(s));
  } else {
    Storage* s = to_storage(L, 2);
    T9_CHECK(s && s->type == type, "nothing, number, or %sStorage expected", info(type).name);
    lua_pushnumber(L, double(f.read(type, s->data, size_t(s->size))));
  }
  return 1;
}

int write_elements(lua_State* L) {
  Type type = upvalue_type(L);
  File& f = file_at(L, 1);
  if (is_number(L, 2)) {
    int64_t element = 0;
    set_element(type, &element, to_scalar(L, 2));
    f.write(type, &element, 1);
    return 0;
  }
  Storage* s = to_storage(L, 2);
  T9_CHECK(s && s->type == type, "number, or %sStorage expected", info(type).name);
  f.write(type, s->data, size_t(s->size));
  lua_pushnumber(L, double(s->size));
  return 1;
}

int read_bool(lua_State* L) {
  lua_pushboolean(L, file_at(L, 1).get<int32_t>() != 0);
  return 1;
}

int write_bool(lua_State* L) {
  file_at(L, 1).put(int32_t(lua_toboolean(L, 2)));
  return 0;
}

int read_string(lua_State* L) {
  File& f = file_at(L, 1);
  const char* form = luaL_checkstring(L, 2);
  T9_CHECK((std::strncmp(form, "*a", 2) == 0) || (std::strncmp(form, "*l", 2) == 0), "format must be '*a' or '*l'");
  std::string text = form[1] == 'a' ? f.read_all() : f.read_line();
  lua_pushlstring(L, text.data(), text.size());
  return 1;
}

int write_string(lua_State* L) {
  File& f = file_at(L, 1);
  size_t n;
  const char* text = luaL_checklstring(L, 2, &n);
  f.write_bytes(text, n);
  lua_pushnumber(L, double(n));
  return 1;
}

// ---- state ----

template <auto kQuery>
int query(lua_State* L) {
  File& f = file_at(L, 1);
  f.check_open();
  lua_pushboolean(L, kQuery(f));
  return 1;
}

template <auto kSetter>
int setter(lua_State* L) {
  File& f = file_at(L, 1);
  f.check_open();
  kSetter(f);
  return self(L);
}

int seek(lua_State* L) {
  File& f = file_at(L, 1);
  f.seek(from_zero(check_integer(L, 2)));
  return self(L);
}

int seek_end(lua_State* L) {
  file_at(L, 1).seek_end();
  return self(L);
}

int position(lua_State* L) {
  File& f = file_at(L, 1);
  f.check_open();
  lua_pushnumber(L, double(f.position() + 1));
  return 1;
}

int synchronize(lua_State* L) {
  file_at(L, 1).synchronize();
  return self(L);
}

int close(lua_State* L) {
  file_at(L, 1).close();
  return self(L);
}

int long_size(lua_State* L) {
  File& f = file_at(L, 1);
  f.set_long_size(int(luaL_checkinteger(L, 2)));
  return self(L);
}

int text(lua_State* L) {
  OpenFile& f = check_file(L, 1);
  std::string line = std::string("torch.") + kMetatables[int(f.kind)];
  if (f.kind != FileKind::Memory) line += " on <" + f.file->name() + ">";
  line += f.file->open() ? " [status: open -- mode" : " [status: closed -- mode";
  line += f.kind == FileKind::Disk ? " " : ": ";
  line += f.file->readable() ? 'r' : ' ';
  line += f.file->writable() ? 'w' : ' ';
  line += ']';
  lua_pushlstring(L, line.data(), line.size());
  return 1;
}

int no_buffer(lua_State* L) {
  OpenFile& f = check_file(L, 1);
  T9_CHECK_ARG(f.kind == FileKind::Disk, 0, "torch.DiskFile expected");
  static_cast<DiskFile&>(*f.file).set_unbuffered();
  return self(L);
}

int memory_storage(lua_State* L) {
  OpenFile& f = check_file(L, 1);
  T9_CHECK_ARG(f.kind == FileKind::Memory, 0, "torch.MemoryFile expected");
  push(L, static_cast<MemoryFile&>(*f.file).storage());
  return 1;
}

constexpr bool kLittle = std::endian::native == std::endian::little;

int is_little_endian(lua_State* L) {
  lua_pushboolean(L, kLittle);
  return 1;
}
int is_big_endian(lua_State* L) {
  lua_pushboolean(L, !kLittle);
  return 1;
}

int referenced(lua_State* L) {
  OpenFile& f = check_file(L, 1);
  f.referenced = lua_isnone(L, 2) || lua_toboolean(L, 2);
  return self(L);
}
int is_referenced(lua_State* L) {
  lua_pushboolean(L, check_file(L, 1).referenced);
  return 1;
}
int trust(lua_State* L) {
  check_file(L, 1).trusted = lua_toboolean(L, 2);
  return self(L);
}

constexpr luaL_Reg kCommon[] = {
    {"isQuiet", safely<query<[](File& f) { return f.quiet; }>>},
    {"isReadable", safely<query<[](File& f) { return f.readable(); }>>},
    {"isWritable", safely<query<[](File& f) { return f.writable(); }>>},
    {"isBinary", safely<query<[](File& f) { return f.binary(); }>>},
    {"isAutoSpacing", safely<query<[](File& f) { return f.auto_spacing; }>>},
    {"hasError", safely<query<[](File& f) { return f.failed; }>>},
    {"ascii", safely<setter<[](File& f) { f.set_binary(false); }>>},
    {"binary", safely<setter<[](File& f) { f.set_binary(true); }>>},
    {"autoSpacing", safely<setter<[](File& f) { f.auto_spacing = true; }>>},
    {"noAutoSpacing", safely<setter<[](File& f) { f.auto_spacing = false; }>>},
    {"quiet", safely<setter<[](File& f) { f.quiet = true; }>>},
    {"pedantic", safely<setter<[](File& f) { f.quiet = false; }>>},
    {"clearError", safely<setter<[](File& f) { f.failed = false; }>>},
    {"seek", safely<seek>},
    {"seekEnd", safely<seek_end>},
    {"position", safely<position>},
    {"synchronize", safely<synchronize>},
    {"close", safely<close>},
    {"readBool", safely<read_bool>},
    {"writeBool", safely<write_bool>},
    {"readString", safely<read_string>},
    {"writeString", safely<write_string>},
    {"longSize", safely<long_size>},
    {"referenced", safely<referenced>},
    {"isReferenced", safely<is_referenced>},
    {"__tostring__", safely<text>},
    {nullptr, nullptr}};

constexpr luaL_Reg kDisk[] = {
    {"noBuffer", safely<no_buffer>},
    {"isLittleEndianCPU", is_little_endian},
    {"isBigEndianCPU", is_big_endian},
    {"nativeEndianEncoding", safely<setter<[](File& f) { f.set_swapped(false); }>>},
    {"littleEndianEncoding", safely<setter<[](File& f) { f.set_swapped(!kLittle); }>>},
    {"bigEndianEncoding", safely<setter<[](File& f) { f.set_swapped(kLittle); }>>},
    {nullptr, nullptr}};

constexpr luaL_Reg kMemory[] = {{"storage", safely<memory_storage>}, {nullptr, nullptr}};

// file_methods(): of every file, of disk files, of memory files.
int file_methods(lua_State* L) {
  lua_newtable(L);
  luaL_setfuncs(L, kCommon, 0);
  for (Type type : {Type::Byte, Type::Char, Type::Short, Type::Int, Type::Long, Type::Float, Type::Double}) {
    lua_pushinteger(L, int(type));
    lua_pushcclosure(L, safely<read_elements>, 1);
    lua_setfield(L, -2, format("read%s", info(type).name).c_str());
    lua_pushinteger(L, int(type));
    lua_pushcclosure(L, safely<write_elements>, 1);
    lua_setfield(L, -2, format("write%s", info(type).name).c_str());
  }
  lua_newtable(L);
  luaL_setfuncs(L, kDisk, 0);
  lua_newtable(L);
  luaL_setfuncs(L, kMemory, 0);
  return 3;
}

// files_setup(support): metatables of the files and functions of torch that C++ calls.
int files_setup(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  for (const char* name : kMetatables) {
    lua_getfield(L, 1, name);
    lua_pushcfunction(L, drop);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
  }
  lua_pushlightuserdata(L, &support_key);
  lua_pushvalue(L, 1);
  lua_rawset(L, LUA_REGISTRYINDEX);
  return 0;
}

}  // namespace

void open_files(lua_State* L) {
  const luaL_Reg functions[] = {{"file_methods", safely<file_methods>},
                                {"files_setup", files_setup},
                                {"DiskFile", safely<new_disk_file>},
                                {"MemoryFile", safely<new_memory_file>},
                                {"PipeFile", safely<new_pipe_file>},
                                {"replacing_file", safely<new_replacing_file>},
                                {"file_commit", safely<commit>},
                                {"file_abandon", safely<abandon>},
                                {"file_trust", safely<trust>},
                                {nullptr, nullptr}};
  luaL_setfuncs(L, functions, 0);
  open_serialize(L);
}

}  // namespace t9::lua
