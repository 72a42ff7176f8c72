// Transcendental functions of vectors, for the instruction set that is being compiled. Include after
// loops-inl.h's fashion: inside Highway's per-target inclusion.
//
// Error bounds in units in the last place, which tests/unit/simd_test.cpp enforces; the scalar functions
// of the C library stand behind what is out of range.
#if defined(T9_OPS_VECTOR_MATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef T9_OPS_VECTOR_MATH_INL_H
#undef T9_OPS_VECTOR_MATH_INL_H
#else
#define T9_OPS_VECTOR_MATH_INL_H
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <cmath>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE::vm {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
using Scalar = hn::TFromD<D>;
template <class D>
inline constexpr bool kFloat = std::is_same_v<Scalar<D>, float>;

// f of each lane, for lanes that the vector code does not cover.
template <class D, class V, class F>
HWY_NOINLINE V each_lane(D d, V x, F f) {
  HWY_ALIGN Scalar<D> lanes[hn::MaxLanes(d)];
  hn::Store(x, d, lanes);
  for (size_t k = 0; k < hn::Lanes(d); ++k) lanes[k] = f(lanes[k]);
  return hn::Load(d, lanes);
}
template <class D, class V, class F>
HWY_NOINLINE V each_lane(D d, V x, V y, F f) {
  HWY_ALIGN Scalar<D> lanes[hn::MaxLanes(d)], others[hn::MaxLanes(d)];
  hn::Store(x, d, lanes);
  hn::Store(y, d, others);
  for (size_t k = 0; k < hn::Lanes(d); ++k) lanes[k] = f(lanes[k], others[k]);
  return hn::Load(d, lanes);
}

// c0 + c1 x + ..., by Horner's rule
template <class D, class V, class... C>
HWY_INLINE V poly(D d, V x, double c0, C... more) {
  if constexpr (sizeof...(C) == 0) return hn::Set(d, Scalar<D>(c0));
  else return hn::MulAdd(poly(d, x, more...), x, hn::Set(d, Scalar<D>(c0)));
}

// a / b for b far from overflow and underflow.
template <class D, class V>
HWY_INLINE V quotient([[maybe_unused]] D d, V a, V b) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
  if constexpr (kFloat<D>) {
    V r = hn::ApproximateReciprocal(b);
    r = hn::MulAdd(hn::NegMulAdd(b, r, hn::Set(d, 1)), r, r);
    const V q = hn::Mul(a, r);
    return hn::MulAdd(hn::NegMulAdd(b, q, a), r, q);
  }
#endif
  return hn::Div(a, b);
}

// e^x = 2^n (1 + p), |x| < 2^20: returns p. `shifted` holds n in its low bits.
template <class D, class V>
HWY_INLINE V exp_parts(D d, V x, V& n, V& shifted) {
  using T = Scalar<D>;
  const V magic = hn::Set(d, kFloat<D> ? T(0x1.8p23) : T(0x1.8p52));
  shifted = hn::MulAdd(x, hn::Set(d, T(1.4426950408889634)), magic);
  n = hn::Sub(shifted, magic);
  V r;
  if constexpr (kFloat<D>) {
    r = hn::NegMulAdd(n, hn::Set(d, T(0.693359375)), x);
    r = hn::NegMulAdd(n, hn::Set(d, T(-2.12194440e-4)), r);
    const V q = poly(d, r, 0.50000000959686475, 0.16666518309190728, 0.041666203259963216, 0.0083689533155408124,
                     0.0013950656826444766);
    return hn::MulAdd(hn::Mul(r, r), q, r);
  } else {
    r = hn::NegMulAdd(n, hn::Set(d, T(0x1.62e42fee00000p-1)), x);
    r = hn::NegMulAdd(n, hn::Set(d, T(0x1.a39ef35793c76p-33)), r);
    const V q = poly(d, r, 0.5, 0.16666666666666685, 0.041666666666666727, 0.0083333333333166174, 0.0013888888888858439,
                     0.00019841269897362456, 2.4801587373770897e-05, 2.7557233928767755e-06, 2.7557233318358689e-07,
                     2.5112348738238357e-08, 2.0926959901966164e-09);
    return hn::MulAdd(hn::Mul(r, r), q, r);
  }
}

// 2^n of the integer in the low bits of `shifted`, where it is a normal number.
template <class D, class V>
HWY_INLINE V power_of_two(D d, V shifted) {
  const hn::RebindToSigned<D> di;
  constexpr int kBits = kFloat<D> ? 23 : 52;
  return hn::BitCast(d, hn::Add(hn::ShiftLeft<kBits>(hn::BitCast(di, shifted)), hn::BitCast(di, hn::Set(d, 1))));
}

