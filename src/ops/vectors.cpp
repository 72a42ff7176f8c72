// cross products, distances between rows, histograms.
#include <cmath>

#include "ops/lanes.h"
#include "ops/op.h"
#include "ops/output.h"

namespace t9 {

namespace {

void cross(Tensor& res, Tensor& a, Tensor& b, int dim) {
  T9_CHECK(a.nDimension == b.nDimension, "inconsistent tensor dimension %dD, %dD", a.nDimension, b.nDimension);
  T9_CHECK(a.same_size(b), "inconsistent tensor sizes [%s], [%s]", a.size_text().c_str(), b.size_text().c_str());
  for (int k = 0; dim == -1 && k < a.nDimension; ++k)
    if (a.size[k] == 3) dim = k;
  T9_CHECK_ARG(dim != -1, 1, "no dimension of size 3 in a: [%s]", a.size_text().c_str());
  T9_CHECK_ARG(dim >= 0 && dim < a.nDimension, 3, "dimension %d out of range", dim + 1);
  T9_CHECK_ARG(a.size[dim] == 3, 3, "dimension %d does not have size 3", dim + 1);
  Output out(res, {&a, &b}, Output::kElementwise);
  out->resize_as(a);
  dispatch(a.type, [&](auto t) {
    using T = typename decltype(t)::type;
    using W = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;  // integers wrap
    const int64_t sr = out->stride[dim], sa = a.stride[dim], sb = b.stride[dim];
    T* pr = out->data<T>();
    const T *pa = a.data<T>(), *pb = b.data<T>();
    lanes<3>({&*out, &a, &b}, dim).parallel(kGrain, [=](const auto& offset, const auto& step, int64_t n) {
      for (int64_t k = 0; k < n; ++k) {
        const T *x = pa + offset[1] + k * step[1], *y = pb + offset[2] + k * step[2];
        const W x0 = W(x[0]), x1 = W(x[sa]), x2 = W(x[2 * sa]), y0 = W(y[0]), y1 = W(y[sb]), y2 = W(y[2 * sb]);
        T* r = pr + offset[0] + k * step[0];
        r[0] = T(x1 * y2 - x2 * y1);
        r[sr] = T(x2 * y0 - x0 * y2);
        r[2 * sr] = T(x0 * y1 - x1 * y0);
      }
    });
  });
  out.finish();
}

// res[i][j] = gain * |a_i - b_j|^2
void match(Tensor& res, Tensor& a, Tensor& b, Scalar gain) {
  T9_CHECK_ARG(!a.empty(), 1, "empty tensor");
  T9_CHECK_ARG(!b.empty(), 2, "empty tensor");
  const int64_t rows = a.size[0], cols = b.size[0], depth = a.numel() / rows;
  T9_CHECK(depth == b.numel() / cols, "m1 and m2 must have the same inner vector dim");
  TensorRef left = contiguous(a), right = contiguous(b);
  Output out(res, {&*left, &*right});
  out->resize({rows, cols});
  dispatch(a.type, [&](auto t) {
    using T = typename decltype(t)::type;
    using W = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;
    T* r = out->data<T>();
    const T *x = left->data<T>(), *y = right->data<T>();
    const int64_t down = out->stride[0], across = out->stride[1];
    const W g = W(gain.to<T>());
    parallel_for(rows, std::max<int64_t>(1, kGrain / (cols * depth)), [=](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        for (int64_t j = 0; j < cols; ++j) {
          W sum = 0;
          for (int64_t k = 0; k < depth; ++k) {
            W d = W(x[i * depth + k]) - W(y[j * depth + k]);
            sum += d * d;
          }
          r[i * down + j * across] = T(g * sum);
        }
    });
  });
  out.finish();
}

// Counts of `n` elements in equal bins over [low, high]; both ends are inside.
template <class T>
void count(T* bins, int64_t step_bins, int64_t many, const T* x, int64_t step, int64_t n, T low, T high) {
  for (int64_t k = 0; k < n; ++k) {
    const T v = x[k * step];
    if (!(v >= low && v <= high)) continue;
    const double at = double((v - low) / (high - low) * T(many));  // NaN where the range is infinite
    const int64_t bin = at >= 0 ? int64_t(std::min(at, double(many - 1))) : 0;
    bins[bin * step_bins] += 1;
  }
}

template <class T>
void data_range(const Tensor& t, T& low, T& high) {
  low = high = *t.data<T>();
  for_each<T>(t, [&](const T& v) {
    if (v < low || low != low) low = v;
    if (v > high || high != high) high = v;
  });
}

void histogram(Tensor& res, Tensor& t, int64_t many, double from, double to, bool rows) {
  T9_CHECK_ARG(many > 0, 2, "bins must be > 0");
  T9_CHECK_ARG(!rows || t.nDimension == 2, 1, "invalid dimension %d, the input must be a 2d tensor", t.nDimension);
  Output out(res, {&t});
  out->resize(rows ? Sizes{t.size[0], many} : Sizes{many});
  dispatch<kFloating>(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    for_each<T>(*out, [](T& e) { e = 0; });
    if (t.empty()) return;
    T low = T(from), high = T(to);
    if (low == high) data_range(t, low, high);
    if (low == high) low -= 1, high += 1;
    T* bins = out->data<T>();
    const T* base = t.data<T>();
    if (rows) {
      for (int64_t i = 0; i < t.size[0]; ++i)
        count(bins + i * out->stride[0], out->stride[1], many, base + i * t.stride[0], t.stride[1], t.size[1], low, high);
    } else {
      Walk<1> walk({&t});
      walk.run(0, walk.total, [&](const auto& offset, const auto& step, int64_t n) {
        count(bins, out->stride[0], many, base + offset[0], step[0], n, low, high);
      });
    }
  });
  out.finish();
}

void histc(Tensor& res, Tensor& t, int64_t many, double low, double high) { histogram(res, t, many, low, high, false); }
void bhistc(Tensor& res, Tensor& t, int64_t many, double low, double high) { histogram(res, t, many, low, high, true); }

}  // namespace

OpList vectors_ops() {
  return {
      op("cross", kNumeric, sig<cross, "[*T*] T T [index=0]">{}),
      op<Form::Given>("match", kNumeric, sig<match, "[*T*] T T [real=1]">{}),
      op("histc", kFloating, sig<histc, "[*T*] T [long=100] [double=0] [double=0]">{}),
      op("bhistc", kFloating, sig<bhistc, "[*T*] T [long=100] [double=0] [double=0]">{}),
  };
}

}  // namespace t9
