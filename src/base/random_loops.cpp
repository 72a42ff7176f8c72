#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/random_loops.cpp"
#include <hwy/foreach_target.h>

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "base/random.h"
#include "base/random_loops.h"

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE uint32_t mix(uint32_t u, uint32_t v) {
  uint32_t y = (u & 0x80000000u) | (v & 0x7fffffffu);
  return (y >> 1) ^ ((0u - (v & 1u)) & 0x9908b0dfu);
}

void twist(uint32_t* state) {
  constexpr int kWords = Generator::kWords, kShift = 397;
  for (int j = 0; j < kWords - kShift; ++j) state[j] = state[j + kShift] ^ mix(state[j], state[j + 1]);
  for (int j = kWords - kShift; j < kWords - 1; ++j) state[j] = state[j + kShift - kWords] ^ mix(state[j], state[j + 1]);
  state[kWords - 1] = state[kShift - 1] ^ mix(state[kWords - 1], state[0]);
}

void temper(const uint32_t* HWY_RESTRICT state, uint32_t* HWY_RESTRICT out, int64_t n) {
  for (int64_t k = 0; k < n; ++k) {
    uint32_t y = state[k];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    out[k] = y ^ (y >> 18);
  }
}

// Whole numbers below 2^32.
template <class D, class V>
HWY_INLINE hn::Vec<D> whole(D d, V words) {
  const hn::RebindToUnsigned<D> du;
  return hn::Sub(hn::BitCast(d, hn::Or(words, hn::Set(du, 0x4330000000000000u))), hn::Set(d, 0x1p52));
}

// c0 + c1 x + ...
template <class D, class V>
HWY_INLINE V series(D d, V, double c) {
  return hn::Set(d, c);
}
template <class D, class V, class... C>
HWY_INLINE V series(D d, V x, double c, C... more) {
  return hn::MulAdd(series(d, x, more...), x, hn::Set(d, c));
}

// cos and sin of 2 pi w / 2^32: the word tells the quadrant, polynomials cover |r| <= pi / 4 to 1 ulp.
template <class D, class V, class W>
HWY_INLINE void turn(D d, W w, V& cosine, V& sine) {
  const hn::RebindToUnsigned<D> du;
  const auto quadrant = hn::ShiftRight<30>(hn::Add(w, hn::Set(du, uint64_t(1) << 29)));
  const V k = whole(d, quadrant);
  const V angle = hn::Mul(hn::Set(d, 6.283185307179586), hn::Mul(whole(d, w), hn::Set(d, 0x1p-32)));
  const V r = hn::NegMulAdd(k, hn::Set(d, 6.123233995736766e-17), hn::NegMulAdd(k, hn::Set(d, 1.5707963267948966), angle));
  const V z = hn::Mul(r, r);
  const V s = hn::MulAdd(hn::Mul(r, z),
                         series(d, z, -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04,
                                2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10),
                         r);
  const V half = hn::Mul(z, hn::Set(d, 0.5));
  const V c = hn::Sub(hn::Set(d, 1.0),
                      hn::NegMulAdd(hn::Mul(z, z),
                                    series(d, z, 4.16666666666666019037e-02, -1.38888888888741095749e-03,
                                           2.48015872894767294178e-05, -2.75573143513906633035e-07,
                                           2.08757232129817482790e-09, -1.13596475577881948265e-11),
                                    half));
  const auto one = hn::Set(du, 1), two = hn::Set(du, 2);
  const auto odd = hn::MaskFromVec(hn::BitCast(d, hn::VecFromMask(du, hn::Eq(hn::And(quadrant, one), one))));
  const auto sign_s = hn::BitCast(d, hn::ShiftLeft<62>(hn::And(quadrant, two)));
  const auto sign_c = hn::BitCast(d, hn::ShiftLeft<62>(hn::And(hn::Add(quadrant, one), two)));
  sine = hn::Xor(hn::IfThenElse(odd, c, s), sign_s);
  cosine = hn::Xor(hn::IfThenElse(odd, s, c), sign_c);
}

void normal_pairs(const uint32_t* words, double* out, int64_t pairs) {
  const hn::ScalableTag<double> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const int64_t lanes = int64_t(hn::Lanes(d));
  HWY_ALIGN uint64_t in[hn::MaxLanes(d)] = {};
  HWY_ALIGN double rest[2 * hn::MaxLanes(d)];
  for (int64_t k = 0; k < pairs; k += lanes) {
    const bool whole_vector = k + lanes <= pairs;
    if (!whole_vector) __builtin_memcpy(in, words + 2 * k, size_t(pairs - k) * 8);
    const auto pair = whole_vector ? hn::BitCast(du, hn::LoadU(hn::RepartitionToNarrow<decltype(du)>(), words + 2 * k))
                                   : hn::Load(du, in);
    hn::Vec<decltype(d)> c, s;
    turn(d, hn::And(pair, hn::Set(du, 0xffffffffu)), c, s);
    const auto left = hn::Sub(hn::Set(du, uint64_t(1) << 32), hn::ShiftRight<32>(pair));  // 1 - y
    const auto rho = hn::Sqrt(hn::Mul(hn::Set(d, -2.0), hn::Log(d, hn::Mul(whole(d, left), hn::Set(d, 0x1p-32)))));
    hn::StoreInterleaved2(hn::Mul(rho, c), hn::Mul(rho, s), d, whole_vector ? out + 2 * k : rest);
    if (!whole_vector) __builtin_memcpy(out + 2 * k, rest, size_t(pairs - k) * 16);
  }
}

const RandomLoops* loops_for_target() {
  static constexpr RandomLoops loops{twist, temper, normal_pairs};
  return &loops;
}

}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9 {
HWY_EXPORT(loops_for_target);
const RandomLoops& random_loops() {
  static const RandomLoops* const loops = HWY_DYNAMIC_DISPATCH(loops_for_target)();
  return *loops;
}
}  // namespace t9
#endif
