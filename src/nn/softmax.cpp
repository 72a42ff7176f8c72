// SoftMax and LogSoftMax over [outer][dim][inner].
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/softmax.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cmath>
#include <limits>

#include "nn/families.h"
#include "nn/kernel.h"
#include "nn/softmax.h"
#include "ops/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace t9::nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace vm = t9::HWY_NAMESPACE::vm;

// Vectors of a row, its end padded with `neutral`: f(index, vector, valid elements).
template <class D, class F>
void row_vectors(D d, const hn::TFromD<D>* x, int64_t n, hn::TFromD<D> neutral, F f) {
  using T = hn::TFromD<D>;
  const int64_t lanes = int64_t(hn::Lanes(d));
  int64_t k = 0;
  for (; k + lanes <= n; k += lanes) f(k, hn::LoadU(d, x + k), lanes);
  if (k < n) {
    HWY_ALIGN T rest[hn::MaxLanes(d)];
    for (int64_t i = 0; i < lanes; ++i) rest[i] = k + i < n ? x[k + i] : neutral;
    f(k, hn::Load(d, rest), n - k);
  }
}

template <class D>
void store_some(D d, hn::Vec<D> v, hn::TFromD<D>* to, int64_t n) {
  if (n == int64_t(hn::Lanes(d))) return hn::StoreU(v, d, to);
  HWY_ALIGN hn::TFromD<D> rest[hn::MaxLanes(d)];
  hn::Store(v, d, rest);
  for (int64_t i = 0; i < n; ++i) to[i] = rest[i];
}

template <bool kLog, class T>
void forward_row(const T* x, T* y, int64_t n) {
  const hn::ScalableTag<T> d;
  const T lowest = std::numeric_limits<T>::lowest();
  auto top = hn::Set(d, lowest);
  row_vectors(d, x, n, lowest, [&](int64_t, auto v, int64_t) { top = hn::Max(top, v); });
  const T largest = hn::GetLane(hn::MaxOfLanes(d, top));
  const auto shift = hn::Set(d, largest);
  auto sum = hn::Zero(d);
  const T nothing = -std::numeric_limits<T>::infinity();
  row_vectors(d, x, n, nothing, [&](int64_t k, auto v, int64_t m) {
    const auto e = vm::exp(d, hn::Sub(v, shift));
    sum = hn::Add(sum, m == int64_t(hn::Lanes(d)) ? e : hn::IfThenElseZero(hn::FirstN(d, size_t(m)), e));
    if (!kLog) store_some(d, e, y + k, m);
  });
  const T total = hn::GetLane(hn::SumOfLanes(d, sum));
  if (kLog) {
    const auto offset = hn::Set(d, T(largest + std::log(total)));
    row_vectors(d, x, n, T(0), [&](int64_t k, auto v, int64_t m) { store_some(d, hn::Sub(v, offset), y + k, m); });
  } else {
    const auto factor = hn::Set(d, 1 / total);
    row_vectors(d, y, n, T(0), [&](int64_t k, auto v, int64_t m) { store_some(d, hn::Mul(v, factor), y + k, m); });
  }
}

template <bool kLog, class T>
void backward_row(const T* y, const T* g, T* r, int64_t n) {
  const hn::ScalableTag<T> d;
  auto sum = hn::Zero(d);
  const int64_t lanes = int64_t(hn::Lanes(d));
  int64_t k = 0;
  for (; k + lanes <= n; k += lanes) {
    const auto vg = hn::LoadU(d, g + k);
    sum = kLog ? hn::Add(sum, vg) : hn::MulAdd(vg, hn::LoadU(d, y + k), sum);
  }
  T total = hn::GetLane(hn::SumOfLanes(d, sum));
  for (; k < n; ++k) total += kLog ? g[k] : g[k] * y[k];
  const auto vt = hn::Set(d, total);
  row_vectors(d, y, n, T(0), [&](int64_t at, auto vy, int64_t m) {
    HWY_ALIGN T part[hn::MaxLanes(d)];
    const T* from = g + at;
    if (m < lanes) {
      for (int64_t i = 0; i < lanes; ++i) part[i] = i < m ? g[at + i] : T(0);
      from = part;
    }
    const auto vg = hn::LoadU(d, from);
    store_some(d, kLog ? hn::NegMulAdd(vm::exp(d, vy), vt, vg) : hn::Mul(vy, hn::Sub(vg, vt)), r + at, m);
  });
}