// (1 + p) 2^n, for every result that the type holds.
template <class D, class V>
HWY_INLINE V scaled(D d, V p, V n) {
  using T = Scalar<D>;
#if HWY_TARGET == HWY_AVX3
  if constexpr (sizeof(V) == 64) {
    const V y = hn::Add(p, hn::Set(d, 1));
    if constexpr (kFloat<D>) return V{_mm512_scalef_ps(y.raw, n.raw)};
    else return V{_mm512_scalef_pd(y.raw, n.raw)};
  }
#endif
  // in two steps, for results below the normal numbers
  const V half = hn::Round(hn::Mul(n, hn::Set(d, T(0.5))));
  const V magic = hn::Set(d, kFloat<D> ? T(0x1.8p23) : T(0x1.8p52));
  const V s1 = power_of_two(d, hn::Add(half, magic)), s2 = power_of_two(d, hn::Add(hn::Sub(n, half), magic));
  return hn::Mul(hn::MulAdd(p, s1, s1), s2);
}

// 1 ulp
template <class D, class V>
HWY_INLINE V exp(D d, V x) {
  using T = Scalar<D>;
  // the limit first: a NaN stays
  x = hn::Max(hn::Set(d, kFloat<D> ? T(-104) : T(-746)), hn::Min(hn::Set(d, kFloat<D> ? T(89) : T(710)), x));
  V n, shifted;
  const V p = exp_parts(d, x, n, shifted);
  return scaled(d, p, n);
}

// e^x - 1 for x up to 88 (709), 2 ulp
template <class D, class V>
HWY_INLINE V expm1(D d, V x) {
  using T = Scalar<D>;
  const V one = hn::Set(d, 1);
  V n, shifted;
  const V p = exp_parts(d, hn::Max(hn::Set(d, kFloat<D> ? T(-30) : T(-60)), x), n, shifted);
  const V s = power_of_two(d, shifted);
  return hn::MulAdd(s, p, hn::Sub(s, one));
}

// 1 ulp; results below 2^-126 (2^-1022) are zero
template <class D, class V>
HWY_INLINE V sigmoid(D d, V x) {
  using T = Scalar<D>;
  const V lowest = hn::Set(d, kFloat<D> ? T(-87.25) : T(-708));
  const V z = hn::Neg(hn::Max(lowest, hn::Min(hn::Set(d, kFloat<D> ? T(30) : T(60)), x)));
  V n, shifted;
  const V p = exp_parts(d, z, n, shifted);
  const V s = power_of_two(d, shifted);
  const V y = quotient(d, hn::Set(d, 1), hn::Add(hn::MulAdd(p, s, s), hn::Set(d, 1)));
  return hn::IfThenZeroElse(hn::Lt(x, lowest), y);
}

// 2 ulp
template <class D, class V>
HWY_INLINE V tanh(D d, V x) {
  using T = Scalar<D>;
  const V one = hn::Set(d, 1);
  const V a = hn::Min(hn::Set(d, kFloat<D> ? T(10) : T(20)), hn::Abs(x));
  V n, shifted;
  const V p = exp_parts(d, hn::Add(a, a), n, shifted);
  const V s = power_of_two(d, shifted);
  const V u = hn::MulAdd(s, p, hn::Sub(s, one));  // e^2a - 1
  return hn::CopySignToAbs(quotient(d, u, hn::Add(u, hn::Set(d, 2))), x);
}

// The exponent and mantissa in [sqrt(1/2), sqrt(2)) of normal positive numbers.
template <class D, class V>
HWY_INLINE V split(D d, V x, V& exponent) {
  const hn::RebindToSigned<D> di;
  constexpr int kBits = kFloat<D> ? 23 : 52;
  const auto bits = hn::BitCast(di, x);
  const auto n = hn::ShiftRight<kBits>(hn::Sub(bits, hn::BitCast(di, hn::Set(d, Scalar<D>(0.70710678118654752)))));
  exponent = hn::ConvertTo(d, n);
  return hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<kBits>(n)));
}

// 1 ulp
template <class D, class V>
  requires kFloat<D>
