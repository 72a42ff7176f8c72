// Transfer functions: y = f(x), and gradInput = f'(x or y) * gradOutput.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/activation.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cmath>

#include "nn/activation.h"
#include "ops/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace t9::nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace vm = t9::HWY_NAMESPACE::vm;

// Each function: forward(d, x), and backward(d, a, g) where a is the input, or the output if kFromOutput.
// p0 and p1 are its parameters as vectors.
#define T9_FUNCTION(NAME) \
  template <class D>      \
  struct NAME {           \
    using V = hn::Vec<D>; \
    V p0, p1;

#define T9_END };

T9_FUNCTION(Abs)
  V forward(D, V x) const { return hn::Abs(x); }
  V backward(D d, V x, V g) const { return hn::IfThenElse(hn::Ge(x, hn::Zero(d)), g, hn::Neg(g)); }
T9_END

T9_FUNCTION(Square)
  V forward(D, V x) const { return hn::Mul(x, x); }
  V backward(D, V x, V g) const { return hn::Mul(hn::Add(x, x), g); }
T9_END

T9_FUNCTION(Sqrt)  // p0: eps, added under the root
  V forward(D, V x) const { return hn::Sqrt(hn::Add(x, p0)); }
  V backward(D d, V y, V g) const {
    return hn::IfThenElse(hn::Eq(y, hn::Zero(d)), hn::Zero(d), hn::Div(hn::Mul(hn::Set(d, 0.5), g), y));
  }
T9_END

T9_FUNCTION(Sigmoid)
  V forward(D d, V x) const { return vm::sigmoid(d, x); }
  V backward(D d, V y, V g) const { return hn::Mul(g, hn::Mul(hn::Sub(hn::Set(d, 1), y), y)); }
T9_END

T9_FUNCTION(Tanh)
  V forward(D d, V x) const { return vm::tanh(d, x); }
  V backward(D d, V y, V g) const { return hn::Mul(g, hn::NegMulAdd(y, y, hn::Set(d, 1))); }
T9_END

T9_FUNCTION(Elu)  // p0: alpha
  V forward(D d, V x) const {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), x, hn::Mul(vm::expm1(d, hn::Min(x, hn::Zero(d))), p0));
  }
  V backward(D d, V y, V g) const { return hn::IfThenElse(hn::Gt(y, hn::Zero(d)), g, hn::Mul(g, hn::Add(y, p0))); }
T9_END

T9_FUNCTION(HardTanh)  // between p0 and p1; NaN stays
  V forward(D, V x) const { return hn::IfThenElse(hn::Lt(x, p0), p0, hn::IfThenElse(hn::Gt(x, p1), p1, x)); }
  V backward(D d, V x, V g) const {
    return hn::IfThenElse(hn::Or(hn::Le(x, p0), hn::Ge(x, p1)), hn::Zero(d), g);
  }
T9_END

T9_FUNCTION(HardShrink)  // p0: lambda
  V forward(D d, V x) const { return hn::IfThenElse(hn::Gt(hn::Abs(x), p0), x, hn::Zero(d)); }
  V backward(D d, V x, V g) const { return hn::IfThenElse(hn::Gt(hn::Abs(x), p0), g, hn::Zero(d)); }
T9_END

T9_FUNCTION(SoftShrink)  // p0: lambda
  V forward(D d, V x) const {
    const V lower = hn::IfThenElse(hn::Lt(x, hn::Neg(p0)), hn::Add(x, p0), hn::Zero(d));
    return hn::IfThenElse(hn::Gt(x, p0), hn::Sub(x, p0), lower);
  }
  V backward(D d, V x, V g) const { return hn::IfThenElse(hn::Gt(hn::Abs(x), p0), g, hn::Zero(d)); }
T9_END

T9_FUNCTION(LeakyRelu)  // p0: slope below 0
  V forward(D d, V x) const { return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), x, hn::Mul(x, p0)); }
  V backward(D d, V x, V g) const { return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), g, hn::Mul(g, p0)); }
T9_END

T9_FUNCTION(Threshold)  // p0: threshold, p1: value at or below it; NaN stays
  V forward(D, V x) const { return hn::IfThenElse(hn::Le(x, p0), p1, x); }
  V backward(D d, V x, V g) const { return hn::IfThenElse(hn::Le(x, p0), hn::Zero(d), g); }
T9_END

T9_FUNCTION(SoftPlus)  // p0: beta, p1: threshold
  V forward(D d, V x) const {
    const V z = hn::Mul(x, p0);
    // log(1 + e^z) = max(z, 0) + log(1 + e^-|z|)
    const V soft = hn::Add(hn::Max(z, hn::Zero(d)), vm::log1p(d, vm::exp(d, hn::Neg(hn::Abs(z)))));
    return hn::IfThenElse(hn::Gt(z, p1), x, hn::Div(soft, p0));
  }
  V backward(D d, V y, V g) const {
    const V z = hn::Mul(y, p0);
    const V slope = hn::Neg(vm::expm1(d, hn::Neg(hn::Min(z, p1))));
    return hn::IfThenElse(hn::Gt(z, p1), g, hn::Mul(g, slope));
  }
T9_END

