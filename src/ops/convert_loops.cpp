#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/convert_loops.cpp"
#include <hwy/foreach_target.h>

#include "ops/convert.h"
#include "ops/loops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON
#define T9_VECTOR_HALF 1
#else
#define T9_VECTOR_HALF 0
#endif

template <class To, class From>
void convert(int64_t n, void* to, const void* from, const void*, const void*, const Scalar*) {
  To* x = static_cast<To*>(to);
  const From* y = static_cast<const From*>(from);
  int64_t k = 0;
#if T9_VECTOR_HALF
  const hn::ScalableTag<float> d;
  const hn::Rebind<hwy::float16_t, decltype(d)> half;
  const int64_t lanes = int64_t(hn::Lanes(d));
  if constexpr (std::is_same_v<To, float> && std::is_same_v<From, Half>) {
    for (; k + lanes <= n; k += lanes)
      hn::StoreU(hn::PromoteTo(d, hn::LoadU(half, reinterpret_cast<const hwy::float16_t*>(y + k))), d, x + k);
  } else if constexpr (std::is_same_v<To, Half> && std::is_same_v<From, float>) {
    for (; k + lanes <= n; k += lanes)
      hn::StoreU(hn::DemoteTo(half, hn::LoadU(d, y + k)), half, reinterpret_cast<hwy::float16_t*>(x + k));
  }
#endif
  T9_INDEPENDENT
  for (; k < n; ++k) x[k] = convert_element<To>(y[k]);
}
#undef T9_VECTOR_HALF

template <class From>
constexpr LoopRow from_type() {
  return {convert<uint8_t, From>, convert<int8_t, From>, convert<int16_t, From>, convert<int32_t, From>,
          convert<int64_t, From>, convert<Half, From>,   convert<float, From>,   convert<double, From>};
}

const LoopRow* convert_loops() {
  static constexpr LoopRow table[kTypeCount] = {from_type<uint8_t>(), from_type<int8_t>(), from_type<int16_t>(), from_type<int32_t>(),
                                                from_type<int64_t>(), from_type<Half>(),   from_type<float>(),   from_type<double>()};
  return table;
}

}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9 {
HWY_EXPORT(convert_loops);
Loop convert_loop(Type to, Type from) {
  static const LoopRow* table = HWY_DYNAMIC_DISPATCH(convert_loops)();
  return table[size_t(from)][size_t(to)];
}
}  // namespace t9
#endif