HWY_INLINE V log(D d, V x) {
  const auto usual = hn::And(hn::Ge(x, hn::Set(d, 0x1p-126f)), hn::Lt(x, hn::Set(d, std::numeric_limits<float>::infinity())));
  if (HWY_UNLIKELY(!hn::AllTrue(d, usual))) return each_lane(d, x, [](float v) { return std::log(v); });
  V e;
  const V f = hn::Sub(split(d, x, e), hn::Set(d, 1));
  const V q = poly(d, f, 0.33333310393041693, -0.2499998642576996, 0.2000223037164239, -0.1666926324838614, 0.14218581114285747,
                   -0.12384072706236707, 0.11873332762671354, -0.11791692551007381, 0.069168079483522368);
  const V f2 = hn::Mul(f, f);
  V y = hn::Mul(hn::Mul(f, f2), q);
  y = hn::MulAdd(e, hn::Set(d, -2.12194440e-4f), y);
  y = hn::Add(f, hn::NegMulAdd(hn::Set(d, 0.5f), f2, y));
  return hn::MulAdd(e, hn::Set(d, 0.693359375f), y);
}
template <class D, class V>
  requires(!kFloat<D>)
HWY_INLINE V log(D d, V x) {
  const auto usual = hn::And(hn::Ge(x, hn::Set(d, 0x1p-1022)), hn::Lt(x, hn::Set(d, std::numeric_limits<double>::infinity())));
  if (HWY_UNLIKELY(!hn::AllTrue(d, usual))) return each_lane(d, x, [](double v) { return std::log(v); });
  return hn::Log(d, x);
}

// 3 ulp
template <class D, class V>
HWY_INLINE V log1p(D d, V x) {
  using T = Scalar<D>;
  const auto usual = hn::And(hn::Gt(x, hn::Set(d, -1)), hn::Lt(x, hn::Set(d, std::numeric_limits<T>::infinity())));
  if (HWY_UNLIKELY(!hn::AllTrue(d, usual))) return each_lane(d, x, [](T v) { return std::log1p(v); });
  return hn::Log1p(d, x);
}

// sin and cos of floats: absolute error 2^-22. The limit keeps the products below exact.
inline constexpr float kTrigonometricLimit = HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_SCALAR ? 8192 : 100000;
template <class D, class V>
HWY_INLINE void sin_cos(D d, V x, V& sine, V& cosine) {
  const hn::RebindToSigned<D> di;
  const V magic = hn::Set(d, 0x1.8p23f);
  const V shifted = hn::MulAdd(x, hn::Set(d, 0.636619772367581343f), magic);
  const V n = hn::Sub(shifted, magic);
  V r = hn::NegMulAdd(n, hn::Set(d, 1.5703125f), x);
  r = hn::NegMulAdd(n, hn::Set(d, 4.837512969970703125e-4f), r);
  r = hn::NegMulAdd(n, hn::Set(d, 7.54978995489188216e-8f), r);
  const V u = hn::Mul(r, r);
  const V s = hn::MulAdd(hn::Mul(u, r), poly(d, u, -0.16666654802905148, 0.0083321689265546759, -0.00019516012015188586), r);
  const V c = hn::MulAdd(hn::Mul(u, u), poly(d, u, 0.041666646628590563, -0.0013887355369070172, 2.4437008098835926e-05),
                         hn::NegMulAdd(hn::Set(d, 0.5f), u, hn::Set(d, 1)));
  const auto quadrant = hn::BitCast(di, shifted);
  const auto odd = hn::MaskFromVec(hn::BitCast(d, hn::Neg(hn::And(quadrant, hn::Set(di, 1)))));
  const V sign_s = hn::BitCast(d, hn::ShiftLeft<30>(hn::And(quadrant, hn::Set(di, 2))));
  const V sign_c = hn::BitCast(d, hn::ShiftLeft<30>(hn::And(hn::Add(quadrant, hn::Set(di, 1)), hn::Set(di, 2))));
  sine = hn::Xor(hn::IfThenElse(odd, c, s), sign_s);
  cosine = hn::Xor(hn::IfThenElse(odd, s, c), sign_c);
}
template <class D, class V>
HWY_INLINE bool in_range(D d, V x) {
  return hn::AllTrue(d, hn::Le(hn::Abs(x), hn::Set(d, kFloat<D> ? kTrigonometricLimit : 30000)));
}
template <class D, class V>
HWY_INLINE V sin(D d, V x) {
  if (HWY_UNLIKELY(!in_range(d, x))) return each_lane(d, x, [](auto v) { return std::sin(v); });
  if constexpr (kFloat<D>) {
    V s, c;
    sin_cos(d, x, s, c);
    return s;
  } else {
    return hn::Sin(d, x);
  }
}
template <class D, class V>
HWY_INLINE V cos(D d, V x) {
  if (HWY_UNLIKELY(!in_range(d, x))) return each_lane(d, x, [](auto v) { return std::cos(v); });
  if constexpr (kFloat<D>) {
    V s, c;
    sin_cos(d, x, s, c);
    return c;
  } else {
    return hn::Cos(d, x);
  }
}
template <class D, class V>
HWY_INLINE V tan(D d, V x) {
  if (HWY_UNLIKELY(!in_range(d, x))) return each_lane(d, x, [](auto v) { return std::tan(v); });
  if constexpr (kFloat<D>) {
    V s, c;
    sin_cos(d, x, s, c);
    return hn::Div(s, c);
  } else {
    return hn::Div(hn::Sin(d, x), hn::Cos(d, x));
  }
}

