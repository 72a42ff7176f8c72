#include <cmath>
#include <cstdio>

#include "io/memory_file.h"
#include "lua/serialize.h"
#include "lua/table_array.h"

namespace t9::lua {

namespace {

constexpr int kFile = 1, kObject = 2, kName = 3, kHook = 4, kAnchors = 5, kDeep = 6;

class Writer {
 public:
  Writer(lua_State* L, OpenFile& open) : L(L), open_(open), f(*open.file), s_(session(L, kFile, open)) {
    lua_settop(L, kHook);
    hook_ = !lua_isnoneornil(L, kHook);
    push_session_table(L, kFile, kObjectsWritten);
    push_session_table(L, kFile, kDeepWritten);
    anchored_ = int(lua_objlen(L, kAnchors));
    luaL_checkstack(L, int(3 * kStackLevels) + 60, "too many levels");
  }

  // Writes the value on the top and takes it off.
  void run() {
    begin();
    while (!frames_.empty()) step();
  }
  void payload(Tensor& t) {
    t.make_plain();
    t7::write_geometry(f, t);
    if (!t.storage) return f.put(int32_t(t7::kNil));
    int storage_index = 0;
    if (!header(t7::kObject, t.storage, storage_index)) return;
    const char* name = info(t.type).storage;
    if (!is_native(name, NativeClass::StorageClass, t.type)) {
      push(L, StorageRef::share(t.storage));
      lua_getfield(L, -1, "write");
      lua_insert(L, -2);
      t7::write_class(f, name, 1);
      call_method();
      return;
    }
    if (open_.referenced) s_.storages_written.push_back(StorageRef::share(t.storage));
    t7::write_class(f, name, 1);
    t7::write_storage(f, *t.storage);
  }

 private:
  struct Frame {
    bool fields;  // of a class object: values that cannot be written are skipped
    enum : uint8_t {
      Next,  // [table, key]
      Value  // [table, key, value]: the key is written
    } state = Next;
    bool in_array = true;  // `slot` is next; afterwards lua_next goes on from the key
    uint32_t slot = 0;
    bool deep = false;     // its values are in the table of deep levels
    int64_t left = -1;     // pairs still to write; -1: the count is filled in afterwards
    int64_t count_at = 0;  // where
    int32_t count = 0;
  };

  // ---- the table on the top ----

  void step() {
    if (frames_.back().deep) restore();
    Frame& frame = frames_.back();
    for (;;) {
      if (frame.state == Frame::Next) {
        if (frame.left == 0) {
          lua_pop(L, 1);
          break;
        }
        if (!next(frame)) {
          if (frame.left > 0) raise_here("%s changed while it was being written");
          f.patch(frame.count_at, frame.count);
          break;
        }
        Plain key, value;
        if (frame.in_array) key = Plain(frame.slot - 1);
        const bool plain_key = !hook_ && (frame.in_array || key.look(L, -2)), plain = plain_key && value.look(L, -1);
        if (!plain && frame.fields && object_tag(L, -1) < 0) {
          if (frame.left < 0) warn(path());
          lua_pop(L, 1);
          continue;
        }
        ++frame.count;
        if (frame.left > 0) --frame.left;
        if (char* out = plain_key ? f.claim(key.size + value.size) : nullptr) {
          out = key.copy(out);
          if (!plain) {
            if (scalar()) continue;  // a long string
            return compound();
          }
          value.copy(out);
          lua_pop(L, 1);
          continue;
        }
        if (frame.in_array) lua_pushnumber(L, frame.slot - 1);
        else lua_pushvalue(L, -2);
        if (!scalar()) {
          frame.state = Frame::Value;
          return begin();
        }
      }
      frame.state = Frame::Next;
      if (!scalar()) return begin();
    }
    lua_pop(L, 1);
    frames_.pop_back();
  }

