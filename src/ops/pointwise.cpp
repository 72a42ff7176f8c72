// Element-wise functions of one, two and three tensors.
#include "ops/iterate.h"
#include "ops/op.h"

namespace t9 {

namespace {

// res = f(x), in row-major order where shapes differ.
template <class F>
void unary(Tensor& res, Tensor& x, F f) {
  if (&res != &x) res.resize_as(x);
  dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    for_each2<T, T>(res, x, [&](T& r, const T& v) { r = f(v); });
  });
}

void fill(Tensor& x, Scalar v) {
  dispatch<kAllTypes>(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    T value = v.to<T>();
    for_each<T>(x, [&](T& e) { e = value; });
  });
}

void zero(Tensor& x) { fill(x, 0); }

void add_value(Tensor& res, Tensor& x, Scalar v) {
  unary(res, x, [v](auto e) { return decltype(e)(e + v.to<decltype(e)>()); });
}

void add_scaled(Tensor& res, Tensor& x, Scalar s, Tensor& y) {
  check_counts(x, y);
  if (&res != &x) res.resize_as(x);
  if (&res != &x && res.numel()) unary(res, x, [](auto e) { return e; });
  dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    T k = s.to<T>();
    for_each2<T, T>(res, y, [&](T& r, const T& v) { r = T(r + k * v); });
  });
}

double sum_all(Tensor& x) {
  double out = 0;
  dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    Accumulator<T> total = 0;
    for_each<T>(x, [&](T& e) { total += e; });
    out = double(total);
  });
  return out;
}

}  // namespace

OpList pointwise_ops() {
  return {
      op("fill", kAllTypes, sig<fill, "*T* real">{}),
      op("zero", kAllTypes, sig<zero, "*T*">{}),
      op<Form::Self>("add", kNumeric, sig<add_value, "[*T*] T real">{}, sig<add_scaled, "[*T*] T [real=1] T">{}),
      op("sum", kNumeric, sig<sum_all, "T">{}),
  };
}

}  // namespace t9
