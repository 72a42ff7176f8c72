#include <algorithm>
#include <cmath>

#include "io/t7.h"
#include "lua/serialize.h"

namespace t9::lua {

namespace {

constexpr int kFile = 1, kObjects = 2, kDeep = 3;

// While many objects are made none becomes garbage: the collector would only look at them again and
// again. It does not see what was made meanwhile, so many small readings together make up for it.
class PausedCollector {
 public:
  explicit PausedCollector(lua_State* l) : L(l), running_(lua_gc(l, LUA_GCISRUNNING, 0)) {
    if (!running_) return;
    State& s = state(L);
    before_ = lua_gc(L, LUA_GCCOUNT, 0);
    if (before_ < s.loaded_kb) s.unseen_kb = std::max(0, s.unseen_kb - (s.loaded_kb - before_));
    if (s.unseen_kb > kMostUnseen + s.live_kb) {
      collect(L, s);
      s.live_kb = before_ = lua_gc(L, LUA_GCCOUNT, 0);
      s.unseen_kb = 0;
    }
    lua_gc(L, LUA_GCSTOP, 0);
  }
  ~PausedCollector() {
    if (!running_) return;
    State& s = state(L);
    s.loaded_kb = lua_gc(L, LUA_GCCOUNT, 0);
    s.unseen_kb += std::max(0, s.loaded_kb - before_);
    lua_gc(L, LUA_GCRESTART, 0);
  }

 private:
  static constexpr int kMostUnseen = 16 << 10;
  lua_State* L;
  bool running_;
  int before_ = 0;
};

class ObjectReader {
 public:
  ObjectReader(lua_State* l, OpenFile& open) : L(l), open_(open), f(*open.file), s_(session(l, kFile, open)), r(s_.reader) {
    lua_settop(L, kFile);
    push_session_table(L, kFile, kObjectsRead);
    push_session_table(L, kFile, kDeepRead);
    luaL_checkstack(L, int(3 * kStackLevels) + 60, "too many levels");
  }
  ~ObjectReader() {
    for (const Frame& frame : frames_) r.forget_pairs(frame.left);
  }

  // Pushes the next object.
  void run() {
    int32_t tag;
    if (!f.try_get(tag)) {
      if (!f.quiet) r.ended();
      f.failed = true;
      return lua_pushnil(L);
    }
    bool whole = value(tag);  // a value of the frame on the top is complete, on the stack's top
    while (!frames_.empty()) {
      if (whole && frames_.back().deep) restore();
      if (frames_.back().kind == Frame::Table) {
        whole = entries(whole);
      } else {
        whole = whole || value(next_tag());
        if (whole) finish();
      }
    }
  }

  // Fills the tensor at the index from a payload.
  void tensor_payload(Tensor& t) {
    t7::Reader::Geometry g = r.geometry();
    StorageRef storage = tensor_storage(t.type);
    r.apply(g, t, storage.get());
  }

 private:
  struct Frame {
    enum Kind : uint8_t {
      Table,     // [table, key?]: its pairs follow
      Fields,    // [object]: a value follows, whose fields become the object's
      Function,  // [function]: the list of upvalues follows
      Values     // as Function, in the legacy form: a plain list
    } kind;
    bool has_key = false, number_key = false, deep = false, has_tag = false;
    int32_t tag = 0;  // of its next item, when that was read already
    int64_t left = 0;  // pairs not yet begun
    double number = 0;
  };

  // Reads what follows a tag. True: the value is on the top. False: a frame was opened for it.
  bool value(int32_t tag) {
    switch (tag) {
      case t7::kNil: lua_pushnil(L); break;
      case t7::kNumber: lua_pushnumber(L, r.get<double>()); break;
      case t7::kString: {
        std::string_view text = r.text();
        lua_pushlstring(L, text.data(), text.size());
        break;
      }
      case t7::kBoolean: lua_pushboolean(L, r.integer() != 0); break;
      case t7::kTable: {
        int32_t index = r.integer();
        if (known(index)) break;
        return table(index);
      }
      case t7::kObject: {
        int32_t index = r.integer();
        if (known(index)) break;
        return object(index);
      }
      case t7::kFunction:
      case t7::kLegacyFunction: {
        int32_t index = r.integer();
        if (known(index)) break;
        return function(tag, index);
      }
      case t7::kOldestFunction: return function(tag, 0);
      default: unknown_tag(tag);
    }
    return true;
  }

  // Pushes the object of that index if it was read before.
  bool known(int32_t index) {
    if (!open_.referenced) return false;
    lua_rawgeti(L, kObjects, index);
    if (!lua_isnil(L, -1)) return true;
    lua_pop(L, 1);
    if (s_.storages_read.empty()) return false;
    auto found = s_.storages_read.find(index);
    if (found == s_.storages_read.end()) return false;
    push(L, found->second);
    remember(index);
    return true;
  }
  void remember(int32_t index) {
    if (!open_.referenced) return;
    lua_pushvalue(L, -1);
    lua_rawseti(L, kObjects, index);
  }