  // As lua_next: [table, key] -> [table, key, value], or [table] at the end. Within the array part the
  // key on the stack has no meaning: it is frame.slot - 1. Numbers there are written at once.
  bool next(Frame& frame) {
    if (!frame.in_array) return lua_next(L, -2);
    TableArray array = table_array(L, -2);
    const bool direct = !hook_ && frame.left < 0;
    for (; frame.slot < array.size; ++frame.slot) {
      if (array.is_nil(frame.slot)) continue;
      char* out = direct && array.is_number(frame.slot) ? f.claim(24) : nullptr;
      if (!out) {
        lua_rawgeti(L, -2, int(frame.slot++));
        return true;
      }
      Plain(array.number(frame.slot)).copy(Plain(frame.slot).copy(out));
      ++frame.count;
    }
    frame.in_array = false;
    lua_pop(L, 1);
    if (array.alone) return false;
    if (array.size > 0) lua_pushnumber(L, array.size - 1);
    else lua_pushnil(L);
    return lua_next(L, -2);
  }

  // Writes the value on the top and pops it, if that needs nothing further.
  bool scalar() { return !hook_ && scalar_as_it_is(); }

  bool scalar_as_it_is() {
    switch (lua_type(L, -1)) {
      case LUA_TNUMBER:
        f.put(int32_t(t7::kNumber));
        f.put(lua_tonumber(L, -1));
        break;
      case LUA_TSTRING: {
        size_t n;
        const char* text = lua_tolstring(L, -1, &n);
        f.put(int32_t(t7::kString));
        t7::write_text(f, {text, n});
        break;
      }
      case LUA_TBOOLEAN:
        f.put(int32_t(t7::kBoolean));
        f.put(int32_t(lua_toboolean(L, -1)));
        break;
      case LUA_TNIL: f.put(int32_t(t7::kNil)); break;
      default: return false;
    }
    lua_pop(L, 1);
    return true;
  }

  // Writes the value on the top and pops it; a table becomes the frame on the top instead.
  void begin() {
    if (hook_ && lua_toboolean(L, -1) && lua_type(L, -1) != LUA_TBOOLEAN) {
      lua_pushvalue(L, kHook);
      lua_insert(L, -2);
      lua_call(L, 1, 1);
      anchored_ = int(lua_objlen(L, kAnchors));
    }
    if (!scalar_as_it_is()) compound();
  }

  // begin() for what scalar() refuses.
  void compound() {
    switch (lua_type(L, -1)) {
      case LUA_TTABLE: {
        if (const char* name = class_name(L, -1)) return object(name);
        int index;
        if (!header(t7::kTable, lua_topointer(L, -1), index)) return lua_pop(L, 1);
        anchor();
        return open_table(false);
      }
      case LUA_TFUNCTION: return function();
      case LUA_TUSERDATA:
      case kCdata:
        if (const char* name = object_class(L, -1)) return object(name);
        [[fallthrough]];
      default: unwritable();
    }
  }

  // The tag and the index. False: it was written before.
  bool header(int32_t tag, const void* p, int& index) {
    f.put(tag);
    index = ++s_.last_index;
    if (open_.referenced) {
      if (int before = s_.written.find_or_add(p, index)) {
        --s_.last_index;
        f.put(int32_t(before));
        return false;
      }
    }
    f.put(int32_t(index));
    return true;
  }

  // Keeps the value on the top alive as long as the file: its address identifies it.
  void anchor() {
    if (!open_.referenced) return;
    lua_pushvalue(L, -1);
    lua_rawseti(L, kAnchors, ++anchored_);
  }

  void open_table(bool fields) {
    if (frames_.size() >= kStackLevels) spill();
    Frame frame{fields};
    if (f.can_patch()) {
      frame.count_at = f.position();
    } else {
      frame.left = 0;
      lua_pushnil(L);
      while (lua_next(L, -2)) {
        if (!fields || object_tag(L, -1) >= 0) {
          ++frame.left;
        } else {
          std::string key;
          append_key(key, lua_gettop(L) - 1);
          warn(path() + key);
        }
        lua_pop(L, 1);
      }
    }
    f.put(int32_t(std::max<int64_t>(0, frame.left)));
    lua_pushnil(L);
    frames_.push_back(frame);
  }

