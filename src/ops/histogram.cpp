// histc, and bhistc for each row.
#include "ops/iterate.h"
#include "ops/op.h"
#include "ops/output.h"

namespace t9 {

namespace {

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

OpList histogram_ops() {
  return {
      op("histc", kFloating, sig<histc, "[*T*] T [long=100] [double=0] [double=0]">{}),
      op("bhistc", kFloating, sig<bhistc, "[*T*] T [long=100] [double=0] [double=0]">{}),
  };
}

}  // namespace t9