  // ---- tables ----

  bool table(int32_t index) {
    Frame frame{Frame::Table};
    frame.left = r.pairs();
    bool list = false;
    if (frame.left > 0) {  // the first key tells a list from a map
      frame.tag = r.integer();
      if (frame.tag == t7::kNumber) {
        frame.has_key = frame.number_key = true;
        frame.number = r.get<double>();
        list = frame.number == 1;
      } else {
        frame.has_tag = true;
      }
    }
    int hint = int(std::min<int64_t>(frame.left, 1 << 16));  // larger ones grow as they fill
    lua_createtable(L, list ? hint : 0, list ? 0 : hint);
    remember(index);
    if (frame.left == 0) return true;
    begin_pair(frame);
    open_frame(frame);
    return false;
  }

  void begin_pair(Frame& frame) {
    --frame.left;
    r.pair_begun();
  }

  int32_t next_tag() {
    Frame& frame = frames_.back();
    if (frame.has_tag) {
      frame.has_tag = false;
      return frame.tag;
    }
    return r.integer();
  }

  // Goes on with the table of the top frame; `whole`: a key or value of it is on the top. True: it is
  // complete, on the top, and its frame is closed.
  bool entries(bool whole) {
    for (;;) {
      if (!whole) {
        int32_t tag = next_tag();
        Frame& frame = frames_.back();
        if (!frame.has_key && tag == t7::kNumber) {
          frame.number = r.get<double>();
          frame.has_key = frame.number_key = true;
          tag = r.integer();
        }
        if (!value(tag)) return false;
      }
      whole = false;
      Frame& frame = frames_.back();
      if (!frame.has_key) {
        if (lua_isnil(L, -1)) r.corrupt("a table key is nil");
        frame.has_key = true;
        frame.number_key = false;
        continue;
      }
      store(frame);
      frame.has_key = false;
      if (frame.left == 0) {
        frames_.pop_back();
        return true;
      }
      begin_pair(frame);
    }
  }

  void store(Frame& frame) {
    if (frame.number_key) {
      int k = frame.number >= 1 && frame.number < 0x7fffffff ? int(frame.number) : 0;
      if (k > 0 && double(k) == frame.number) {
        lua_rawseti(L, -2, k);
        return;
      }
      if (std::isnan(frame.number)) r.corrupt("a table key is not a number (NaN)");
      lua_pushnumber(L, frame.number);
      lua_insert(L, -2);
    }
    lua_rawset(L, -3);
  }

  void open_frame(const Frame& frame) {
    // The child is on the top, above what its parent keeps.
    if (frames_.size() >= kStackLevels) spill();
    frames_.push_back(frame);
  }

  int slots(const Frame& frame) const { return frame.kind == Frame::Table && frame.has_key && !frame.number_key ? 2 : 1; }

  void spill() {
    Frame& frame = frames_.back();
    int at = int(frames_.size()) * 2, n = slots(frame);
    for (int k = 0; k < n; ++k) {
      lua_pushvalue(L, -1 - n + k);
      lua_rawseti(L, kDeep, at + k);
    }
    for (int k = 0; k < n; ++k) lua_remove(L, -2);
    frame.deep = true;
  }

  // Below the value on the top.
  void restore() {
    Frame& frame = frames_.back();
    int at = int(frames_.size()) * 2, n = slots(frame);
    for (int k = 0; k < n; ++k) {
      lua_rawgeti(L, kDeep, at + k);
      lua_pushnil(L);
      lua_rawseti(L, kDeep, at + k);
      lua_insert(L, -2);
    }
    frame.deep = false;
  }

  // ---- objects of classes ----

  bool object(int32_t index) {
    t7::Reader::Class c = r.object_class();
    std::string name(c.name);
    NativeClass native = native_class(name);
    if (native.kind != NativeClass::None && is_native(name, native)) {
      switch (native.kind) {
        case NativeClass::TensorClass: {
          push(L, make_tensor(native.type));
          remember(index);
          Tensor* t = to_tensor(L, -1);
          tensor_payload(*t);
          return true;
        }
        case NativeClass::StorageClass: {
          push(L, r.storage(native.type));
          remember(index);
          return true;
        }
        default: {
          Ref<Generator> g = Ref<Generator>::take(new Generator);
          push(L, g);
          remember(index);
          r.generator(*g);
          return true;
        }
      }
    }
    return class_object(name, c.version, index);
  }

