// The loops of a LoopList for the instruction set that is being compiled (Highway's per-target
// inclusion: no ordinary include guard).
#if defined(T9_OPS_LOOPS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef T9_OPS_LOOPS_INL_H
#undef T9_OPS_LOOPS_INL_H
#else
#define T9_OPS_LOOPS_INL_H
#endif

#include <hwy/highway.h>

#include "ops/loops.h"

// Element k depends on elements k only: the result may be an operand, but never overlaps one otherwise.
#ifdef __clang__
#define T9_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#pragma clang diagnostic ignored "-Wpass-failed"  // divisions and library calls stay scalar
#else
#define T9_INDEPENDENT _Pragma("GCC ivdep")
#endif

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The vector form of a formula: of(d, vectors..., numbers as vectors...). Formulas without one are
// left to the compiler's vectoriser.
template <class F, class T>
struct VectorForm {
  static constexpr bool kExists = false;
};

template <class F, class T, int kTensors, int kNumbers>
void vector_loop(int64_t n, T* r, const T* a, const T* b, const Scalar* numbers) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  using Function = VectorForm<F, T>;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const V v = hn::Set(d, kNumbers ? numbers[0].to<T>() : T(0));
  auto f = [&](const T* x, const T* y, int64_t at) HWY_ATTR {
    if constexpr (kTensors == 2) return Function::of(d, hn::LoadU(d, x + at), hn::LoadU(d, y + at));
    else if constexpr (kNumbers == 1) return Function::of(d, hn::LoadU(d, x + at), v);
    else return Function::of(d, hn::LoadU(d, x + at));
  };
  int64_t k = 0;
  for (; k + 2 * lanes <= n; k += 2 * lanes) {
    const V first = f(a, b, k), second = f(a, b, k + lanes);
    hn::StoreU(first, d, r + k);
    hn::StoreU(second, d, r + k + lanes);
  }
  for (; k + lanes <= n; k += lanes) hn::StoreU(f(a, b, k), d, r + k);
  if (k < n) {
    HWY_ALIGN T x[hn::MaxLanes(d)] = {}, y[hn::MaxLanes(d)] = {};
    for (int64_t i = k; i < n; ++i) {
      x[i - k] = a[i];
      if (kTensors == 2) y[i - k] = b[i];
    }
    hn::Store(f(x, y, 0), d, x);
    for (int64_t i = k; i < n; ++i) r[i] = x[i - k];
  }
}

template <class F, class R, class T, int kTensors, int kNumbers>
void element_loop(int64_t n, void* result, const void* p0, const void* p1, const void* p2, const Scalar* numbers) {
  R* r = static_cast<R*>(result);
  const T *a = static_cast<const T*>(p0), *b = static_cast<const T*>(p1), *c = static_cast<const T*>(p2);
  if constexpr (VectorForm<F, T>::kExists) {
    vector_loop<F, T, kTensors, kNumbers>(n, r, a, b, numbers);
  } else {
    const T v = kNumbers > 0 ? numbers[0].to<T>() : T(0), w = kNumbers > 1 ? numbers[1].to<T>() : T(0);
    T9_INDEPENDENT
    for (int64_t k = 0; k < n; ++k) {
      if constexpr (kTensors == 1 && kNumbers == 0) r[k] = R(F::of(a[k]));
      else if constexpr (kTensors == 1 && kNumbers == 1) r[k] = R(F::of(a[k], v));
      else if constexpr (kTensors == 1 && kNumbers == 2) r[k] = R(F::of(a[k], v, w));
      else if constexpr (kTensors == 2 && kNumbers == 0) r[k] = R(F::of(a[k], b[k]));
      else if constexpr (kTensors == 2 && kNumbers == 1) r[k] = R(F::of(a[k], b[k], v));
      else r[k] = R(F::of(a[k], b[k], c[k], v));
    }
    (void)b, (void)c, (void)v, (void)w;
  }
}

template <class F, int kTensors, int kNumbers, Types kSet, Into kInto>
constexpr LoopRow row_of(Loops<F, kTensors, kNumbers, kSet, kInto>) {
  auto one = []<class T>(std::type_identity<T>) -> Loop {
    using R = std::conditional_t<kInto == Into::Byte, uint8_t, T>;
    if constexpr ((kSet & mask(kTypeOf<T>)) != 0) return element_loop<F, R, T, kTensors, kNumbers>;
    else return nullptr;
  };
  LoopRow out{};
  out[size_t(Type::Byte)] = one(std::type_identity<uint8_t>{});
  out[size_t(Type::Char)] = one(std::type_identity<int8_t>{});
  out[size_t(Type::Short)] = one(std::type_identity<int16_t>{});
  out[size_t(Type::Int)] = one(std::type_identity<int32_t>{});
  out[size_t(Type::Long)] = one(std::type_identity<int64_t>{});
  out[size_t(Type::Float)] = one(std::type_identity<float>{});
  out[size_t(Type::Double)] = one(std::type_identity<double>{});
  return out;
}

template <class... F>
const LoopRow* table_of(LoopList<F...>) {
  static constexpr LoopRow table[] = {row_of(F{})...};
  return table;
}

}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