// 5 ulp
template <class D, class V>
HWY_INLINE V sinh(D d, V x) {
  using T = Scalar<D>;
  if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Le(hn::Abs(x), hn::Set(d, kFloat<D> ? T(88) : T(709))))))
    return each_lane(d, x, [](T v) { return std::sinh(v); });
  return hn::Sinh(d, x);
}

// 5 ulp
template <class D, class V>
HWY_INLINE V cosh(D d, V x) {
  const V half = hn::Set(d, Scalar<D>(0.5));
  const V e = exp(d, hn::Mul(hn::Abs(x), half));
  const V grown = hn::Mul(e, hn::Mul(e, half));
  return hn::Add(grown, hn::Div(hn::Set(d, Scalar<D>(0.25)), grown));
}

// |x|^y of normal |x| in double, where the exponent of x and its mantissa are given apart.
template <class D, class V>
HWY_INLINE V pow_parts(D d, V exponent, V mantissa, V reciprocal, V y) {
  const V one = hn::Set(d, 1);
  const V below = hn::Sub(mantissa, one), above = hn::Add(mantissa, one);
  reciprocal = hn::MulAdd(hn::NegMulAdd(above, reciprocal, one), reciprocal, reciprocal);
  V s = hn::Mul(below, reciprocal);
  s = hn::MulAdd(hn::NegMulAdd(above, s, below), reciprocal, s);
  const V u = hn::Mul(s, s);
  const V g = poly(d, u, 0.33333333337923837, 0.19999997802170835, 0.14286055586504728, 0.11088049101512366, 0.097927699462701856);
  const V log2 = hn::MulAdd(hn::Mul(s, hn::Set(d, 2.8853900817779268)), hn::MulAdd(g, u, one), exponent);
  const V z = hn::Max(hn::Set(d, -200.0), hn::Min(hn::Set(d, 200.0), hn::Mul(y, log2)));
  const V magic = hn::Set(d, 0x1.8p52);
  const V shifted = hn::Add(z, magic);
  const V f = hn::Sub(z, hn::Sub(shifted, magic));
  const V p = poly(d, f, 0.69314720810410768, 0.24022650730574627, 0.055503242797101615, 0.0096180968932580418,
                   0.0013401591179484907, 0.00015445634434506976);
  return hn::Mul(hn::MulAdd(p, f, one), power_of_two(d, shifted));
}

// |x|^y of usual operands: floats through double.
template <class D, class V>
  requires kFloat<D>
HWY_INLINE V pow_usual(D d, V a, V y) {
  const hn::Half<D> half;
  const hn::Rebind<double, decltype(half)> wide;
  V e;
  const V m = split(d, a, e);
  const V r = hn::Div(hn::Set(d, 1), hn::Add(m, hn::Set(d, 1)));
  auto part = [&](auto get) HWY_ATTR {
    return hn::DemoteTo(half, pow_parts(wide, hn::PromoteTo(wide, get(e)), hn::PromoteTo(wide, get(m)), hn::PromoteTo(wide, get(r)),
                                        hn::PromoteTo(wide, get(y))));
  };
  return hn::Combine(d, part([&](V v) HWY_ATTR { return hn::UpperHalf(half, v); }), part([&](V v) HWY_ATTR { return hn::LowerHalf(half, v); }));
}

// Doubles with the logarithm as a sum of two (exact products need fused multiply-add).
template <class D, class V>
  requires(!kFloat<D>)