  // The storage object inside a tensor's payload.
  StorageRef tensor_storage(Type type) {
    int32_t tag = r.integer();
    if (tag == t7::kNil) return StorageRef();
    if (tag != t7::kObject) r.corrupt("a tensor's storage has tag %d", tag);
    int32_t index = r.integer();
    if (open_.referenced) {
      auto found = s_.storages_read.find(index);
      if (found != s_.storages_read.end()) return found->second;
      lua_rawgeti(L, kObjects, index);
      bool old = !lua_isnil(L, -1);
      StorageRef storage = StorageRef::share(to_storage(L, -1));
      lua_pop(L, 1);
      if (old && !storage) r.corrupt("a tensor's storage is something else");
      if (old) return storage;
    }
    t7::Reader::Class c = r.object_class();
    NativeClass native = native_class(c.name);
    std::string name(c.name);
    if (native.kind != NativeClass::StorageClass) r.corrupt("a tensor's storage is a %s", name.c_str());
    if (native.type != type) r.corrupt("a %s of a %s", info(type).tensor, name.c_str());
    StorageRef storage;
    if (is_native(name, native)) {
      storage = r.storage(type);
      if (open_.referenced) s_.storages_read.emplace(index, storage);
    } else {
      if (!class_object(name, c.version, index)) r.corrupt("class %s has no read method", name.c_str());
      storage = StorageRef::share(to_storage(L, -1));
      lua_pop(L, 1);
      if (!storage) r.corrupt("a tensor's storage is something else");
    }
    return storage;
  }

  bool is_native(const std::string& name, NativeClass c) {
    int8_t cuda = 0;  // CUDA classes are read as their CPU twins, unless a package knows them
    int8_t& known = name.find("Cuda") == std::string::npos ? native_[c.kind][int(c.type)] : cuda;
    if (known == 0) {
      push_support(L, "getmetatable");
      lua_pushlstring(L, name.data(), name.size());
      lua_call(L, 1, 1);
      known = 1;
      if (lua_istable(L, -1)) {
        lua_getfield(L, -1, "read");
        if (lua_isfunction(L, -1) && lua_tocfunction(L, -1) != safely<read_payload>) known = -1;
        lua_pop(L, 1);
      }
      lua_pop(L, 1);
    }
    return known > 0;
  }

  bool class_object(const std::string& name, int version, int32_t index) {
    push_support(L, "class_to_read");  // name, file -> new object, its read method or nil
    lua_pushlstring(L, name.data(), name.size());
    lua_pushvalue(L, kFile);
    lua_call(L, 2, 2);
    if (lua_isnil(L, -2)) {
      std::string advice = lua_isstring(L, -1) ? lua_tostring(L, -1) : "";
      r.corrupt("unknown Torch class <%s>: %s", name.c_str(), advice.c_str());
    }
    lua_pushvalue(L, -2);
    remember(index);
    lua_pop(L, 1);
    if (!lua_isnil(L, -1)) {
      lua_pushvalue(L, -2);
      lua_pushvalue(L, kFile);
      lua_pushinteger(L, version);
      lua_call(L, 3, 0);
      return true;
    }
    lua_pop(L, 1);
    Frame frame{Frame::Fields};
    frame.tag = r.integer();
    frame.has_tag = true;
    if (frame.tag == t7::kTable && lua_istable(L, -1)) {
      int32_t fields = r.integer();
      if (known(fields)) {
        copy_fields();
        return true;
      }
      frame.kind = Frame::Table;  // the usual case: straight into the object
      frame.left = r.pairs();
      frame.has_tag = false;
      if (frame.left == 0) return true;
      begin_pair(frame);
    }
    open_frame(frame);
    return false;
  }

  // [object, table] -> [object]
  void copy_fields() {
    if (lua_istable(L, -1) && lua_istable(L, -2)) {
      lua_pushnil(L);
      while (lua_next(L, -2)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -5);
      }
    }
    lua_pop(L, 1);
  }

  // ---- functions ----

  bool function(int32_t tag, int32_t index) {
    std::string_view code = r.text();
    std::string reason;
    bool live = open_.trusted || trusts_all_files() ||
                (open_.kind == FileKind::Memory && known_bytecode(code.data(), code.size()));
    if (live && luaL_loadbufferx(L, code.data(), code.size(), "=(loaded function)", "b") != 0) {
      reason = lua_tostring(L, -1);
      lua_pop(L, 1);
      live = false;
    }
    if (!live) {
      push_support(L, "inert_function");  // bytecode, file name, reason -> placeholder
      lua_pushlstring(L, code.data(), code.size());
      lua_pushstring(L, f.name().c_str());
      reason.empty() ? lua_pushnil(L) : lua_pushstring(L, reason.c_str());
      lua_call(L, 3, 1);
    }
    if (tag != t7::kOldestFunction) remember(index);
    open_frame(Frame{tag == t7::kFunction ? Frame::Function : Frame::Values});
    return false;
  }

