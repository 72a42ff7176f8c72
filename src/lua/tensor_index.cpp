// t[key] and t[key] = value, in all forms. Keys that are none of them are names of methods.
#include "lua/tensor.h"
#include "ops/copy.h"
#include "tensor/views.h"

namespace t9::lua {

namespace {

int push_element(lua_State* L, const Tensor& t, ptrdiff_t offset) {
  t.make_plain();
  const char* base = static_cast<const char*>(t.storage->data);
  lua_pushnumber(L, get_element(t.type, base + offset * info(t.type).size));
  return 1;
}

void store_element(const Tensor& t, ptrdiff_t offset, Scalar v) {
  t.make_plain();
  char* base = static_cast<char*>(t.storage->data);
  set_element(t.type, base + offset * info(t.type).size, v);
}

// Index counted from 0 of dimension `dim`; negative ones count from the end.
int64_t position(lua_State* L, int at, int64_t size, const char* problem) {
  int64_t i = to_integer(L, at);
  i = i < 0 ? i + size : i - 1;
  T9_CHECK(i >= 0 && i < size, "%s", problem);
  return i;
}

// What a key picks: an element, or a view.
struct Place {
  bool element = false;
  ptrdiff_t offset = 0;
  TensorRef view;
};

Place by_number(lua_State* L, const Tensor& t) {
  T9_CHECK_ARG(t.nDimension > 0, 1, "empty tensor");
  int64_t i = to_integer(L, 2);
  i = i < 0 ? i + t.size[0] : i - 1;
  T9_CHECK_ARG(i >= 0 && i < t.size[0], 2, "out of range");
  Place p;
  if (t.nDimension == 1) {
    p.element = true;
    p.offset = t.storageOffset + i * t.stride[0];
    return p;
  }
  p.view = make_tensor(t.type);
  select(*p.view, t, 0, i);
  return p;
}

Place by_storage(const Tensor& t, const Storage& s) {
  T9_CHECK_ARG(s.size == t.nDimension, 2, "invalid size");
  Place p;
  p.element = true;
  p.offset = t.storageOffset;
  for (int k = 0; k < t.nDimension; ++k) {
    int64_t i = from_zero(s.as<int64_t>()[k]);
    T9_CHECK_ARG(i >= 0 && i < t.size[k], 2, "index out of bound");
    p.offset += i * t.stride[k];
  }
  T9_CHECK_ARG(t.nDimension > 0, 1, "empty tensor");
  return p;
}

Place by_table(lua_State* L, const Tensor& t) {
  T9_CHECK_ARG(t.nDimension > 0, 1, "empty tensor");
  int n = int(lua_objlen(L, 2));
  Sizes size, stride;
  ptrdiff_t offset = t.storageOffset;
  int dim = 0, numbers = 0;
  for (int k = 1; k <= n; ++k, ++dim) {
    T9_CHECK(dim < t.nDimension, "too many indices provided");
    int64_t have = t.size[dim], step = t.stride[dim];
    lua_rawgeti(L, 2, k);
    int at = lua_gettop(L);
    if (is_number(L, at)) {
      offset += position(L, at, have, "index out of bound") * step;
      ++numbers;
    } else if (lua_istable(L, at)) {
      int64_t first = 0, last = have - 1;
      lua_rawgeti(L, at, 1);
      if (is_number(L, at + 1)) {
        first = position(L, at + 1, have, "start index out of bound");
        last = first;
        lua_rawgeti(L, at, 2);
        if (is_number(L, at + 2)) last = position(L, at + 2, have, "end index out of bound");
      }
      T9_CHECK(last >= first, "end index must be greater or equal to start index");
      offset += first * step;
      size.push(last - first + 1);
      stride.push(step);
    } else {
      fail("number or table expected as index, got %s", type_name(L, at));
    }
    lua_settop(L, at - 1);
  }
  for (; dim < t.nDimension; ++dim) {
    size.push(t.size[dim]);
    stride.push(t.stride[dim]);
  }
  Place p;
  if (numbers == t.nDimension) {
    p.element = true;
    p.offset = offset;
    return p;
  }
  p.view = alias(t);
  p.view->storageOffset = offset;
  p.view->set_geometry(size, stride);
  return p;
}

bool find_place(lua_State* L, const Tensor& t, Place& out) {
  int kind = lua_type(L, 2);
  if (kind == LUA_TNUMBER || (kind == kCdata && is_number(L, 2))) return out = by_number(L, t), true;
  if (kind == LUA_TTABLE) return out = by_table(L, t), true;
  if (kind == LUA_TUSERDATA)
    if (Storage* s = to_storage(L, 2); s && s->type == Type::Long) return out = by_storage(t, *s), true;
  return false;
}

bool is_mask(lua_State* L) {
  Tensor* m = to_tensor(L, 2);
  return m && m->type == Type::Byte;
}

// Calls a method of the tensor with the first `n` values of the stack.
int call_method(lua_State* L, const char* name, int n, int results) {
  lua_settop(L, n);
  lua_getfield(L, lua_upvalueindex(2), name);
  lua_insert(L, 1);
  lua_call(L, n, results);
  return results;
}

int index(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  Place p;
  if (find_place(L, t, p)) {
    if (p.element) {
      return push_element(L, t, p.offset);
    }
    push(L, std::move(p.view));
    return 1;
  }
  if (is_mask(L)) return call_method(L, "maskedSelect", 2, 1);
  lua_settop(L, 2);
  lua_gettable(L, lua_upvalueindex(2));
  return 1;
}

int newindex(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  Tensor* source = to_tensor(L, 3);
  Place p;
  if (find_place(L, t, p)) {
    if (p.element) {
      if (source && source->numel() == 1) {
        store_element(t, p.offset, get_element(source->type, source->bytes()));
      } else {
        T9_CHECK_ARG(is_number(L, 3), 3, "number expected, got %s", type_name(L, 3));
        store_element(t, p.offset, to_scalar(L, 3));
      }
    } else if (source) {
      copy(*p.view, *source);
    } else {
      T9_CHECK_ARG(is_number(L, 3), 3, "number or tensor expected, got %s", type_name(L, 3));
      lua_getfield(L, lua_upvalueindex(2), "fill");
      push(L, std::move(p.view));
      lua_pushvalue(L, 3);
      lua_call(L, 2, 0);
    }
    return 0;
  }
  if (is_mask(L)) return call_method(L, source ? "maskedCopy" : "maskedFill", 3, 0);
  fail("the class %s cannot be indexed", info(t.type).tensor);
}

}  // namespace

int tensor_index(lua_State* L) {
  if (lua_type(L, 2) == LUA_TSTRING) {  // a method, the commonest key
    lua_settop(L, 2);
    lua_gettable(L, lua_upvalueindex(2));
    return 1;
  }
  return guard(L, [L] { return index(L); });
}

int tensor_newindex(lua_State* L) {
  return guard(L, [L] { return newindex(L); });
}

}  // namespace t9::lua
