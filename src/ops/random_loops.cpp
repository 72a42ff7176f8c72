#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/random_loops.cpp"
#include <hwy/foreach_target.h>

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "ops/random_loops.h"

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr double kUnit = 0x1p-32;

template <class T>
void uniform(const uint32_t* HWY_RESTRICT words, T* HWY_RESTRICT out, int64_t n, double a, double width) {
  for (int64_t k = 0; k < n; ++k) out[k] = T(words[k] * kUnit * width + a);
}

template <class T>
void affine(const double* HWY_RESTRICT values, T* HWY_RESTRICT out, int64_t n, double mean, double stdv) {
  for (int64_t k = 0; k < n; ++k) out[k] = T(values[k] * stdv + mean);
}

template <class T>
void exponential(const uint32_t* HWY_RESTRICT words, T* HWY_RESTRICT out, int64_t n, double scale) {
  constexpr int64_t kBlock = 256;
  const hn::ScalableTag<double> d;
  HWY_ALIGN double values[kBlock];
  for (int64_t done = 0; done < n; done += kBlock) {
    const int64_t m = n - done < kBlock ? n - done : kBlock;
    for (int64_t k = 0; k < m; ++k) values[k] = 1.0 - words[done + k] * kUnit;
    for (int64_t k = m; k < kBlock && k % hn::MaxLanes(d) != 0; ++k) values[k] = 1;
    for (int64_t k = 0; k < m; k += int64_t(hn::Lanes(d))) hn::Store(hn::Log(d, hn::Load(d, values + k)), d, values + k);
    for (int64_t k = 0; k < m; ++k) out[done + k] = T(scale * values[k]);
  }
}

const WordLoops<float>* float_loops() {
  static constexpr WordLoops<float> loops{uniform<float>, exponential<float>, affine<float>};
  return &loops;
}
const WordLoops<double>* double_loops() {
  static constexpr WordLoops<double> loops{uniform<double>, exponential<double>, affine<double>};
  return &loops;
}

}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9 {
HWY_EXPORT(float_loops);
HWY_EXPORT(double_loops);
template <>
const WordLoops<float>& word_loops() {
  static const WordLoops<float>* const loops = HWY_DYNAMIC_DISPATCH(float_loops)();
  return *loops;
}
template <>
const WordLoops<double>& word_loops() {
  static const WordLoops<double>* const loops = HWY_DYNAMIC_DISPATCH(double_loops)();
  return *loops;
}
}  // namespace t9
#endif