// One outer index, columns [0, inner): the vectors run along inner.
template <bool kLog, class T>
void forward_planes(const T* x, T* y, int64_t dim, int64_t inner) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= inner; i += lanes) {
    auto top = hn::LoadU(d, x + i);
    for (int64_t c = 1; c < dim; ++c) top = hn::Max(top, hn::LoadU(d, x + c * inner + i));
    auto sum = hn::Zero(d);
    for (int64_t c = 0; c < dim; ++c) {
      const auto e = vm::exp(d, hn::Sub(hn::LoadU(d, x + c * inner + i), top));
      sum = hn::Add(sum, e);
      if (!kLog) hn::StoreU(e, d, y + c * inner + i);
    }
    const auto last = kLog ? hn::Add(top, vm::log(d, sum)) : hn::Div(hn::Set(d, 1), sum);
    for (int64_t c = 0; c < dim; ++c) {
      const int64_t at = c * inner + i;
      hn::StoreU(kLog ? hn::Sub(hn::LoadU(d, x + at), last) : hn::Mul(hn::LoadU(d, y + at), last), d, y + at);
    }
  }
  for (; i < inner; ++i) {
    T top = x[i], sum = 0;
    for (int64_t c = 1; c < dim; ++c) top = std::max(top, x[c * inner + i]);
    for (int64_t c = 0; c < dim; ++c) sum += std::exp(x[c * inner + i] - top);
    for (int64_t c = 0; c < dim; ++c) {
      const T v = x[c * inner + i] - top;
      y[c * inner + i] = kLog ? v - std::log(sum) : std::exp(v) / sum;
    }
  }
}

template <bool kLog, class T>
void backward_planes(const T* y, const T* g, T* r, int64_t dim, int64_t inner) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= inner; i += lanes) {
    auto sum = hn::Zero(d);
    for (int64_t c = 0; c < dim; ++c) {
      const auto vg = hn::LoadU(d, g + c * inner + i);
      sum = kLog ? hn::Add(sum, vg) : hn::MulAdd(vg, hn::LoadU(d, y + c * inner + i), sum);
    }
    for (int64_t c = 0; c < dim; ++c) {
      const int64_t at = c * inner + i;
      const auto vy = hn::LoadU(d, y + at), vg = hn::LoadU(d, g + at);
      hn::StoreU(kLog ? hn::NegMulAdd(vm::exp(d, vy), sum, vg) : hn::Mul(vy, hn::Sub(vg, sum)), d, r + at);
    }
  }
  for (; i < inner; ++i) {
    T sum = 0;
    for (int64_t c = 0; c < dim; ++c) sum += kLog ? g[c * inner + i] : g[c * inner + i] * y[c * inner + i];
    for (int64_t c = 0; c < dim; ++c) {
      const int64_t at = c * inner + i;
      r[at] = kLog ? g[at] - std::exp(y[at]) * sum : y[at] * (g[at] - sum);
    }
  }
}

template <bool kLog, class T>
void forward(const T* x, T* y, int64_t begin, int64_t end, int64_t dim, int64_t inner) {
  for (int64_t o = begin; o < end; ++o) {
    const int64_t at = o * dim * inner;
    if (inner == 1) forward_row<kLog>(x + at, y + at, dim);
    else forward_planes<kLog>(x + at, y + at, dim, inner);
  }
}

template <bool kLog, class T>
void backward(const T* y, const T* g, T* r, int64_t begin, int64_t end, int64_t dim, int64_t inner) {
  for (int64_t o = begin; o < end; ++o) {
    const int64_t at = o * dim * inner;
    if (inner == 1) backward_row<kLog>(y + at, g + at, r + at, dim);
    else backward_planes<kLog>(y + at, g + at, r + at, dim, inner);
  }
}

template <class T>
struct Table {
  void (*forward[2])(const T*, T*, int64_t, int64_t, int64_t, int64_t) = {HWY_NAMESPACE::forward<false, T>,
                                                                         HWY_NAMESPACE::forward<true, T>};
  void (*backward[2])(const T*, const T*, T*, int64_t, int64_t, int64_t, int64_t) = {
      HWY_NAMESPACE::backward<false, T>, HWY_NAMESPACE::backward<true, T>};
};
const void* softmax_table(bool wide) {
  static const Table<float> narrow_table;
  static const Table<double> wide_table;
  return wide ? static_cast<const void*>(&wide_table) : &narrow_table;
}

}  // namespace t9::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9::nn {
namespace {

HWY_EXPORT(softmax_table);

// As the tables above are laid out.
template <class T>
struct Entries {
  void (*forward[2])(const T*, T*, int64_t, int64_t, int64_t, int64_t);
  void (*backward[2])(const T*, const T*, T*, int64_t, int64_t, int64_t, int64_t);
};
template <class T>
const Entries<T>& entries() {
  static const auto* table =
      static_cast<const Entries<T>*>(HWY_DYNAMIC_DISPATCH(softmax_table)(std::is_same_v<T, double>));
  return *table;
}

}  // namespace

template <class T>
void softmax_rows(const T* x, T* y, int64_t rows, int64_t n) {
  entries<T>().forward[0](x, y, 0, rows, n, 1);
}
template <class T>
void softmax_rows_gradient(const T* y, const T* g, T* r, int64_t rows, int64_t n) {
  entries<T>().backward[0](y, g, r, 0, rows, n, 1);
}
template void softmax_rows(const float*, float*, int64_t, int64_t);
template void softmax_rows(const double*, double*, int64_t, int64_t);
template void softmax_rows_gradient(const float*, const float*, float*, int64_t, int64_t);
template void softmax_rows_gradient(const double*, const double*, double*, int64_t, int64_t);

