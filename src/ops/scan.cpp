// Running sums and products along a dimension.
#include "ops/lanes.h"
#include "ops/op.h"
#include "ops/output.h"

namespace t9 {

namespace {

// Wraps where integers overflow.
template <class T>
using Running = std::conditional_t<std::is_integral_v<T>, uint64_t, double>;

struct Sum {
  static constexpr int kStart = 0;
  template <class A>
  static A of(A a, A b) { return a + b; }
};
struct Product {
  static constexpr int kStart = 1;
  template <class A>
  static A of(A a, A b) { return a * b; }
};

// Lanes side by side in memory.
constexpr int64_t kWide = 256;
template <class F, class T>
void scan_beside(const T* x, T* r, int64_t n, int64_t sx, int64_t sr, int64_t width) {
  Running<T> sums[kWide];
  for (int64_t j = 0; j < width; ++j) sums[j] = F::kStart;
  for (int64_t i = 0; i < n; ++i, x += sx, r += sr)
    for (int64_t j = 0; j < width; ++j) {
      sums[j] = F::of(sums[j], Running<T>(x[j]));
      r[j] = T(sums[j]);
    }
}

// A few lanes at once: their sums do not wait for each other.
template <class F, class T, int kLanes>
void scan_few(const T* x, T* r, int64_t n, int64_t sx, int64_t sr, int64_t next_x, int64_t next_r) {
  Running<T> sums[kLanes];
  for (auto& s : sums) s = F::kStart;
  for (int64_t i = 0; i < n; ++i, x += sx, r += sr) {
    T values[kLanes];
    for (int j = 0; j < kLanes; ++j) values[j] = x[j * next_x];  // before they are written over
    for (int j = 0; j < kLanes; ++j) {
      sums[j] = F::of(sums[j], Running<T>(values[j]));
      r[j * next_r] = T(sums[j]);
    }
  }
}

template <class F>
void scan(Tensor& res, Tensor& x, int dim) {
  T9_CHECK_ARG(dim >= 0 && dim < x.nDimension, 2, "dimension %d out of range", dim + 1);
  Output out(res, {&x}, Output::kElementwise);
  out->resize_as(x);
  dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    const T* px = x.data<T>();
    T* pr = out->data<T>();
    const int64_t n = x.size[dim], sx = x.stride[dim], sr = out->stride[dim];
    Walk<2> walk = lanes<2>({&x, &*out}, dim);
    walk.parallel(std::max<int64_t>(1, kGrain / n), [=](const auto& offset, const auto& step, int64_t count) {
      constexpr int kFew = 4;
      const bool beside = step[0] == 1 && step[1] == 1 && count > kFew;
      for (int64_t j = 0, done; j < count; j += done) {
        const T* in = px + offset[0] + j * step[0];
        T* to = pr + offset[1] + j * step[1];
        if (beside) scan_beside<F, T>(in, to, n, sx, sr, done = std::min(kWide, count - j));
        else if (count - j >= kFew) scan_few<F, T, kFew>(in, to, n, sx, sr, step[0], step[1]), done = kFew;
        else scan_few<F, T, 1>(in, to, n, sx, sr, 0, 0), done = 1;
      }
    });
  });
  out.finish();
}

}  // namespace

OpList scan_ops() {
  return {
      op("cumsum", kNumeric, sig<scan<Sum>, "[*T*] T [index=1]">{}),
      op("cumprod", kNumeric, sig<scan<Product>, "[*T*] T [index=1]">{}),
  };
}

}  // namespace t9
