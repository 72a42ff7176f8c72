// Methods of tensors whose forms are not rows of the operation table: geometry, views, conversion.
#include "lua/tensor.h"
#include "ops/copy.h"
#include "tensor/views.h"

namespace t9::lua {

namespace {

int64_t to_dimension(lua_State* L, int index) { return from_zero(check_integer(L, index)); }

int push_self(lua_State* L) {
  lua_settop(L, 1);
  return 1;
}

// ---- queries ----

int sizes_or_one(lua_State* L, Tensor& t, const int64_t* values) {
  if (lua_isnoneornil(L, 2)) {
    push_long_storage(L, Sizes(values, t.nDimension));
    return 1;
  }
  int64_t d = to_dimension(L, 2);
  T9_CHECK_ARG(d >= 0 && d < t.nDimension, 2, "dimension %lld out of range of %dD tensor", (long long)(d + 1),
               t.nDimension);
  lua_pushnumber(L, double(values[d]));
  return 1;
}
int size(lua_State* L) { Tensor& t = check_tensor(L, 1); return sizes_or_one(L, t, t.size); }
int stride(lua_State* L) { Tensor& t = check_tensor(L, 1); return sizes_or_one(L, t, t.stride); }
int dim(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  lua_pushinteger(L, t.nDimension);
  return 1;
}
int element_count(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  lua_pushnumber(L, double(t.numel()));
  return 1;
}
int element_size(lua_State* L) { lua_pushinteger(L, info(check_tensor(L, 1).type).size); return 1; }
int is_contiguous(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  lua_pushboolean(L, t.contiguous());
  return 1;
}
int is_same_size(lua_State* L) {
  lua_pushboolean(L, check_tensor(L, 1).same_size(check_tensor(L, 2)));
  return 1;
}
int is_size(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  Storage& s = check_storage(L, 2, Type::Long);
  bool same = s.size == t.nDimension;
  for (int k = 0; same && k < t.nDimension; ++k) same = s.as<int64_t>()[k] == t.size[k];
  lua_pushboolean(L, same);
  return 1;
}
int is_set_to(lua_State* L) {
  Tensor& a = check_tensor(L, 1);
  Tensor& b = check_tensor(L, 2, a.type);
  bool same = a.storage == b.storage && a.storageOffset == b.storageOffset && a.same_size(b);
  for (int k = 0; same && k < a.nDimension; ++k) same = a.stride[k] == b.stride[k];
  lua_pushboolean(L, same);
  return 1;
}
int storage(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  t.make_plain();
  if (!t.storage) lua_pushnil(L);
  else push(L, StorageRef::share(t.storage));
  return 1;
}
int storage_offset(lua_State* L) { lua_pushnumber(L, double(check_tensor(L, 1).storageOffset + 1)); return 1; }

// ---- geometry ----

int resize_as(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  t.resize_as(check_tensor(L, 2, t.type));
  return push_self(L);
}

// A view of argument 1 as a new handle.
template <class F>
int push_view(lua_State* L, F&& f) {
  Tensor& t = check_tensor(L, 1);
  TensorRef out = make_tensor(t.type);
  f(*out, t);
  push(L, std::move(out));
  return 1;
}

int narrow(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  int64_t d = to_dimension(L, 2), first = to_dimension(L, 3), length = check_integer(L, 4);
  T9_CHECK_ARG(d >= 0 && d < t.nDimension, 2, "out of range");
  return push_view(L, [&](Tensor& out, Tensor&) { t9::narrow(out, t, int(d), first, length); });
}

int select(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  int64_t d = to_dimension(L, 2), i = to_dimension(L, 3);
  T9_CHECK_ARG(d >= 0 && d < t.nDimension, 2, "out of range");
  if (t.nDimension == 1) {
    T9_CHECK_ARG(i >= 0 && i < t.size[0], 3, "out of range");
    lua_pushnumber(L, get_element(t.type, t.bytes() + i * t.stride[0] * info(t.type).size));
    return 1;
  }
  return push_view(L, [&](Tensor& out, Tensor&) { t9::select(out, t, int(d), i); });
}

int sub(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  TensorRef out = alias(t);
  int given = lua_gettop(L);
  for (int k = 0; k < 4 && 2 * k + 2 <= given && !(k > 0 && lua_isnil(L, 2 * k + 2)); ++k) {
    int64_t a = check_integer(L, 2 * k + 2), b = check_integer(L, 2 * k + 3);
    T9_CHECK_ARG(k < t.nDimension, 2 * k + 2, "invalid dimension");
    int64_t n = t.size[k];
    a = a < 0 ? a + n : a - 1;
    b = b < 0 ? b + n : b - 1;
    T9_CHECK_ARG(a >= 0 && a < n, 2 * k + 2, "out of range");
    T9_CHECK_ARG(b >= 0 && b < n, 2 * k + 3, "out of range");
    T9_CHECK_ARG(b >= a, 2 * k + 3, "end smaller than beginning");
    t9::narrow(*out, *out, k, a, b - a + 1);
  }
  if (given < 3) luaL_typerror(L, given + 1, "number");
  push(L, std::move(out));
  return 1;
}

int transpose(lua_State* L) {
  int64_t a = to_dimension(L, 2), b = to_dimension(L, 3);
  Tensor& t = check_tensor(L, 1);
  T9_CHECK_ARG(a >= 0 && a < t.nDimension, 2, "out of range");
  T9_CHECK_ARG(b >= 0 && b < t.nDimension, 3, "out of range");
  return push_view(L, [&](Tensor& out, Tensor&) { t9::transpose(out, t, int(a), int(b)); });
}

int t(lua_State* L) {
  T9_CHECK_ARG(check_tensor(L, 1).nDimension == 2, 1, "Tensor must have 2 dimensions");
  return push_view(L, [](Tensor& out, Tensor& in) { t9::transpose(out, in, 0, 1); });
}

int permute(lua_State* L) {
  Sizes order = check_sizes(L, 2);
  for (int k = 0; k < order.n; ++k) order[k] = from_zero(order[k]);
  return push_view(L, [&](Tensor& out, Tensor& in) { t9::permute(out, in, order); });
}

int unfold(lua_State* L) {
  int64_t d = to_dimension(L, 2), n = check_integer(L, 3), step = check_integer(L, 4);
  T9_CHECK_ARG(d >= 0 && d < check_tensor(L, 1).nDimension, 2, "out of range");
  return push_view(L, [&](Tensor& out, Tensor& in) { t9::unfold(out, in, int(d), n, step); });
}

// [res:]f([t,] sizes) and torch.f([res,] t, sizes), with sizes as numbers, a LongStorage, or (for
// the ...As forms) those of a tensor. Finds t and leaves the result to be filled.
template <class F>
int shaped(lua_State* L, const char* name, bool as, F&& f) {
  Tensor* first = to_tensor(L, 1);
  Tensor* second = to_tensor(L, 2);
  int top = lua_gettop(L);
  bool given = as ? to_tensor(L, 3) != nullptr : second != nullptr;
  int at = given ? 3 : 2;
  bool good = first && (!given || (second && second->type == first->type)) && top >= at;
  if (good && as) good = to_tensor(L, at) != nullptr && top == at;
  if (good && !as) {
    Storage* s = to_storage(L, at);
    if (s) good = s->type == Type::Long && top == at;
    else for (int k = at; good && k <= top; ++k) good = is_number(L, k);
  }
  if (!good)
    fail("torch.%s, expected (torch.Tensor, torch.Tensor, number [, number ]*) or\n"
         " (torch.Tensor, torch.Tensor, torch.LongStorage) or\n (torch.Tensor, torch.LongStorage)\n"
         " or (torch.Tensor, number [, number ]*)", name);
  Sizes sizes = as ? to_tensor(L, at)->sizes() : check_sizes(L, at);
  if (given) {
    f(*first, *second, sizes);
    lua_settop(L, 1);
    return 1;
  }
  TensorRef out = make_tensor(first->type);
  f(*out, *first, sizes);
  push(L, std::move(out));
  return 1;
}

int view(lua_State* L) { return shaped(L, "view", false, t9::view); }
int view_as(lua_State* L) { return shaped(L, "viewAs", true, t9::view); }
int expand(lua_State* L) { return shaped(L, "expand", false, t9::expand); }
int expand_as(lua_State* L) { return shaped(L, "expandAs", true, t9::expand); }

void repeat(Tensor& out, const Tensor& in, const Sizes& times) {
  T9_CHECK(times.n >= in.nDimension, "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
  if (in.empty()) return out.resize(Sizes{});
  Sizes size, wide, wide_stride;  // the result, and its view with each repeated dimension split in two
  int extra = times.n - in.nDimension;
  for (int k = 0; k < times.n; ++k) {
    int64_t n = k < extra ? 1 : in.size[k - extra];
    T9_CHECK(times[k] > 0, "repeatTensor: positive numbers expected, got %lld", (long long)times[k]);
    int64_t repeated;
    T9_CHECK(!__builtin_mul_overflow(n, times[k], &repeated), "repeatTensor: %lld times are too many", (long long)times[k]);
    size.push(repeated);
    wide.push(times[k]);
    wide_stride.push(0);
    wide.push(n);
    wide_stride.push(k < extra ? 0 : in.stride[k - extra]);
  }
  TensorRef source = alias(in);
  if (&out == &in || out.storage == in.storage) source = clone(in);
  if (source->storage != in.storage)
    for (int k = extra; k < times.n; ++k) wide_stride[2 * k + 1] = source->stride[k - extra];
  out.resize(size);
  source->set_geometry(wide, wide_stride);
  if (!out.contiguous()) return copy(out, *source);
  TensorRef target = alias(out);
  target->set_geometry(wide, contiguous_strides(wide));
  copy(*target, *source);
}
int repeat_tensor(lua_State* L) { return shaped(L, "repeatTensor", false, repeat); }

// ---- copies and conversions ----

int clone_tensor(lua_State* L) {
  push(L, clone(check_tensor(L, 1)));
  return 1;
}

int contiguous_tensor(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  push(L, t.contiguous() ? TensorRef::share(&t) : clone(t));
  return 1;
}

int copy_tensor(lua_State* L) {
  Tensor& to = check_tensor(L, 1);
  Tensor* from = to_tensor(L, 2);
  T9_CHECK_ARG(from, 2, "torch.*Tensor expected, got %s", type_name(L, 2));
  T9_CHECK(to.numel() == from->numel(),
           "inconsistent tensor size, expected tensor [%s] and src [%s] to have the same number of elements, "
           "but got %lld and %lld elements respectively",
           to.size_text().c_str(), from->size_text().c_str(), (long long)to.numel(), (long long)from->numel());
  copy(to, *from);
  return push_self(L);
}

int convert_to(lua_State* L, Type type) {
  Tensor& t = check_tensor(L, 1);
  if (t.type == type) return push_self(L);
  push(L, converted(t, type));
  return 1;
}

template <Type kType>
int convert_fixed(lua_State* L) { return convert_to(L, kType); }
int real(lua_State* L) { return convert_to(L, state(L).default_type); }
int type_as(lua_State* L) { return convert_to(L, check_tensor(L, 2).type); }

int type(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  if (lua_isnoneornil(L, 2)) {
    lua_pushstring(L, info(t.type).tensor);
    return 1;
  }
  const char* name = luaL_checkstring(L, 2);
  for (int k = 0; k < kTypeCount; ++k)
    if (std::strcmp(name, info(Type(k)).tensor) == 0) return convert_to(L, Type(k));
  fail("type: %s is not the name of a tensor type", name);
}

// ---- reference counts and addresses ----

int retain(lua_State* L) {
  check_tensor(L, 1).retain();
  return 0;
}
int release(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  t.release();
  return 0;
}

int equal_handles(lua_State* L) {
  Tensor* a = to_tensor(L, 1);
  lua_pushboolean(L, a && a == to_tensor(L, 2));
  return 1;
}

// lib.tensor_address(t): its address as light userdata, with plain elements. For the FFI path.
int address(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  t.make_plain();
  lua_pushlightuserdata(L, &t);
  return 1;
}

// lib.own_method(f): f, a metamethod, does for numbers what ours do.
int own(lua_State* L) {
  own_method(L, 1);
  return 0;
}

const luaL_Reg kMethods[] = {
    {"size", size}, {"stride", stride}, {"dim", dim}, {"nDimension", dim}, {"nElement", element_count},
    {"numel", element_count}, {"elementSize", element_size}, {"isContiguous", is_contiguous},
    {"isSameSizeAs", is_same_size}, {"isSize", is_size}, {"isSetTo", is_set_to}, {"storage", storage},
    {"storageOffset", storage_offset}, {"resize", tensor_resize}, {"resizeAs", resize_as}, {"set", tensor_set},
    {"narrow", narrow}, {"select", select}, {"sub", sub}, {"transpose", transpose}, {"t", t},
    {"permute", permute}, {"unfold", unfold}, {"view", view}, {"viewAs", view_as}, {"expand", expand},
    {"expandAs", expand_as}, {"repeatTensor", repeat_tensor}, {"clone", clone_tensor},
    {"contiguous", contiguous_tensor}, {"copy", copy_tensor}, {"type", type}, {"typeAs", type_as},
    {"byte", convert_fixed<Type::Byte>}, {"char", convert_fixed<Type::Char>}, {"short", convert_fixed<Type::Short>},
    {"int", convert_fixed<Type::Int>}, {"long", convert_fixed<Type::Long>}, {"half", convert_fixed<Type::Half>},
    {"float", convert_fixed<Type::Float>}, {"double", convert_fixed<Type::Double>}, {"real", real},
    {"totable", tensor_totable}, {"retain", retain}, {"free", release}, {"__eq__", equal_handles},
    {nullptr, nullptr}};

// lib.tensor_methods(): the methods that are the same functions for every type.
int methods(lua_State* L) {
  lua_newtable(L);
  register_safely(L, kMethods);
  return 1;
}

// lib.tensor_constructor(type, metatable): binds the metatable, returns the constructor.
int constructor(lua_State* L) {
  int type = int(luaL_checkinteger(L, 1));
  luaL_argcheck(L, type >= 0 && type < kTypeCount, 1, "not an element type");
  State& s = state(L);
  lua_pushvalue(L, 2);
  s.tensor_metatable[type] = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pushcfunction(L, drop<to_tensor>);
  lua_setfield(L, 2, "__gc");
  for (auto [name, f] : {std::pair<const char*, lua_CFunction>{"__index", tensor_index}, {"__newindex", tensor_newindex}}) {
    lua_pushinteger(L, type);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, f, 2);
    own_method(L, -1);
    lua_setfield(L, 2, name);
  }
  lua_pushinteger(L, type);
  lua_pushcclosure(L, safely<tensor_new>, 1);
  return 1;
}

}  // namespace

// The function pointer travels in the upvalue, so that one guard serves every row.
void register_safely(lua_State* L, const luaL_Reg* rows) {
  for (; rows->name; ++rows) {
    lua_pushlightuserdata(L, reinterpret_cast<void*>(rows->func));
    lua_pushcclosure(L, [](lua_State* l) {
      lua_CFunction f = reinterpret_cast<lua_CFunction>(lua_touserdata(l, lua_upvalueindex(1)));
      return guard(l, [=] { return f(l); });
    }, 1);
    lua_setfield(L, -2, rows->name);
  }
}

void open_tensor(lua_State* L) {
  const luaL_Reg functions[] = {{"tensor_methods", methods}, {"tensor_constructor", constructor}, {nullptr, nullptr}};
  luaL_setfuncs(L, functions, 0);
  // for packages/torch/fast.lua
  lua_pushinteger(L, kTensorPending);
  lua_setfield(L, -2, "pending_flag");
  lua_pushnumber(L, uint32_t(kTensorMagic));
  lua_setfield(L, -2, "tensor_magic");
  lua_pushnumber(L, uint32_t(kStorageMagic));
  lua_setfield(L, -2, "storage_magic");
  const luaL_Reg safe[] = {{"tensor_address", address}, {"own_method", own}, {nullptr, nullptr}};
  register_safely(L, safe);
}

}  // namespace t9::lua
