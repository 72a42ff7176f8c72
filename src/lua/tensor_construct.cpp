// Construction: torch.Tensor(...), t.new(...), t:set(...), t:resize(...), t:totable().
#include "lua/table_array.h"
#include "lua/tensor.h"
#include "ops/copy.h"

namespace t9::lua {

namespace {

// Sizes that numbers give: one that is not positive ends the list.
Sizes ended(Sizes s) {
  for (int k = 0; k < s.n; ++k)
    if (s[k] <= 0) s.n = k;
  return s;
}

constexpr const char kExpected[] = "expecting number or %s or %s";

// ---- nested tables ----

int table_depth(lua_State* L, int index, Sizes& sizes) {
  int depth = 0;
  lua_pushvalue(L, index);
  while (lua_istable(L, -1)) {
    luaL_checkstack(L, 8, "tables nest too deeply");
    sizes.push(int64_t(lua_objlen(L, -1)));
    ++depth;
    lua_rawgeti(L, -1, 1);
  }
  lua_pop(L, depth + 1);
  return depth;
}

template <class T>
T* read_table(lua_State* L, const Sizes& sizes, int depth, T* out) {
  if (!lua_istable(L, -1)) fail("invalid tensor definition");
  if (int64_t(lua_objlen(L, -1)) != sizes[depth]) fail("invalid tensor sizes");
  bool leaf = depth + 1 == sizes.n;
  int64_t k = 1;
  const TableArray array = leaf ? table_array(L, -1) : TableArray();
  for (; k <= sizes[depth] && k < array.size && array.is_number(uint32_t(k)); ++k)
    *out++ = Scalar(array.number(uint32_t(k))).to<T>();
  for (; k <= sizes[depth]; ++k) {
    lua_rawgeti(L, -1, int(k));
    if (leaf) {
      if (lua_type(L, -1) == LUA_TNUMBER) *out++ = Scalar(lua_tonumber(L, -1)).to<T>();
      else if (lua_istable(L, -1)) fail("invalid tensor definition");
      else if (is_number(L, -1)) *out++ = to_scalar(L, lua_gettop(L)).to<T>();
      else fail("invalid element (not a number)");
    } else {
      out = read_table(L, sizes, depth + 1, out);
    }
    lua_pop(L, 1);
  }
  return out;
}

void from_table(lua_State* L, Tensor& t, int index) {
  Sizes sizes;
  table_depth(L, index, sizes);
  for (int k = 0; k < sizes.n; ++k)
    if (sizes[k] == 0) {
      T9_CHECK(k == sizes.n - 1, "invalid tensor sizes");
      sizes.n = 0;
      t.resize(sizes);
      return;
    }
  t.resize(sizes);
  lua_pushvalue(L, index);
  dispatch<kAllTypes>(t.type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    read_table<T>(L, sizes, 0, t.data<T>());
  });
  lua_pop(L, 1);
}

// (storage [, offset [, sizes [, strides]]]), or size1, stride1, size2, stride2 ...
void from_storage(lua_State* L, Tensor& t, int first) {
  Storage* storage = to_storage(L, first);
  int top = lua_gettop(L);
  ptrdiff_t offset = 0;
  Sizes sizes, strides;
  if (top > first) {
    int64_t position = check_integer(L, first + 1);
    T9_CHECK_ARG(position >= 1, first + 1, "Tensor: invalid storage offset");
    offset = ptrdiff_t(position) - 1;
  }
  if (top <= first + 1) {
    int64_t n = storage->size - offset;
    if (n > 0) sizes.push(n);
  } else if (Storage* s = to_storage(L, first + 2)) {
    sizes = Sizes(check_storage(L, first + 2, Type::Long).as<int64_t>(), int(std::min<ptrdiff_t>(s->size, kMaxDims + 1)));
    if (top > first + 2) {
      Storage& st = check_storage(L, first + 3, Type::Long);
      T9_CHECK_ARG(st.size == s->size, first + 3, "provided stride and size are inconsistent");
      strides = Sizes(st.as<int64_t>(), sizes.n);
    }
  } else {
    for (int k = first + 2; k <= top; k += 2) {
      int64_t size = check_integer(L, k);
      if (size <= 0) break;
      sizes.push(size);
      bool given = k + 1 <= top && !lua_isnil(L, k + 1);
      strides.push(given ? check_integer(L, k + 1) : -1);
    }
  }
  sizes = ended(sizes);
  strides.n = std::min(strides.n, sizes.n);
  t.set(storage, offset, sizes, strides);
}

}  // namespace

void construct(lua_State* L, Tensor& t, int first) {
  int top = lua_gettop(L);
  if (top < first) return;
  int kind = lua_type(L, first);
  if (kind == LUA_TTABLE) return from_table(L, t, first);
  if (Tensor* source = to_tensor(L, first)) {
    if (source->type == t.type) return t.set(*source);
  } else if (Storage* s = to_storage(L, first)) {
    if (s->type == t.type) return from_storage(L, t, first);
    if (s->type == Type::Long) {
      Sizes sizes(s->as<int64_t>(), int(std::min<ptrdiff_t>(s->size, kMaxDims + 1)));
      Sizes strides;
      if (top > first) {
        Storage& st = check_storage(L, first + 1, Type::Long);
        T9_CHECK_ARG(st.size == s->size, first + 1, "provided stride and size are inconsistent");
        strides = Sizes(st.as<int64_t>(), sizes.n);
      }
      sizes = ended(sizes);
      strides.n = std::min(strides.n, sizes.n);
      return t.resize(sizes, strides);
    }
  } else if (is_number(L, first)) {
    return t.resize(ended(check_sizes(L, first)));
  }
  fail_argument(first, kExpected, info(t.type).tensor, info(t.type).storage);
}

int tensor_new(lua_State* L) {
  TensorRef t = make_tensor(upvalue_type(L));
  construct(L, *t, 1);
  push(L, std::move(t));
  return 1;
}

int tensor_set(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  if (lua_gettop(L) == 1) {
    t.set_empty();
  } else if (Tensor* source = to_tensor(L, 2)) {
    if (source->type != t.type) check_tensor(L, 2, t.type);
    t.set(*source);
  } else {
    check_storage(L, 2, t.type);
    from_storage(L, t, 2);
  }
  lua_settop(L, 1);
  return 1;
}

int tensor_resize(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  Storage* s = to_storage(L, 2);
  if (s && lua_gettop(L) > 2) {
    Sizes sizes = ended(check_sizes(L, 2));
    Storage& st = check_storage(L, 3, Type::Long);
    T9_CHECK_ARG(st.size == s->size, 3, "provided stride and size are inconsistent");
    t.resize(sizes, Sizes(st.as<int64_t>(), sizes.n));
  } else {
    t.resize(ended(check_sizes(L, 2)));
  }
  lua_settop(L, 1);
  return 1;
}

namespace {
template <class T>
void write_table(lua_State* L, const Tensor& t, int dim, const T* p) {
  luaL_checkstack(L, 4, "too many dimensions");
  const int64_t n = t.size[dim], step = t.stride[dim];
  if (dim + 1 == t.nDimension) return push_numbers(L, p, n, step);
  lua_createtable(L, int(n), 0);
  for (int64_t k = 0; k < n; ++k, p += step) {
    write_table(L, t, dim + 1, p);
    lua_rawseti(L, -2, int(k + 1));
  }
}
}  // namespace

int tensor_totable(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  if (t.empty()) {
    lua_newtable(L);
    return 1;
  }
  dispatch<kAllTypes>(t.type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    write_table(L, t, 0, t.data<T>());
  });
  return 1;
}

}  // namespace t9::lua
