// Tensors from sizes and rules: zeros, ones, eye, range, linspace, logspace.
#include <cmath>
#include <cstring>

#include "ops/iterate.h"
#include "ops/op.h"
#include "ops/tiles.h"

namespace t9 {

namespace {

template <int kValue>
void constant(Tensor& res, const Sizes& sizes) {
  res.resize(sizes);
  if (res.empty()) return;
  if (kValue == 0 && res.contiguous()) {
    std::memset(res.bytes(), 0, size_t(res.numel()) * info(res.type).size);
    return;
  }
  dispatch(res.type, [&](auto t) {
    using T = typename decltype(t)::type;
    const T value = T(kValue);
    if (res.contiguous()) fill_elements(res.data<T>(), &value, res.numel(), int(sizeof(T)));
    else for_each<T>(res, [=](T& e) { e = value; });
  });
}

void eye(Tensor& res, int64_t n, int64_t m) {
  T9_CHECK_ARG(n > 0, 1, "invalid argument");
  if (m <= 0) m = n;
  constant<0>(res, {n, m});
  dispatch(res.type, [&](auto t) {
    using T = typename decltype(t)::type;
    T* r = res.data<T>();
    for (int64_t k = 0; k < std::min(n, m); ++k) r[k * (res.stride[0] + res.stride[1])] = T(1);
  });
}

// Keeps the shape of a result that has the right count.
void want_count(Tensor& res, int64_t n) {
  if (res.numel() != n) res.resize({n});
}

void check_step(bool zero, bool coherent) {
  T9_CHECK_ARG(!zero, 3, "step must be a non-null number");
  T9_CHECK_ARG(coherent, 2, "upper bound and larger bound incoherent with step sign");
}

void range(Tensor& res, Scalar from, Scalar to, Scalar by) {
  if (info(res.type).floating) {
    const double a = from.d, b = to.d, step = by.d;
    check_step(step == 0, (step > 0 && b >= a) || (step < 0 && b <= a));
    const double last = std::floor((b - a) / step);
    T9_CHECK(last >= 0 && last < 0x1p53, "range: too many elements");
    want_count(res, int64_t(last) + 1);
    dispatch<kFloating>(res.type, [&](auto t) {
      using T = typename decltype(t)::type;
      for_each<T>(res, [=](T& e, int64_t i) { e = T(a + double(i) * step); });
    });
    return;
  }
  const int64_t a = from.i, b = to.i, step = by.i;
  check_step(step == 0, (step > 0 && b >= a) || (step < 0 && b <= a));
  uint64_t distance = step > 0 ? uint64_t(b) - uint64_t(a) : uint64_t(a) - uint64_t(b);
  uint64_t stride = step > 0 ? uint64_t(step) : uint64_t(0) - uint64_t(step);
  T9_CHECK(distance / stride < uint64_t(1) << 53, "range: too many elements");
  want_count(res, int64_t(distance / stride) + 1);
  dispatch<kIntegers>(res.type, [&](auto t) {
    using T = typename decltype(t)::type;
    for_each<T>(res, [=](T& e, int64_t i) { e = T(uint64_t(a) + uint64_t(i) * uint64_t(step)); });
  });
}

template <class F>
void spaced(Tensor& res, double a, double b, int64_t n, F f) {
  T9_CHECK_ARG(n > 1 || (n == 1 && a == b), 3, "invalid number of points");
  want_count(res, n);
  dispatch<kFloating>(res.type, [&](auto t) {
    using T = typename decltype(t)::type;
    const T first = T(a), last = T(b);
    for_each<T>(res, [=](T& e, int64_t i) { e = T(f(n == 1 ? first : T(first + T(i) * (last - first) / T(n - 1)))); });
  });
}

void linspace(Tensor& res, double a, double b, int64_t n) {
  spaced(res, a, b, n, [](auto v) { return v; });
}

void logspace(Tensor& res, double a, double b, int64_t n) {
  spaced(res, a, b, n, [](auto v) { return std::pow(decltype(v)(10), v); });
}

}  // namespace

OpList construct_ops() {
  return {
      op<Form::Given>("zeros", kNumeric, sig<constant<0>, "[*T*] SIZES">{}),
      op<Form::Given>("ones", kNumeric, sig<constant<1>, "[*T*] SIZES">{}),
      op<Form::Given>("eye", kNumeric, sig<eye, "[*T*] long [long=0]">{}),
      op<Form::Given>("range", kNumeric, sig<range, "[*T*] acc acc [acc=1]">{}),
      op<Form::Given>("linspace", kFloating, sig<linspace, "[*T*] real real [long=100]">{}),
      op<Form::Given>("logspace", kFloating, sig<logspace, "[*T*] real real [long=100]">{}),
  };
}

}  // namespace t9
