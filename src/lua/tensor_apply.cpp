// t:apply(f), t:map(u, f), t:map2(u, v, f): the complete path, for any layout and without the JIT.
#include "lua/tensor.h"
#include "ops/copy.h"
#include "ops/iterate.h"

namespace t9::lua {

namespace {

// Elements of a tensor in row-major order, one address at a time.
class Cursor {
 public:
  explicit Cursor(const Tensor& t) : t_(&t), p_(t.bytes()), width_(info(t.type).size) {}
  char* get() const { return p_; }
  void next() {
    for (int k = t_->nDimension - 1; k >= 0; --k) {
      p_ += t_->stride[k] * width_;
      if (++index_[k] < t_->size[k]) return;
      p_ -= t_->size[k] * t_->stride[k] * width_;
      index_[k] = 0;
    }
  }

 private:
  const Tensor* t_;
  char* p_;
  int64_t width_;
  int64_t index_[kMaxDims] = {};
};

template <int N>
int visit(lua_State* L) {
  Tensor* t[N];
  for (int k = 0; k < N; ++k) t[k] = k ? &check_tensor(L, k + 1, t[0]->type) : &check_tensor(L, 1);
  luaL_checktype(L, N + 1, LUA_TFUNCTION);
  for (int k = 1; k < N; ++k) check_counts(*t[0], *t[k]);
  int64_t n = t[0]->numel();
  if (n) {
    Cursor cursors[3] = {Cursor(*t[0]), Cursor(*t[N > 1 ? 1 : 0]), Cursor(*t[N > 2 ? 2 : 0])};
    for (int64_t i = 0; i < n; ++i) {
      lua_pushvalue(L, N + 1);
      for (int k = 0; k < N; ++k) lua_pushnumber(L, get_element(t[k]->type, cursors[k].get()));
      lua_call(L, N, 1);
      if (is_number(L, -1)) set_element(t[0]->type, cursors[0].get(), to_scalar(L, lua_gettop(L)));
      else if (!lua_isnil(L, -1)) fail("given function should return a number or nil");
      lua_pop(L, 1);
      for (int k = 0; k < N; ++k) cursors[k].next();
    }
  }
  lua_settop(L, 1);
  return 1;
}

}  // namespace

void open_apply(lua_State* L) {
  const luaL_Reg rows[] = {{"tensor_apply", visit<1>}, {"tensor_map", visit<2>}, {"tensor_map2", visit<3>}, {nullptr, nullptr}};
  register_safely(L, rows);
}

}  // namespace t9::lua
