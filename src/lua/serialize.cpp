// Sessions, classes and the functions of torch that hold objects in memory.
#include "lua/serialize.h"

#include <cstdlib>
#include <mutex>
#include <unordered_set>

#include "io/memory_file.h"

namespace t9::lua {

// ---- sessions ----

Session& session(lua_State* L, int file, OpenFile& f) {
  if (!f.session) {
    lua_createtable(L, kAnchor, 0);
    for (int k = kObjectsRead; k < kAnchor; ++k) {
      lua_newtable(L);
      lua_rawseti(L, -2, k);
    }
    lua_setfenv(L, file);
    f.session = std::make_unique<Session>(*f.file);
  }
  return *f.session;
}

void push_session_table(lua_State* L, int file, SessionTable which) {
  lua_getfenv(L, file);
  lua_rawgeti(L, -1, which);
  if (!lua_istable(L, -1)) fail("the environment of a torch.File was replaced");
  lua_remove(L, -2);
}

// ---- bytecode of this process ----

namespace {
struct Known {
  std::mutex mutex;
  std::unordered_set<std::string> codes;
};
Known& known() {
  static Known* instance = new Known;
  return *instance;
}
}  // namespace

void remember_bytecode(const char* code, size_t size) {
  Known& k = known();
  std::lock_guard lock(k.mutex);
  k.codes.emplace(code, size);
}

bool known_bytecode(const char* code, size_t size) {
  Known& k = known();
  std::lock_guard lock(k.mutex);
  return k.codes.count(std::string(code, size)) != 0;
}

bool trusts_all_files() {
  const char* setting = std::getenv("TORCH_TRUST");
  return setting && std::strcmp(setting, "1") == 0;
}

// ---- classes ----

NativeClass native_class(std::string_view name) {
  constexpr std::string_view kTorch = "torch.", kTensor = "Tensor", kStorage = "Storage", kCuda = "Cuda";
  if (name.substr(0, kTorch.size()) != kTorch) return {};
  name.remove_prefix(kTorch.size());
  if (name == "Generator") return {NativeClass::GeneratorClass, Type::Byte};
  NativeClass::Kind kind;
  if (name.ends_with(kTensor)) {
    kind = NativeClass::TensorClass;
    name.remove_suffix(kTensor.size());
  } else if (name.ends_with(kStorage)) {
    kind = NativeClass::StorageClass;
    name.remove_suffix(kStorage.size());
  } else {
    return {};
  }
  if (name == kCuda) return {kind, Type::Float};
  if (name.starts_with(kCuda)) name.remove_prefix(kCuda.size());
  for (int k = 0; k < kTypeCount; ++k)
    if (name == info(Type(k)).name) return {kind, Type(k)};
  return {};
}

const char* object_class(lua_State* L, int index) {
  if (const char* name = class_name(L, index)) return name;
  if (lua_type(L, index) != kCdata) return nullptr;
  lua_pushvalue(L, index);
  push_support(L, "typename");
  lua_insert(L, -2);
  lua_call(L, 1, 1);
  const char* name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : nullptr;  // its class keeps it
  lua_pop(L, 1);
  return name;
}

int object_tag(lua_State* L, int index) {
  switch (lua_type(L, index)) {
    case LUA_TNIL: case LUA_TNONE: return t7::kNil;
    case LUA_TNUMBER: return t7::kNumber;
    case LUA_TSTRING: return t7::kString;
    case LUA_TBOOLEAN: return t7::kBoolean;
    case LUA_TFUNCTION: return t7::kFunction;
    case LUA_TTABLE: return class_name(L, index) ? t7::kObject : t7::kTable;
    case LUA_TUSERDATA:
    case kCdata: {
      const char* name = object_class(L, index);
      if (!name) return -1;
      push_support(L, "can_write");
      lua_pushstring(L, name);
      lua_call(L, 1, 1);
      bool can = lua_toboolean(L, -1);
      lua_pop(L, 1);
      return can ? t7::kObject : -1;
    }
    default: return -1;
  }
}

namespace {

int is_writable_object(lua_State* L) {
  int tag = object_tag(L, 2);
  if (tag < 0) lua_pushnil(L);
  else lua_pushinteger(L, tag);
  return 1;
}

// ---- objects in memory ----

bool binary_mode(lua_State* L, int index) {
  if (lua_isnoneornil(L, index)) return true;
  std::string_view mode = lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : "";
  T9_CHECK(mode == "binary" || mode == "ascii", "\"binary\" or \"ascii\" (or nil) expected for mode");
  return mode == "binary";
}

// (object, mode) -> leaves the open file, which it returns, at index 1
MemoryFile& serialize(lua_State* L) {
  if (lua_gettop(L) == 0) luaL_argerror(L, 1, "object expected");
  lua_settop(L, 2);
  auto file = std::make_unique<MemoryFile>(false, true);
  MemoryFile& memory = *file;
  memory.set_binary(binary_mode(L, 2));
  lua_settop(L, 1);
  push_file(L, std::move(file), FileKind::Memory);
  lua_insert(L, 1);
  write_object(L);
  return memory;
}

int serialize_to_string(lua_State* L) {
  MemoryFile& file = serialize(L);
  std::string_view bytes = file.bytes();
  lua_pushlstring(L, bytes.data(), bytes.size());
  file.close();
  return 1;
}

int serialize_to_storage(lua_State* L) {
  MemoryFile& file = serialize(L);
  StorageRef s = file.storage();
  file.close();
  s->resize(s->size - 1);
  push(L, std::move(s));
  return 1;
}

// The file that reads is at index 1; `anchor` keeps its bytes alive.
int deserialize(lua_State* L, std::unique_ptr<MemoryFile> file, int anchor, bool binary, bool trusted) {
  file->set_binary(binary);
  MemoryFile& memory = *file;
  push_file(L, std::move(file), FileKind::Memory);
  OpenFile& open = check_file(L, -1);
  open.trusted = trusted;
  session(L, lua_gettop(L), open);
  lua_getfenv(L, -1);
  lua_pushvalue(L, anchor);
  lua_rawseti(L, -2, kAnchor);
  lua_pop(L, 1);
  lua_replace(L, 1);
  lua_settop(L, 1);
  struct Close {
    MemoryFile& file;
    ~Close() {
      if (file.open()) file.close();
    }
  } close{memory};
  return read_object(L);
}

bool trusted(lua_State* L, int options) {
  if (!lua_istable(L, options)) return false;
  lua_getfield(L, options, "trust");
  bool yes = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return yes;
}

int deserialize_string(lua_State* L) {
  size_t n;
  const char* bytes = luaL_checklstring(L, 1, &n);
  bool binary = binary_mode(L, 2), trust = trusted(L, 3);
  return deserialize(L, std::make_unique<MemoryFile>(std::string_view(bytes, n)), 1, binary, trust);
}

int deserialize_storage(lua_State* L) {
  Storage& s = check_storage(L, 1, Type::Char);
  bool binary = binary_mode(L, 2), trust = trusted(L, 3);
  return deserialize(L, std::make_unique<MemoryFile>(StorageRef::share(&s), size_t(s.size), true, false), 1, binary, trust);
}

}  // namespace

void open_serialize(lua_State* L) {
  const luaL_Reg functions[] = {{"write_object", safely<write_object>},
                                {"read_object", safely<read_object>},
                                {"is_writable_object", safely<is_writable_object>},
                                {"write_payload", safely<write_payload>},
                                {"read_payload", safely<read_payload>},
                                {"serialize", safely<serialize_to_string>},
                                {"serialize_to_storage", safely<serialize_to_storage>},
                                {"deserialize", safely<deserialize_string>},
                                {"deserialize_storage", safely<deserialize_storage>},
                                {nullptr, nullptr}};
  luaL_setfuncs(L, functions, 0);
}

}  // namespace t9::lua