  // A number, string or boolean as it stands in a binary file.
  struct Plain {
    int32_t tag = 0, word = 0;  // word: length or boolean
    size_t size = 0;
    double number = 0;
    const char* text = nullptr;

    Plain() = default;
    explicit Plain(double v) : tag(t7::kNumber), size(12), number(v) {}
    bool look(lua_State* L, int index) {
      switch (lua_type(L, index)) {
        case LUA_TNUMBER:
          tag = t7::kNumber;
          number = lua_tonumber(L, index);
          size = 12;
          return true;
        case LUA_TSTRING: {
          size_t n;
          tag = t7::kString;
          text = lua_tolstring(L, index, &n);
          word = int32_t(n);
          size = 8 + n;
          if (n < 1 << 16) return true;
          break;
        }
        case LUA_TBOOLEAN:
          tag = t7::kBoolean;
          word = lua_toboolean(L, index);
          size = 8;
          return true;
        default: break;
      }
      size = 0;
      return false;
    }
    char* copy(char* out) const {
      std::memcpy(out, &tag, 4);
      if (tag == t7::kNumber) std::memcpy(out + 4, &number, 8);
      else std::memcpy(out + 4, &word, 4);
      if (tag == t7::kString) std::memcpy(out + 8, text, size - 8);
      return out + size;
    }
  };

  // ---- objects of classes ----

  void object(const char* name) {
    if (Tensor* t = to_tensor(L, -1)) {
      if (is_native(name, NativeClass::TensorClass, t->type)) {
        int index;
        if (header(t7::kObject, t, index)) {
          anchor();
          t7::write_class(f, name, 1);
          payload(*t);
        }
        return lua_pop(L, 1);
      }
    } else if (Storage* s = to_storage(L, -1)) {
      if (is_native(name, NativeClass::StorageClass, s->type)) {
        int index;
        if (header(t7::kObject, s, index)) {
          anchor();
          t7::write_class(f, name, 1);
          t7::write_storage(f, *s);
        }
        return lua_pop(L, 1);
      }
    }
    if (std::strcmp(name, "torch.InertFunction") == 0) return inert_function();
    if (!push_write_method(name) && !lua_istable(L, -1)) unwritable();
    bool method = lua_isfunction(L, -1);
    if (method) lua_insert(L, -2);
    int index;
    if (!header(t7::kObject, identity(), index)) return lua_pop(L, method ? 2 : 1);
    anchor();
    push_support(L, "getmetatable");
    lua_pushstring(L, name);
    lua_call(L, 1, 1);
    lua_getfield(L, -1, "__version");
    t7::write_class(f, name, int(lua_tonumber(L, -1)));
    lua_pop(L, 2);
    if (method) return call_method();
    f.put(int32_t(t7::kTable));  // its fields, as a table of its own
    f.put(int32_t(++s_.last_index));
    open_table(true);
  }