T9_FUNCTION(LogSigmoid)
  V forward(D d, V x) const {
    return hn::Sub(hn::Min(x, hn::Zero(d)), vm::log1p(d, vm::exp(d, hn::Neg(hn::Abs(x)))));
  }
  V backward(D d, V x, V g) const { return hn::Mul(g, vm::sigmoid(d, hn::Neg(x))); }
T9_END

T9_FUNCTION(Silu)
  V forward(D d, V x) const { return hn::Mul(x, vm::sigmoid(d, x)); }
  V backward(D d, V x, V g) const {
    const V one = hn::Set(d, 1), s = vm::sigmoid(d, x);
    return hn::Mul(g, hn::Mul(s, hn::MulAdd(x, hn::Sub(one, s), one)));
  }
T9_END

T9_FUNCTION(GeluTanh)  // the tanh form: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
  V forward(D d, V x) const {
    const V half = hn::Mul(hn::Set(d, 0.5), x);
    return hn::MulAdd(half, vm::tanh(d, inner(d, x)), half);
  }
  V backward(D d, V x, V g) const {
    const V half = hn::Set(d, 0.5), one = hn::Set(d, 1);
    const V t = vm::tanh(d, inner(d, x));
    const V slope = hn::MulAdd(hn::Mul(x, x), hn::Set(d, 3 * 0.044715 * 0.7978845608028654), hn::Set(d, 0.7978845608028654));
    const V rest = hn::Mul(hn::Mul(half, x), hn::Mul(hn::NegMulAdd(t, t, one), slope));
    return hn::Mul(g, hn::MulAdd(half, hn::Add(one, t), rest));
  }
  static V inner(D d, V x) {
    const V cubic = hn::MulAdd(hn::Mul(x, x), hn::Set(d, 0.044715), hn::Set(d, 1));
    return hn::Mul(hn::Set(d, 0.7978845608028654), hn::Mul(x, cubic));
  }
T9_END

#undef T9_FUNCTION
#undef T9_END

template <template <class> class F, class T>
void forward(const void* in, void* out, int64_t n, double p0, double p1) {
  const hn::ScalableTag<T> d;
  const F<decltype(d)> f{hn::Set(d, T(p0)), hn::Set(d, T(p1))};
  const T* HWY_RESTRICT x = static_cast<const T*>(in);
  T* y = static_cast<T*>(out);
  const int64_t lanes = int64_t(hn::Lanes(d));
  int64_t k = 0;
  for (; k + 2 * lanes <= n; k += 2 * lanes) {
    const auto a = f.forward(d, hn::LoadU(d, x + k)), b = f.forward(d, hn::LoadU(d, x + k + lanes));
    hn::StoreU(a, d, y + k);
    hn::StoreU(b, d, y + k + lanes);
  }
  for (; k + lanes <= n; k += lanes) hn::StoreU(f.forward(d, hn::LoadU(d, x + k)), d, y + k);
  if (k < n) {
    HWY_ALIGN T rest[hn::MaxLanes(d)] = {};
    for (int64_t i = k; i < n; ++i) rest[i - k] = x[i];
    hn::Store(f.forward(d, hn::Load(d, rest)), d, rest);
    for (int64_t i = k; i < n; ++i) y[i] = rest[i - k];
  }
}

template <template <class> class F, class T>
void backward(const void* in, const void* gradient, void* out, int64_t n, double p0, double p1) {
  const hn::ScalableTag<T> d;
  const F<decltype(d)> f{hn::Set(d, T(p0)), hn::Set(d, T(p1))};
  const T* a = static_cast<const T*>(in);
  const T* g = static_cast<const T*>(gradient);
  T* r = static_cast<T*>(out);
  const int64_t lanes = int64_t(hn::Lanes(d));
  int64_t k = 0;
  for (; k + lanes <= n; k += lanes) hn::StoreU(f.backward(d, hn::LoadU(d, a + k), hn::LoadU(d, g + k)), d, r + k);
  if (k < n) {
    HWY_ALIGN T ra[hn::MaxLanes(d)] = {}, rg[hn::MaxLanes(d)] = {};
    for (int64_t i = k; i < n; ++i) ra[i - k] = a[i], rg[i - k] = g[i];
    hn::Store(f.backward(d, hn::Load(d, ra), hn::Load(d, rg)), d, ra);
    for (int64_t i = k; i < n; ++i) r[i] = ra[i - k];
  }
}

template <template <class> class F>
Activation entry() {
#if HWY_HAVE_FLOAT64
  return {{forward<F, float>, forward<F, double>}, {backward<F, float>, backward<F, double>}};
#else
  return {{forward<F, float>, nullptr}, {backward<F, float>, nullptr}};
#endif
}

const Activation* activations() {
  static const Activation table[kActivationCount] = {
      entry<Abs>(), entry<Square>(), entry<Sqrt>(), entry<Sigmoid>(), entry<Tanh>(), entry<Elu>(), entry<HardTanh>(),
      entry<HardShrink>(), entry<SoftShrink>(), entry<LeakyRelu>(), entry<Threshold>(), entry<SoftPlus>(),
      entry<LogSigmoid>(), entry<Silu>(), entry<GeluTanh>()};
  return table;
}

}  // namespace t9::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9::nn {
HWY_EXPORT(activations);
const Activation& activation(ActivationKind kind) {
  static const Activation* table = HWY_DYNAMIC_DISPATCH(activations)();
  return table[int(kind)];
}
}  // namespace t9::nn
#endif
