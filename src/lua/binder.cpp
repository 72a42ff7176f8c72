// Calls of operations: finds the form that the arguments fit, fills the slots, pushes the results.
#include <algorithm>
#include <string>
#include <vector>

#include "lua/lua.h"
#include "ops/op.h"

namespace t9::lua {

namespace {

// ---- the quick way ----
//
// Most calls have few arguments of plain kinds. Each argument becomes a byte, the call a 64-bit key,
// and a form that fits is found by comparing keys. What has no key goes the complete way below.

inline constexpr int kKeyed = 8;
inline constexpr uint8_t kNumberKey = 1, kBooleanKey = 2, kNoKey = 0xff, kTensorKey = 0x10;  // + type

// One choice of present parameters of a form.
struct Variant {
  uint64_t key = 0;       // for the fixed kinds
  uint64_t own = 0;       // a 1 in the bytes that hold a tensor of the operation's own type
  uint8_t count = 0;
  uint8_t param[kKeyed];  // which parameter each argument is
  unsigned present = 0;
  const Alternative* alternative = nullptr;
};
using Variants = std::vector<Variant>;

// What a closure is bound to.
struct Bound {
  const Op* op;
  State* state;
  Type type;  // of a method
  const Alternative* const* list;
  const Variants* variants;
};

// One argument, looked at once: its Lua type, and the tensor that it holds.
struct Argument {
  int type;
  Tensor* tensor;
};
inline constexpr int kMostArguments = 32;  // more fit no form, but for SIZES, which looks for itself

struct Call {
  lua_State* L;
  const Op* op;
  State* state;
  Type type;
  int narg;  // arguments that count (without a trailing type name)
  uint64_t key;
  bool keyed;
  Argument arguments[kMostArguments + 1];  // from 1
  Slot slots[kMaxParams];
  int position[kMaxParams];  // stack index of each tensor parameter
  Sizes sizes;
};

void look(Call& c) {
  lua_State* L = c.L;
  c.key = 0;
  c.keyed = c.narg <= kKeyed;
  for (int k = 1; k <= std::min(c.narg, kMostArguments); ++k) {
    Argument& a = c.arguments[k];
    a.type = lua_type(L, k);
    a.tensor = nullptr;
    uint8_t key = kNoKey;
    if (a.type == LUA_TUSERDATA) {
      a.tensor = to_tensor(L, k);
      if (a.tensor) {
        key = uint8_t(kTensorKey + unsigned(a.tensor->type));
        if (!c.op->kernel) a.tensor->make_plain();
      }
    } else if (a.type == LUA_TNUMBER) {
      key = kNumberKey;
    } else if (a.type == LUA_TBOOLEAN) {
      key = kBooleanKey;
    } else if (a.type == kCdata && c.op->kernel) {
      if (is_tensor_pointer(L, k, a.tensor) && !a.tensor) a.type = LUA_TNIL;
    }
    if (key == kNoKey) c.keyed = false;
    c.key = c.key << 8 | key;
  }
}

bool read_tensor(Call& c, const Param& p, int index, Slot& slot) {
  if (index > kMostArguments) return false;
  const Argument& a = c.arguments[index];
  Tensor* t = a.tensor;
  if (!t) {
    slot.p = nullptr;
    return p.nullable && a.type == LUA_TNIL;
  }
  if (t->type != (p.typed ? p.type : c.type)) return false;
  if (p.dims && t->nDimension != p.dims) return false;
  slot.p = t;
  return true;
}

bool read_number(const Call& c, int index, Slot& slot) {
  lua_State* L = c.L;
  int type = index <= kMostArguments ? c.arguments[index].type : lua_type(L, index);
  if (type == LUA_TUSERDATA || type == LUA_TTABLE || type == LUA_TBOOLEAN || type == LUA_TNIL) return false;
  if (type == LUA_TNUMBER) {
    slot.d = lua_tonumber(L, index);
    slot.i = Scalar(slot.d).i;
    return true;
  }
  if (!is_number(L, index)) return false;
  Scalar v = to_scalar(L, index);
  slot.d = v.d;
  slot.i = v.i;
  return true;
}

bool read_sizes(Call& c, int index) {
  lua_State* L = c.L;
  if (Storage* s = to_storage(L, index)) {
    if (s->type != Type::Long || index != c.narg) return false;
    c.sizes = Sizes(s->as<int64_t>(), int(std::min<ptrdiff_t>(s->size, kMaxDims + 1)));
  } else {
    c.sizes.n = 0;
    for (int k = index; k <= c.narg; ++k) {
      if (!is_number(L, k)) return false;
      c.sizes.push(to_integer(L, k));
    }
  }
  // A size that is not positive ends the list.
  for (int k = 0; k < c.sizes.n; ++k)
    if (c.sizes[k] <= 0) c.sizes.n = k;
  return true;
}

bool read_list(Call& c, int index, Slot& slot) {
  lua_State* L = c.L;
  if (!lua_istable(L, index)) return false;
  int n = int(lua_objlen(L, index));
  if (n == 0) return false;
  Tensor** list = static_cast<Tensor**>(lua_newuserdata(L, size_t(n) * sizeof(Tensor*)));
  for (int k = 0; k < n; ++k) {
    lua_rawgeti(L, index, k + 1);
    list[k] = to_tensor(L, -1);
    lua_pop(L, 1);
    T9_CHECK(list[k] && list[k]->type == c.type, "expected %sTensor in tensor array", info(c.type).name);
  }
  slot.p = list;
  slot.i = n;
  return true;
}

// A dimension counted from 0, and small enough for an int.
int64_t dimension(int64_t i) { return std::clamp<int64_t>(i, -(1 << 30), 1 << 30) - 1; }

bool read(Call& c, const Param& p, int index, Slot& slot) {
  lua_State* L = c.L;
  switch (p.kind) {
    case Kind::Tensor: return read_tensor(c, p, index, slot);
    case Kind::Real:
    case Kind::Acc:
    case Kind::Long:
    case Kind::Int:
    case Kind::Double: return read_number(c, index, slot);
    case Kind::Index:
      if (!read_number(c, index, slot)) return false;
      slot.i = dimension(slot.i);
      return true;
    case Kind::Boolean:
      if (!lua_isboolean(L, index)) return false;
      slot.i = lua_toboolean(L, index);
      slot.d = double(slot.i);
      return true;
    case Kind::Generator:
      slot.p = to_generator(L, index);
      return slot.p != nullptr;
    case Kind::Sizes:
      slot.p = &c.sizes;
      return read_sizes(c, index);
    case Kind::Tensors: return read_list(c, index, slot);
    case Kind::Letter: {
      if (lua_type(L, index) != LUA_TSTRING) return false;
      size_t n;
      const char* s = lua_tolstring(L, index, &n);
      if (n != 1) return false;
      for (int k = 0; k < p.letter_count; ++k)
        if (p.letters[k] == s[0]) {
          slot.i = s[0];
          return true;
        }
      return false;
    }
  }
  return false;
}

// Tries one choice of present optional parameters.
bool fits(Call& c, const Signature& s, unsigned present) {
  int at = 1, bit = 0;
  for (int k = 0; k < s.count; ++k) {
    const Param& p = s.params[k];
    c.position[k] = 0;
    if (p.optional && !(present >> bit++ & 1)) continue;
    if (p.kind == Kind::Sizes) {
      if (at > c.narg || !read(c, p, at, c.slots[k])) return false;
      at = c.narg + 1;
      continue;
    }
    if (at > c.narg && p.nullable && c.op->kernel) {  // left out at the end
      c.slots[k].p = nullptr;
      continue;
    }
    if (at > c.narg) return false;
    if (!read(c, p, at, c.slots[k])) return false;
    c.position[k] = at++;
  }
  return at == c.narg + 1;
}

// Choices of `extra` optional parameters out of n, in the order in which they are tried.
struct Choices {
  static constexpr int kMost = 6;
  uint8_t masks[kMost + 1][kMost + 1][20] = {};  // [n][extra]
  uint8_t counts[kMost + 1][kMost + 1] = {};
  constexpr Choices() {
    for (int n = 0; n <= kMost; ++n)
      for (unsigned m = 0; m < (1u << n); ++m) {
        int k = 0;
        for (unsigned bits = m; bits; bits &= bits - 1) ++k;
        masks[n][k][counts[n][k]++] = uint8_t(m);
      }
  }
};
constexpr Choices kChoices;

bool match(Call& c, const Signature& s, unsigned& present) {
  if (c.op->kernel) return fits(c, s, present = 0);
  int extra = c.narg - s.required;
  if (extra < 0) return false;
  for (int k = s.variadic ? 0 : extra; k <= std::min(extra, s.optional); ++k)
    for (int j = 0; j < kChoices.counts[s.optional][k]; ++j)
      if (fits(c, s, present = kChoices.masks[s.optional][k][j])) return true;
  return false;
}

// ---- the quick way, continued ----

bool add_variant(Variants& out, const Alternative& a, unsigned present) {
  Variant v;
  v.alternative = &a;
  v.present = present;
  int bit = 0;
  for (int k = 0; k < a.signature.count; ++k) {
    const Param& p = a.signature.params[k];
    if (p.optional && !(present >> bit++ & 1)) continue;
    if (v.count == kKeyed) return false;
    uint8_t key = kNoKey;
    switch (p.kind) {
      case Kind::Tensor: key = p.typed ? uint8_t(kTensorKey + unsigned(p.type)) : kTensorKey; break;
      case Kind::Real: case Kind::Acc: case Kind::Long: case Kind::Int: case Kind::Double: case Kind::Index:
        key = kNumberKey; break;
      case Kind::Boolean: key = kBooleanKey; break;
      default: return false;
    }
    v.key = v.key << 8 | key;
    v.own = v.own << 8 | (p.kind == Kind::Tensor && !p.typed ? 1 : 0);
    v.param[v.count++] = uint8_t(k);
  }
  out.push_back(v);
  return true;
}

// The keyed variants of a list of forms, in the order in which they are tried. A form with a variant
// that has no key ends the list: it must not be overtaken by a later one.
Variants keyed_variants(const Alternative* const* list, bool kernel) {
  Variants out;
  for (int a = 0; a < kMaxAlternatives && list[a]; ++a) {
    const Signature& s = list[a]->signature;
    if (s.variadic) break;
    if (kernel) {
      if (!add_variant(out, *list[a], 0)) break;
      continue;
    }
    for (int k = 0; k <= s.optional; ++k)
      for (int j = 0; j < kChoices.counts[s.optional][k]; ++j) add_variant(out, *list[a], kChoices.masks[s.optional][k][j]);
  }
  return out;
}

struct OpVariants {
  Variants functions, methods;
};

const OpVariants& variants_of(const Op& op) {
  static const std::vector<OpVariants> table = [] {
    std::vector<OpVariants> out;
    for (const Op& o : all_ops())
      out.push_back({keyed_variants(o.functions, o.kernel), keyed_variants(o.methods, o.kernel)});
    return out;
  }();
  return table[size_t(&op - all_ops().data())];
}

const Variant* find_variant(Call& c, const Variants& list) {
  if (!c.keyed) return nullptr;
  for (const Variant& v : list) {
    if (v.count != c.narg || v.key + v.own * unsigned(c.type) != c.key) continue;
    const Signature& s = v.alternative->signature;
    bool fits = true;
    for (int k = 0; k < v.count; ++k) {
      const Argument& a = c.arguments[k + 1];
      const Param& p = s.params[v.param[k]];
      Slot& slot = c.slots[v.param[k]];
      c.position[v.param[k]] = k + 1;
      if (a.tensor) {
        slot.p = a.tensor;
        fits = fits && (!p.dims || a.tensor->nDimension == p.dims);
      } else if (p.kind == Kind::Boolean) {
        slot.i = lua_toboolean(c.L, k + 1);
        slot.d = double(slot.i);
      } else {
        read_number(c, k + 1, slot);
        if (p.kind == Kind::Index) slot.i = dimension(slot.i);
      }
    }
    if (fits) return &v;
  }
  return nullptr;
}

void fill_defaults(Call& c, const Signature& s, unsigned present) {
  int bit = 0;
  Tensor* first_returned = nullptr;
  for (int k = 0; k < s.count; ++k) {
    const Param& p = s.params[k];
    Slot& slot = c.slots[k];
    if (!(p.optional && !(present >> bit++ & 1))) {
      if (p.returned && !first_returned) first_returned = static_cast<Tensor*>(slot.p);
      continue;
    }
    if (p.kind == Kind::Tensor && p.returned) {
      push(c.L, make_tensor(p.typed ? p.type : c.type));
      slot.p = to_tensor(c.L, -1);
      c.position[k] = lua_gettop(c.L);
      if (!first_returned) first_returned = static_cast<Tensor*>(slot.p);
    } else if (p.kind == Kind::Tensor) {
      slot.p = first_returned;
    } else if (p.kind == Kind::Generator) {
      slot.p = c.state->generator;
    } else if (p.last) {
      Tensor* input = nullptr;
      for (int j = 0; j < s.count && !input; ++j)
        if (s.params[j].kind == Kind::Tensor && !s.params[j].returned) input = static_cast<Tensor*>(c.slots[j].p);
      slot.i = (input ? input->nDimension : 0) - 1;
    } else {
      slot.d = p.value;
      slot.i = int64_t(p.value) - (p.kind == Kind::Index ? 1 : 0);
    }
  }
}

int push_results(Call& c, const Signature& s, const Result& r) {
  if (r.kind == Result::Number) return lua_pushnumber(c.L, r.d), 1;
  if (r.kind == Result::Boolean) return lua_pushboolean(c.L, r.d != 0), 1;
  int n = 0;
  for (int k = 0; k < s.count; ++k)
    if (s.params[k].returned) {
      lua_pushvalue(c.L, c.position[k]);
      ++n;
    }
  return n;
}

// ---- error texts ----

std::string given_text(const Call& c) {
  std::string out;
  for (int k = 1; k <= c.narg; ++k) {
    const char* name = class_name(c.L, k);
    if (k > 1) out += ' ';
    if (name) out += std::strncmp(name, "torch.", 6) == 0 ? name + 6 : name;
    else switch (lua_type(c.L, k)) {
      case LUA_TSTRING: out += lua_isnumber(c.L, k) ? "number" : "string"; break;
      case LUA_TNIL: case LUA_TBOOLEAN: case LUA_TNUMBER: case LUA_TTABLE: case LUA_TUSERDATA:
        out += luaL_typename(c.L, k); break;
      default: out += "???";
    }
  }
  return c.narg ? out + " " : "no arguments provided";
}

[[noreturn]] void refuse(const Call& c, const Alternative* const* list) {
  std::string text = (c.op->kernel ? std::string("THNN.") + c.op->name + ": " : std::string()) +
                     "invalid arguments: " + given_text(c) +
                     "\nexpected arguments: " + forms_text(*c.op, list, c.type);
  throw Error(text);
}

int invoke(Call& c, const Alternative& a, unsigned present) {
  const Signature& s = a.signature;
  if (present != (1u << s.optional) - 1) fill_defaults(c, s, present);
  Result r;
  a.invoke(c.slots, r);
  return push_results(c, s, r);
}

int run(Call& c, const Alternative* const* list, const Variants& variants) {
  if (const Variant* v = find_variant(c, variants)) return invoke(c, *v->alternative, v->present);
  for (int a = 0; a < kMaxAlternatives && list[a]; ++a) {
    unsigned present = 0;
    if (match(c, list[a]->signature, present)) return invoke(c, *list[a], present);
  }
  refuse(c, list);
}

bool type_from_name(lua_State* L, int index, Type& out) {
  if (lua_type(L, index) != LUA_TSTRING) return false;
  const char* s = lua_tostring(L, index);
  for (int k = 0; k < kTypeCount; ++k)
    if (std::strcmp(s, info(Type(k)).tensor) == 0) return out = Type(k), true;
  return false;
}

// The type that torch.f(...) works on (spec/torch.md, section 3). Leaves out a type name at the end.
Type dispatch_type(Call& c) {
  for (int k = 1; k <= std::min(2, c.narg); ++k)
    if (Tensor* t = c.arguments[k].tensor) return t->type;
  lua_State* L = c.L;
  if (lua_istable(L, 1)) {
    lua_rawgeti(L, 1, 1);
    Tensor* t = to_tensor(L, -1);
    lua_pop(L, 1);
    if (t) return t->type;
  }
  Type named;
  if (c.narg && type_from_name(L, c.narg, named)) {
    --c.narg;
    look(c);
    return named;
  }
  return c.state->default_type;
}

void begin(Call& c, lua_State* L, const Bound& bound) {
  c.L = L;
  c.op = bound.op;
  c.state = bound.state;
  c.narg = lua_gettop(L);
  look(c);
}

int call_function(lua_State* L) {
  return guard(L, [L] {
    const Bound& bound = *static_cast<const Bound*>(lua_touserdata(L, lua_upvalueindex(1)));
    Call c;
    begin(c, L, bound);
    c.type = dispatch_type(c);
    if (!(c.op->types & mask(c.type)))
      fail("%s does not implement the torch.%s() function", info(c.type).tensor, c.op->name);
    return run(c, bound.list, *bound.variants);
  });
}

int call_method(lua_State* L) {
  return guard(L, [L] {
    const Bound& bound = *static_cast<const Bound*>(lua_touserdata(L, lua_upvalueindex(1)));
    Call c;
    begin(c, L, bound);
    c.type = bound.type;
    return run(c, bound.list, *bound.variants);
  });
}

// lib.install_functions(table): torch.<name> of every operation.
int install_functions(lua_State* L) {
  State& s = state(L);
  // One block for all closures, which hold it through their second upvalue.
  Bound* bound = static_cast<Bound*>(lua_newuserdata(L, all_ops().size() * sizeof(Bound)));
  int block = lua_gettop(L);
  for (const Op& op : all_ops()) {
    if (op.kernel || !op.functions[0]) continue;
    *bound = {&op, &s, s.default_type, op.functions, &variants_of(op).functions};
    lua_pushlightuserdata(L, bound++);
    lua_pushvalue(L, block);
    lua_pushcclosure(L, call_function, 2);
    lua_setfield(L, 1, op.name);
  }
  return 0;
}

// lib.install_methods(type, metatable, kernels): those of one element type.
int install_methods(lua_State* L) {
  State& s = state(L);
  int type = int(luaL_checkinteger(L, 1));
  Bound* bound = static_cast<Bound*>(lua_newuserdata(L, all_ops().size() * sizeof(Bound)));
  int block = lua_gettop(L);
  for (const Op& op : all_ops()) {
    if (!(op.types & (1u << type)) || (!op.kernel && !op.methods[0])) continue;
    int table = op.kernel ? 3 : 2;
    lua_pushstring(L, op.name);
    lua_pushvalue(L, -1);
    lua_rawget(L, table);
    if (!lua_isnil(L, -1)) {  // a script's own
      lua_pop(L, 2);
      continue;
    }
    lua_pop(L, 1);
    const OpVariants& v = variants_of(op);
    *bound = {&op, &s, Type(type), op.kernel ? op.functions : op.methods, op.kernel ? &v.functions : &v.methods};
    lua_pushlightuserdata(L, bound++);
    lua_pushvalue(L, block);
    lua_pushcclosure(L, call_method, 2);
    lua_rawset(L, table);
  }
  return 0;
}

// torch.ops(): list of {name=, types={...}, functions=text, methods=text, kernel=boolean}.
int ops(lua_State* L) {
  lua_newtable(L);
  int n = 0;
  for (const Op& op : all_ops()) {
    lua_newtable(L);
    lua_pushstring(L, op.name);
    lua_setfield(L, -2, "name");
    lua_newtable(L);
    int m = 0;
    Type shown = Type::Double;
    for (int k = 0; k < kTypeCount; ++k)
      if (op.types & mask(Type(k))) {
        shown = Type(k);
        lua_pushstring(L, info(Type(k)).name);
        lua_rawseti(L, -2, ++m);
      }
    lua_setfield(L, -2, "types");
    if (op.functions[0]) {
      lua_pushstring(L, forms_text(op, op.functions, shown).c_str());
      lua_setfield(L, -2, "functions");
    }
    if (op.methods[0]) {
      lua_pushstring(L, forms_text(op, op.methods, shown).c_str());
      lua_setfield(L, -2, "methods");
    }
    lua_pushboolean(L, op.kernel);
    lua_setfield(L, -2, "kernel");
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

// lib.entry(name, form, k): address (light userdata) and C type of alternative k; for the FFI path.
int entry(lua_State* L) {
  const char* name = luaL_checkstring(L, 1);
  bool method = lua_toboolean(L, 2);
  int k = int(luaL_checkinteger(L, 3)) - 1;
  for (const Op& op : all_ops())
    if (std::strcmp(op.name, name) == 0 && k >= 0 && k < kMaxAlternatives) {
      const Alternative* a = method ? op.methods[k] : op.functions[k];
      if (!a) continue;
      lua_pushlightuserdata(L, a->entry);
      lua_pushstring(L, a->declaration);
      return 2;
    }
  return 0;
}

}  // namespace

void open_ops(lua_State* L) {
  const luaL_Reg functions[] = {{"install_functions", install_functions}, {"install_methods", install_methods}, {"ops", safely<ops>}, {"entry", entry}, {nullptr, nullptr}};
  luaL_setfuncs(L, functions, 0);
}

}  // namespace t9::lua
