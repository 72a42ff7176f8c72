#include "ops/convolve_simd.h"

// It does not understand the macros in front of loops and bodies.
// clang-format off

#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/convolve_simd.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace t9::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// kVectors vectors of results stay in registers over the whole kernel. kPart: of the one vector only the
// first `used` lanes are read and written.
template <int kVectors, bool kPart = false, class T>
HWY_INLINE void correlate_part(const T* HWY_RESTRICT in, int64_t plane, int64_t row, const T* HWY_RESTRICT kernel,
                               const int64_t (&size)[3], T* HWY_RESTRICT out, int64_t used = 0) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const auto mask = hn::FirstN(d, size_t(used));
  auto load = [&](const T* p) HWY_ATTR {
    if constexpr (kPart) return hn::MaskedLoad(mask, d, p);
    else return hn::LoadU(d, p);
  };
  hn::Vec<decltype(d)> sum[kVectors];
  HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) sum[v] = load(out + v * lanes);
  for (int64_t l = 0; l < size[0]; ++l)
    for (int64_t i = 0; i < size[1]; ++i) {
      const T* from = in + l * plane + i * row;
      for (int64_t j = 0; j < size[2]; ++j, ++from) {
        const auto weight = hn::Set(d, *kernel++);
        HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) sum[v] = hn::MulAdd(weight, load(from + v * lanes), sum[v]);
      }
    }
  HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v)
    if constexpr (kPart) hn::BlendedStore(sum[v], mask, d, out + v * lanes);
    else hn::StoreU(sum[v], d, out + v * lanes);
}

template <class T>
void correlate_any(int64_t n, const T* in, int64_t plane, int64_t row, const T* kernel, const int64_t (&size)[3],
                   T* out) {
  const int64_t lanes = int64_t(hn::Lanes(hn::ScalableTag<T>()));
  int64_t x = 0;
  for (; x + 8 * lanes <= n; x += 8 * lanes) correlate_part<8>(in + x, plane, row, kernel, size, out + x);
  for (; x + 2 * lanes <= n; x += 2 * lanes) correlate_part<2>(in + x, plane, row, kernel, size, out + x);
  for (; x + lanes <= n; x += lanes) correlate_part<1>(in + x, plane, row, kernel, size, out + x);
#if HWY_TARGET <= HWY_AVX2
  if (x < n) correlate_part<1, true>(in + x, plane, row, kernel, size, out + x, n - x);
  return;
#endif
  for (; x < n; ++x) {
    T sum = out[x];
    const T* k = kernel;
    for (int64_t l = 0; l < size[0]; ++l)
      for (int64_t i = 0; i < size[1]; ++i)
        for (int64_t j = 0; j < size[2]; ++j) sum += *k++ * in[l * plane + i * row + x + j];
    out[x] = sum;
  }
}

void correlate_float(int64_t n, const float* in, int64_t plane, int64_t row, const float* kernel,
                     const int64_t (&size)[3], float* out) {
  correlate_any(n, in, plane, row, kernel, size, out);
}
void correlate_double(int64_t n, const double* in, int64_t plane, int64_t row, const double* kernel,
                      const int64_t (&size)[3], double* out) {
  correlate_any(n, in, plane, row, kernel, size, out);
}

}  // namespace t9::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9::simd {

HWY_EXPORT(correlate_float);
HWY_EXPORT(correlate_double);

template <>
void correlate_row<float>(int64_t n, const float* in, int64_t plane, int64_t row, const float* kernel,
                          const int64_t (&size)[3], float* out) {
  HWY_DYNAMIC_DISPATCH(correlate_float)(n, in, plane, row, kernel, size, out);
}
template <>
void correlate_row<double>(int64_t n, const double* in, int64_t plane, int64_t row, const double* kernel,
                           const int64_t (&size)[3], double* out) {
  HWY_DYNAMIC_DISPATCH(correlate_double)(n, in, plane, row, kernel, size, out);
}

}  // namespace t9::simd
#endif