namespace {

struct Extent {
  int64_t outer = 1, dim = 0, inner = 1;
  explicit Extent(const Tensor& x) {
    const int d = x.nDimension;
    T9_CHECK(d >= 1 && d <= 4, "1D, 2D, 3D or 4D tensor expected");
    const int at = d == 1 || d == 3 ? 0 : 1;
    for (int k = 0; k < at; ++k) outer *= x.size[k];
    dim = x.size[at];
    for (int k = at + 1; k < d; ++k) inner *= x.size[k];
  }
  int64_t grain() const { return 1 + 4096 / (dim * inner); }
};

template <bool kLog>
void softmax(Tensor& input, Tensor& output) {
  Extent e(input);
  output.resize_as(input);
  Dense x(input);
  DenseResult y(output);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    const T* px = x.data<T>();
    T* py = y.data<T>();
    auto f = entries<T>().forward[kLog];
    parallel_for(e.outer, e.grain(), [=](int64_t begin, int64_t end) { f(px, py, begin, end, e.dim, e.inner); });
  });
}

template <bool kLog>
void softmax_gradient(Tensor&, Tensor& gradOutput, Tensor& gradInput, Tensor& output) {
  check_same_count(output, gradOutput, "input", "gradOutput");
  Extent e(output);
  gradInput.resize_as(output);
  Dense y(output), g(gradOutput);
  DenseResult r(gradInput);
  floating(output, [&](auto t) {
    using T = typename decltype(t)::type;
    const T *py = y.data<T>(), *pg = g.data<T>();
    T* pr = r.data<T>();
    auto f = entries<T>().backward[kLog];
    parallel_for(e.outer, e.grain(), [=](int64_t begin, int64_t end) { f(py, pg, pr, begin, end, e.dim, e.inner); });
  });
}

// First half * sigmoid(second half) along a dimension.
struct Halves {
  int64_t outer = 1, half = 0;  // half: elements of half a slice
  Halves(const Tensor& x, int64_t dim) {
    T9_CHECK(dim >= 1 && dim <= x.nDimension && x.size[dim - 1] % 2 == 0,
             "Halving dimension must be even. Dim %lld is size %lld", (long long)dim,
             (long long)(dim >= 1 && dim <= x.nDimension ? x.size[dim - 1] : 0));
    for (int64_t k = 0; k < dim - 1; ++k) outer *= x.size[k];
    half = x.size[dim - 1] / 2;
    for (int64_t k = dim; k < x.nDimension; ++k) half *= x.size[k];
  }
};

void gated(Tensor& input, Tensor& output, int64_t dim) {
  Halves h(input, dim);
  Sizes sizes = input.sizes();
  sizes[int(dim - 1)] /= 2;
  output.resize(sizes);
  Dense x(input);
  DenseResult y(output);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    const T* p = x.data<T>();
    T* q = y.data<T>();
    for (int64_t o = 0; o < h.outer; ++o, p += 2 * h.half, q += h.half)
      for (int64_t k = 0; k < h.half; ++k) q[k] = p[k] / (1 + std::exp(-p[h.half + k]));
  });
}

void gated_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, int64_t dim) {
  Halves h(input, dim);
  T9_CHECK(gradOutput.numel() * 2 == input.numel(), "gradOutput has size [%s]", gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense x(input), g(gradOutput);
  DenseResult r(gradInput);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    const T *p = x.data<T>(), *pg = g.data<T>();
    T* q = r.data<T>();
    for (int64_t o = 0; o < h.outer; ++o, p += 2 * h.half, q += 2 * h.half, pg += h.half)
      for (int64_t k = 0; k < h.half; ++k) {
        const T s = 1 / (1 + std::exp(-p[h.half + k]));
        q[k] = pg[k] * s;
        q[h.half + k] = pg[k] * p[k] * s * (1 - s);
      }
  });
}

}  // namespace
}  // namespace t9::nn

namespace t9 {

using namespace nn;

OpList softmax_kernels() {
  return {
      kernel("SoftMax_updateOutput", sig<softmax<false>, "T T">{}),
      kernel("SoftMax_updateGradInput", sig<softmax_gradient<false>, "T T T T">{}),
      kernel("LogSoftMax_updateOutput", sig<softmax<true>, "T T">{}),
      kernel("LogSoftMax_updateGradInput", sig<softmax_gradient<true>, "T T T T">{}),
      kernel("GatedLinear_updateOutput", sig<gated, "T T int">{}),
      kernel("GatedLinear_updateGradInput", sig<gated_gradient, "T T T int">{}),
  };
}

}  // namespace t9
#endif