  // The value that a frame other than a table's waits for is on the top.
  void finish() {
    Frame frame = frames_.back();
    frames_.pop_back();
    if (frame.kind == Frame::Fields) {
      copy_fields();
    } else {
      if (lua_isfunction(L, -2)) set_upvalues(frame.kind == Frame::Values);
      else keep_upvalues(frame.kind == Frame::Values);
      lua_pop(L, 1);
    }
  }

  // [function, list]
  void set_upvalues(bool plain) {
    if (!lua_istable(L, -1)) return;
    for (int k = 1; lua_getupvalue(L, -2, k); ++k) {
      lua_pop(L, 1);
      lua_rawgeti(L, -1, k);
      if (plain) {
        lua_setupvalue(L, -3, k);
        continue;
      }
      if (lua_istable(L, -1)) upvalue(k);
      lua_pop(L, 1);
    }
  }

  // [function, list, record]
  void upvalue(int k) {
    lua_pushliteral(L, "id");
    lua_rawget(L, -2);
    int64_t id = Scalar(lua_tonumber(L, -1)).i;
    bool shared = lua_isnumber(L, -1) && open_.referenced;
    lua_pop(L, 1);
    auto found = s_.upvalues_read.find(id);
    if (shared && found != s_.upvalues_read.end()) {
      push_session_table(L, kFile, kFunctionsRead);
      lua_rawgeti(L, -1, int(id));
      if (lua_isfunction(L, -1) && !lua_iscfunction(L, -1) && lua_getupvalue(L, -1, found->second)) {
        lua_pop(L, 1);
        lua_upvaluejoin(L, -5, k, -1, found->second);
      }
      lua_pop(L, 2);
      return;
    }
    lua_pushliteral(L, "value");
    lua_rawget(L, -2);
    lua_setupvalue(L, -4, k);
    if (!shared || id != int(id)) return;
    push_session_table(L, kFile, kFunctionsRead);
    lua_pushvalue(L, -4);
    lua_rawseti(L, -2, int(id));
    lua_pop(L, 1);
    s_.upvalues_read[id] = k;
  }

  // [placeholder, list]: the upvalues, each with an id that no other file has.
  void keep_upvalues(bool plain) {
    push_support(L, "keep_upvalues");
    lua_pushvalue(L, -3);
    lua_pushvalue(L, -3);
    lua_pushboolean(L, plain);
    push_session_table(L, kFile, kFunctionsRead);
    lua_call(L, 4, 0);
  }

  [[noreturn]] void unknown_tag(int32_t tag) {
    if (f.binary() && frames_.empty() && f.position() <= 4) {
      uint32_t word = uint32_t(tag);
      bool digit = (word & 0xff) >= '0' && (word & 0xff) <= '9';
      if (digit && (word >> 8 & 0xff) == '\n') r.corrupt("unknown object: this looks like an ascii file: give the mode 'ascii'");
      if ((word & 0xffff) == 0x4b50 || (word & 0xffff) == 0x0280)
        r.corrupt("unknown object: this looks like a file of PyTorch or pickle, not of Torch");
    }
    if (f.name() == "memory") fail("unknown object");  // Torch7's text, for scripts that read piece by piece
    r.corrupt("unknown object: %d is not the tag of any type", tag);
  }

  lua_State* L;
  OpenFile& open_;
  File& f;
  Session& s_;
  t7::Reader& r;
  std::vector<Frame> frames_;
  int8_t native_[4][kTypeCount] = {};
};

}  // namespace

int read_object(lua_State* L) {
  OpenFile& open = check_file(L, kFile);
  PausedCollector paused(L);
  ObjectReader(L, open).run();
  return 1;
}

int read_payload(lua_State* L) {
  OpenFile& open = check_file(L, 2);
  lua_settop(L, 2);
  lua_pushvalue(L, 1);
  Tensor* t = to_tensor(L, 1);
  Storage* s = to_storage(L, 1);
  Generator* g = to_generator(L, 1);
  lua_remove(L, 1);
  // [file, object]: the object stays referenced by the caller's arguments below.
  if (t) {
    TensorRef keep = TensorRef::share(t);
    ObjectReader(L, open).tensor_payload(*t);
  } else if (s) {
    StorageRef keep = StorageRef::share(s);
    StorageRef fresh = session(L, kFile, open).reader.storage(s->type);
    s->resize(fresh->size);
    if (fresh->size) std::memcpy(s->data, fresh->data, size_t(fresh->size) * info(s->type).size);
  } else if (g) {
    session(L, kFile, open).reader.generator(*g);
  } else {
    luaL_typerror(L, 2, "tensor, storage or generator");
  }
  return 0;
}

}  // namespace t9::lua