  // The write or __write method of the class above the object, or nothing.
  bool push_write_method(const char* name) {
    push_support(L, "getmetatable");
    lua_pushstring(L, name);
    lua_call(L, 1, 1);
    for (const char* key : {"write", "__write"}) {
      if (!lua_istable(L, -1)) break;
      lua_getfield(L, -1, key);
      if (lua_isfunction(L, -1)) {
        lua_remove(L, -2);
        return true;
      }
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return false;
  }

  // method object -> nothing
  void call_method() {
    lua_pushvalue(L, kFile);
    std::string path = std::exchange(s_.path, this->path());
    lua_call(L, 2, 0);
    s_.path = std::move(path);
    anchored_ = int(lua_objlen(L, kAnchors));
  }

  const void* identity() {
    if (Tensor* t = to_tensor(L, -1)) return t;
    if (Storage* s = to_storage(L, -1)) return s;
    if (Generator* g = to_generator(L, -1)) return g;
    if (lua_type(L, -1) != kCdata) return lua_topointer(L, -1);
    push_support(L, "pointer");
    lua_pushvalue(L, -2);
    lua_call(L, 1, 1);
    const void* p = reinterpret_cast<const void*>(uintptr_t(lua_tonumber(L, -1)));
    lua_pop(L, 1);
    return p;
  }

  bool is_native(const char* name, NativeClass::Kind kind, Type type) {
    int8_t& known = native_[kind][int(type)];
    if (known == 0) {
      lua_CFunction c = push_write_method(name) ? lua_tocfunction(L, -1) : nullptr;
      if (c || lua_isfunction(L, -1)) lua_pop(L, 1);
      known = c == safely<write_payload> ? 1 : -1;
    }
    return known > 0;
  }

  // ---- functions ----

  void function() {
    if (lua_iscfunction(L, -1)) raise_here("cannot write the C function at %s");
    int index;
    if (!header(t7::kFunction, lua_topointer(L, -1), index)) return lua_pop(L, 1);
    anchor();
    std::string code;
    if (lua_dump(L, [](lua_State*, const void* p, size_t n, void* out) {
          static_cast<std::string*>(out)->append(static_cast<const char*>(p), n);
          return 0;
        }, &code) != 0)
      raise_here("cannot write the function at %s: it has no bytecode");
    if (open_.kind == FileKind::Memory) remember_bytecode(code.data(), code.size());
    t7::write_text(f, code);
    lua_newtable(L);
    for (int k = 1;; ++k) {
      const char* name = lua_getupvalue(L, -2, k);
      if (!name) break;
      lua_createtable(L, 0, 3);
      lua_insert(L, -2);
      lua_setfield(L, -2, "value");
      lua_pushstring(L, name);
      lua_setfield(L, -2, "name");
      int id = s_.upvalues_written.find_or_add(lua_upvalueid(L, -3, k), s_.last_upvalue + 1);
      lua_pushinteger(L, id ? id : ++s_.last_upvalue);
      lua_setfield(L, -2, "id");
      lua_rawseti(L, -2, k);
    }
    lua_remove(L, -2);
    begin();
  }

  // A function that was not trusted goes out as it came in.
  void inert_function() {
    int index;
    if (!header(t7::kFunction, lua_topointer(L, -1), index)) return lua_pop(L, 1);
    anchor();
    lua_getfield(L, -1, "bytecode");
    size_t n = 0;
    const char* code = lua_tolstring(L, -1, &n);
    if (!code) raise_here("cannot write the function at %s: it has no bytecode");
    t7::write_text(f, {code, n});
    lua_pop(L, 1);
    lua_getfield(L, -1, "upvalues");
    lua_remove(L, -2);
    lua_newtable(L);
    for (int k = 1; lua_istable(L, -2); ++k) {
      lua_rawgeti(L, -2, k);
      if (!lua_istable(L, -1)) {
        lua_pop(L, 1);
        break;
      }
      lua_createtable(L, 0, 3);
      for (const char* key : {"name", "value"}) {
        lua_getfield(L, -2, key);
        lua_setfield(L, -2, key);
      }
      lua_getfield(L, -2, "id");
      int& id = s_.cells_written[lua_tonumber(L, -1)];
      lua_pop(L, 1);
      if (id == 0) id = ++s_.last_upvalue;
      lua_pushinteger(L, id);
      lua_setfield(L, -2, "id");
      lua_rawseti(L, -3, k);
      lua_pop(L, 1);
    }
    lua_remove(L, -2);
    begin();
  }

  // ---- deep levels: [table, key, value?] of the top frame move to a table and back ----

  void spill() {
    Frame& frame = frames_.back();
    if (frame.deep) return;
    int at = int(frames_.size()) * 3, n = frame.state == Frame::Next ? 2 : 3;
    // The child table is on the top.
    for (int k = 0; k < n; ++k) {
      lua_pushvalue(L, -1 - n + k);
      lua_rawseti(L, kDeep, at + k);
    }
    for (int k = 0; k < n; ++k) lua_remove(L, -2);
    frame.deep = true;
  }

  void restore() {
    Frame& frame = frames_.back();
    int at = int(frames_.size()) * 3, n = frame.state == Frame::Next ? 2 : 3;
    for (int k = 0; k < n; ++k) {
      lua_rawgeti(L, kDeep, at + k);
      lua_pushnil(L);
      lua_rawseti(L, kDeep, at + k);
    }
    frame.deep = false;
  }

  // ---- messages ----

  void append_key(std::string& out, int index) {
    out += '.';
    switch (lua_type(L, index)) {
      case LUA_TNUMBER: {
        char text[40];
        snprintf(text, sizeof text, "%.14g", lua_tonumber(L, index));
        out += text;
        break;
      }
      case LUA_TSTRING: out += lua_tostring(L, index); break;
      case LUA_TBOOLEAN: out += lua_toboolean(L, index) ? "true" : "false"; break;
      default: out += std::string("<") + luaL_typename(L, index) + ">";
    }
  }

  // Keys from the root to the value on the top, which belongs to the top frame.
  std::string path() {
    constexpr size_t kShown = 20;
    std::string out = s_.path;
    int base = kDeep;
    for (size_t k = 0; k < frames_.size(); ++k) {
      const Frame& frame = frames_[k];
      if (frame.in_array) lua_pushnumber(L, frame.slot - 1);
      else if (frame.deep) lua_rawgeti(L, kDeep, int(k + 1) * 3 + 1);
      else lua_pushvalue(L, base + 2);
      if (k < kShown) append_key(out, lua_gettop(L));
      else if (k == kShown) out += "...";
      lua_pop(L, 1);
      if (!frame.deep) base += frame.state == Frame::Next ? 2 : 3;
    }
    return out;
  }

  // [object, key, value]
  void warn(const std::string& where) {
    const char* name = class_name(L, -3);
    lua_getglobal(L, "print");
    lua_pushfstring(L, "$ Warning: cannot write object field <%s> of <%s> %s", where.c_str() + where.rfind('.') + 1,
                    name ? name : "table", where.c_str());
    lua_call(L, 1, 0);
  }

  [[noreturn]] void unwritable() {
    const char* name = object_class(L, -1);
    fail("Unwritable object <%s> at %s", name ? name : luaL_typename(L, -1), path().c_str());
  }
  [[noreturn]] void raise_here(const char* text) {
    std::string message = text, where = path();
    message.replace(message.find("%s"), 2, where);
    throw Error(message);
  }

  lua_State* L;
  OpenFile& open_;
  File& f;
  Session& s_;
  std::vector<Frame> frames_;
  bool hook_ = false;
  int anchored_ = 0;
  int8_t native_[4][kTypeCount] = {};
};

}  // namespace

int write_object(lua_State* L) {
  OpenFile& open = check_file(L, kFile);
  if (lua_gettop(L) < kObject) luaL_argerror(L, 1, "object expected");
  lua_settop(L, kHook);
  Session& s = session(L, kFile, open);
  struct Path {
    Session& s;
    std::string before;
    ~Path() { s.path = std::move(before); }
  } path{s, s.path};
  if (s.path.empty()) s.path = lua_isstring(L, kName) ? lua_tostring(L, kName) : "<?>";
  Writer w(L, open);
  lua_pushvalue(L, kObject);
  w.run();
  return 0;
}

// t:write(file): what follows the class name.
int write_payload(lua_State* L) {
  OpenFile& open = check_file(L, 2);
  lua_settop(L, 2);
  lua_insert(L, 1);  // file, object
  if (Tensor* t = to_tensor(L, kObject)) {
    Writer(L, open).payload(*t);
  } else if (Storage* s = to_storage(L, kObject)) {
    t7::write_storage(*open.file, *s);
  } else if (Generator* g = to_generator(L, kObject)) {
    t7::write_generator(*open.file, *g);
  } else {
    luaL_typerror(L, 1, "tensor, storage or generator");
  }
  return 0;
}

}  // namespace t9::lua
