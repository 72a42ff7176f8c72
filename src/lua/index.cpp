// index, indexCopy, indexAdd, indexFill, maskedSelect, maskedFill, maskedCopy: methods with an older
// way to refuse arguments than the rows of the operation table.
#include <algorithm>

#include "lua/tensor.h"
#include "ops/index.h"

namespace t9::lua {

namespace {

[[noreturn]] void refuse(const Tensor& t, const char* arguments, bool result) {
  const char* own = info(t.type).tensor;
  if (result) fail("%s, %s | %s, %s, %s expected", own, arguments, own, own, arguments);
  fail("%s, %s expected", own, arguments);
}

int check_dimension(lua_State* L, int index) {
  return int(std::clamp<int64_t>(check_integer(L, index), 0, kMaxDims + 1)) - 1;
}

// The method's own tensor, when it has `count` arguments; with one more the first is the result.
Tensor& check_count(lua_State* L, int count, const char* arguments, bool result) {
  Tensor& t = check_tensor(L, 1);
  int n = lua_gettop(L);
  if (n != count && !(result && n == count + 1)) refuse(t, arguments, result);
  return t;
}

// [res:]f([t,] ...): puts a new result below the arguments where there is none.
Tensor& check_result(lua_State* L, int count, const char* arguments) {
  Tensor& t = check_count(L, count, arguments, true);
  if (lua_gettop(L) == count) {
    push(L, make_tensor(t.type));
    lua_insert(L, 1);
  }
  return *to_tensor(L, 1);
}

int push_first(lua_State* L) {
  lua_settop(L, 1);
  return 1;
}

int index(lua_State* L) {
  Tensor& res = check_result(L, 3, "number, torch.LongTensor");
  Tensor& t = check_tensor(L, 2, res.type);
  index_select(res, t, check_dimension(L, 3), check_tensor(L, 4, Type::Long));
  return push_first(L);
}

template <void (*kKernel)(Tensor&, int, Tensor&, Tensor&)>
int index_from(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  if (lua_gettop(L) != 4) fail("%s, number, torch.LongTensor, %s expected", info(t.type).tensor, info(t.type).tensor);
  kKernel(t, check_dimension(L, 2), check_tensor(L, 3, Type::Long), check_tensor(L, 4, t.type));
  return push_first(L);
}

int fill(lua_State* L) {
  Tensor& t = check_count(L, 4, "number, torch.LongTensor, number", false);
  index_fill(t, check_dimension(L, 2), check_tensor(L, 3, Type::Long), check_number(L, 4));
  return push_first(L);
}

int mask_select(lua_State* L) {
  Tensor& res = check_result(L, 2, "torch.ByteTensor");
  masked_select(res, check_tensor(L, 2, res.type), check_tensor(L, 3, Type::Byte));
  return push_first(L);
}

int mask_fill(lua_State* L) {
  Tensor& t = check_count(L, 3, "torch.ByteTensor, number", false);
  masked_fill(t, check_tensor(L, 2, Type::Byte), check_number(L, 3));
  return push_first(L);
}

int mask_copy(lua_State* L) {
  Tensor& t = check_tensor(L, 1);
  if (lua_gettop(L) != 3) fail("%s, torch.ByteTensor, %s expected", info(t.type).tensor, info(t.type).tensor);
  masked_copy(t, check_tensor(L, 2, Type::Byte), check_tensor(L, 3, t.type));
  return push_first(L);
}

// index_methods() -> table, for every type but Half
int methods(lua_State* L) {
  lua_newtable(L);
  const luaL_Reg rows[] = {
      {"index", index},               {"indexCopy", index_from<index_copy>}, {"indexAdd", index_from<index_add>},
      {"indexFill", fill},            {"maskedSelect", mask_select},         {"maskedFill", mask_fill},
      {"maskedCopy", mask_copy},      {nullptr, nullptr}};
  register_safely(L, rows);
  return 1;
}

}  // namespace

void open_index(lua_State* L) {
  lua_pushcfunction(L, methods);
  lua_setfield(L, -2, "index_methods");
}

}  // namespace t9::lua