HWY_INLINE V pow_usual(D d, V a, V y) {
  const V one = hn::Set(d, 1);
  V e;
  const V m = split(d, a, e);
  // s = (m - 1) / (m + 1)
  const V f = hn::Sub(m, one), b = hn::Add(m, one), b_low = hn::Sub(m, hn::Sub(b, one));
  const V r = hn::Div(one, b), s = hn::Mul(f, r);
  const V s_low = hn::Mul(hn::NegMulAdd(s, b_low, hn::NegMulAdd(s, b, f)), r);
  // log2(m) = 2/ln2 s (1 + w), w = u (1/3 + u g(u)), u = s^2
  const V u = hn::Mul(s, s), u_low = hn::MulAdd(hn::Add(s, s), s_low, hn::MulSub(s, s, u));
  const V t = hn::Mul(u, poly(d, u, 0.20000000000000001, 0.14285714285714102, 0.1111111111116283, 0.090909090825362235, 0.076923085297378471,
                              0.066666132180566634, 0.05884531542327099, 0.052084393864142431, 0.055265609598660587));
  const V third = hn::Set(d, 1.0 / 3), g = hn::Add(third, t);
  const V g_low = hn::Add(hn::Add(hn::Sub(third, g), t), hn::Set(d, 1.850371707708594e-17));
  const V w = hn::Mul(u, g), w_low = hn::MulAdd(u, g_low, hn::MulAdd(u_low, g, hn::MulSub(u, g, w)));
  const V l = hn::Add(one, w), l_low = hn::Add(hn::Add(hn::Sub(one, l), w), w_low);
  const V p = hn::Mul(s, l), p_low = hn::MulAdd(s, l_low, hn::MulAdd(s_low, l, hn::MulSub(s, l, p)));
  const V c = hn::Set(d, 2.8853900817779268), c_low = hn::Set(d, 4.0710547481862066e-17);
  const V q = hn::Mul(p, c), q_low = hn::MulAdd(p, c_low, hn::MulAdd(p_low, c, hn::MulSub(p, c, q)));
  const V log2 = hn::Add(e, q), log2_low = hn::Add(hn::Add(hn::Sub(e, log2), q), q_low);
  const V limit = hn::Set(d, 1100), z = hn::Mul(y, log2);
  const V z_low = hn::IfThenElseZero(hn::Le(hn::Abs(z), limit), hn::MulAdd(y, log2_low, hn::MulSub(y, log2, z)));
  const V bounded = hn::Max(hn::Neg(limit), hn::Min(limit, z));
  const V n = hn::Round(bounded);
  V rest_n, shifted;
  const V rest = hn::Mul(hn::Add(hn::Sub(bounded, n), z_low), hn::Set(d, 0.6931471805599453));
  const V grown = exp_parts(d, rest, rest_n, shifted);
  return scaled(d, grown, hn::Add(n, rest_n));
}

// 1 ulp (2 of doubles)
template <class D, class V>
HWY_INLINE V pow(D d, V x, V y) {
  using T = Scalar<D>;
  const V a = hn::Abs(x), zero = hn::Zero(d);
  const V infinity = hn::Set(d, std::numeric_limits<T>::infinity());
  const auto usual = hn::And(hn::And(hn::Lt(a, infinity), hn::Lt(hn::Abs(y), infinity)),
                             hn::Or(hn::Ge(a, hn::Set(d, std::numeric_limits<T>::min())), hn::Eq(x, zero)));
  if (HWY_UNLIKELY(!hn::AllTrue(d, usual))) return each_lane(d, x, y, [](T v, T w) { return std::pow(v, w); });
  V out = pow_usual(d, a, y);
  if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Gt(x, zero)))) {
    const V halved = hn::Mul(y, hn::Set(d, T(0.5)));
    const auto whole = hn::Eq(hn::Trunc(y), y), even = hn::Eq(hn::Trunc(halved), halved);
    const V of_zero = hn::IfThenElse(hn::Gt(y, zero), zero, hn::IfThenElse(hn::Eq(y, zero), hn::Set(d, 1), infinity));
    out = hn::IfThenElse(hn::Eq(x, zero), of_zero, out);
    out = hn::IfThenElse(hn::And(hn::Lt(x, zero), hn::Not(whole)), hn::Set(d, std::numeric_limits<T>::quiet_NaN()), out);
    out = hn::IfThenElse(hn::AndNot(even, whole), hn::CopySign(out, x), out);
  }
  return out;
}

}  // namespace t9::HWY_NAMESPACE::vm
HWY_AFTER_NAMESPACE();
#endif
