// Loops of the transcendental functions.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/math_loops.cpp"
#include <hwy/foreach_target.h>

#include "ops/loops-inl.h"
#include "ops/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {

using namespace formula;

#define T9_VECTOR(NAME, FUNCTION)                          \
  template <class T>                                       \
  struct VectorForm<NAME, T> {                             \
    static constexpr bool kExists = true;                  \
    template <class D, class V>                            \
    static HWY_INLINE V of(D d, V x) { return FUNCTION(d, x); } \
  };
T9_VECTOR(Exp, vm::exp)
T9_VECTOR(Log, vm::log)
T9_VECTOR(Log1p, vm::log1p)
T9_VECTOR(Sin, vm::sin)
T9_VECTOR(Cos, vm::cos)
T9_VECTOR(Tan, vm::tan)
T9_VECTOR(Asin, hn::Asin)
T9_VECTOR(Acos, hn::Acos)
T9_VECTOR(Atan, hn::Atan)
T9_VECTOR(Sinh, vm::sinh)
T9_VECTOR(Cosh, vm::cosh)
T9_VECTOR(Tanh, vm::tanh)
T9_VECTOR(Sigmoid, vm::sigmoid)
#undef T9_VECTOR

// Doubles need fused multiply-add.
template <class T>
inline constexpr bool kHasPow = std::is_same_v<T, float> || (HWY_TARGET != HWY_SSE4 && HWY_TARGET != HWY_SSSE3 && HWY_TARGET != HWY_SCALAR);
template <class T>
  requires kHasPow<T>
struct VectorForm<Pow, T> {
  static constexpr bool kExists = true;
  template <class D, class V>
  static HWY_INLINE V of(D d, V x, V y) { return vm::pow(d, x, y); }
};
template <class T>
  requires kHasPow<T>
struct VectorForm<PowOf, T> {
  static constexpr bool kExists = true;
  template <class D, class V>
  static HWY_INLINE V of(D d, V x, V base) { return vm::pow(d, base, x); }
};

const LoopRow* math_loops() { return table_of(formula::MathLoops{}); }
}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9 {
HWY_EXPORT(math_loops);
const LoopRow* loops_of(formula::MathLoops) {
  static const LoopRow* table = HWY_DYNAMIC_DISPATCH(math_loops)();
  return table;
}
}  // namespace t9
#endif
