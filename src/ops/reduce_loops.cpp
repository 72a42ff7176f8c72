// The loops of folds.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/reduce_loops.cpp"
#include <hwy/foreach_target.h>

#include "ops/folds.h"
#include "ops/loops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {

using namespace formula;

// Elements of T as vectors of doubles.
template <class D>
HWY_INLINE hn::Vec<D> load_double(D d, const double* x) { return hn::LoadU(d, x); }
template <class D>
HWY_INLINE hn::Vec<D> load_double(D d, const float* x) { return hn::PromoteTo(d, hn::LoadU(hn::Rebind<float, D>(), x)); }

// a + x. With AVX2, additions share two ports of a processor with the widening of floats; multiply-adds have others.
template <class D, class V>
HWY_INLINE V plus(D d, V a, V x) {
  if constexpr (HWY_TARGET == HWY_AVX2) return hn::MulAdd(x, hn::Set(d, 1), a);
  else return hn::Add(a, x);
}

// The vector forms of folds: step(accumulator, x), and join of two accumulators.
constexpr bool kPairsPay = HWY_TARGET != HWY_AVX2;  // widening from memory is as fast as loading there
template <class F>
struct VectorFold { static constexpr bool kExists = false; };
struct Joined {
  static constexpr bool kExists = true, kPairs = false;
  template <class V>
  static HWY_INLINE V join(V a, V b) { return hn::Add(a, b); }
};
template <>
struct VectorFold<Sum> : Joined {
  static constexpr bool kPairs = kPairsPay;
  template <class V>
  static HWY_INLINE V pair(V x, V y) { return hn::Add(x, y); }
  template <class D, class V>
  static HWY_INLINE V step(D d, V a, V x) { return plus(d, a, x); }
};
template <>
struct VectorFold<Product> {
  static constexpr bool kExists = true, kPairs = false;
  template <class V>
  static HWY_INLINE V join(V a, V b) { return hn::Mul(a, b); }
  template <class D, class V>
  static HWY_INLINE V step(D, V a, V x) { return hn::Mul(a, x); }
};
template <>
struct VectorFold<Squares> : Joined {
  static constexpr bool kPairs = kPairsPay;
  template <class V>
  static HWY_INLINE V pair(V x, V y) { return hn::MulAdd(x, x, hn::Mul(y, y)); }
  template <class D, class V>
  static HWY_INLINE V step(D, V a, V x) { return hn::MulAdd(x, x, a); }
};
template <>
struct VectorFold<Magnitudes> : Joined {
  template <class D, class V>
  static HWY_INLINE V step(D d, V a, V x) { return plus(d, a, hn::Abs(x)); }
};

// Floats of long rows are joined by twos before they are widened, which halves the work and costs a
// relative 2^-25 a pair. Returns how many were folded; none where a pair went out of range.
template <class F, class D, class V>
HWY_INLINE int64_t fold_pairs(D d, const float* x, int64_t n, V& a0, V& a1) {
  using VF = VectorFold<F>;
  const hn::Rebind<float, D> narrow;
  const int64_t lanes = int64_t(hn::Lanes(d));
  V b0 = a0, b1 = a1, b2 = a0, b3 = a1;
  int64_t k = 0;
  auto load = [&](int64_t at) HWY_ATTR {
    return hn::PromoteTo(d, VF::pair(hn::LoadU(narrow, x + at), hn::LoadU(narrow, x + at + lanes)));
  };
  for (; k + 8 * lanes <= n; k += 8 * lanes) {
    b0 = VF::join(b0, load(k));
    b1 = VF::join(b1, load(k + 2 * lanes));
    b2 = VF::join(b2, load(k + 4 * lanes));
    b3 = VF::join(b3, load(k + 6 * lanes));
  }
  const V total = VF::join(VF::join(b0, b1), VF::join(b2, b3));
  const double size = hn::GetLane(hn::SumOfLanes(d, hn::Abs(total)));
  if (!(size < 1e30) || (std::is_same_v<F, Squares> && !(size > 1e-25))) return 0;
  a0 = total;
  return k;
}

template <class F, class T>
void fold_row(const void* operand, int64_t n, double p, void* accumulator) {
  using A = Accumulator<T>;
  const T* x = static_cast<const T*>(operand);
  A total = A(F::kStart);
  int64_t k = 0;
  if constexpr (std::is_floating_point_v<T> && VectorFold<F>::kExists) {
    using VF = VectorFold<F>;
    const hn::ScalableTag<double> d;
    const int64_t lanes = int64_t(hn::Lanes(d));
    auto a0 = hn::Set(d, F::kStart), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
    if constexpr (std::is_same_v<T, float> && VF::kPairs)
      if (n >= 8192) k = fold_pairs<F>(d, x, n, a0, a1);
    for (; k + 8 * lanes <= n; k += 8 * lanes) {
      a0 = VF::step(d, a0, load_double(d, x + k));
      a1 = VF::step(d, a1, load_double(d, x + k + lanes));
      a2 = VF::step(d, a2, load_double(d, x + k + 2 * lanes));
      a3 = VF::step(d, a3, load_double(d, x + k + 3 * lanes));
      a4 = VF::step(d, a4, load_double(d, x + k + 4 * lanes));
      a5 = VF::step(d, a5, load_double(d, x + k + 5 * lanes));
      a6 = VF::step(d, a6, load_double(d, x + k + 6 * lanes));
      a7 = VF::step(d, a7, load_double(d, x + k + 7 * lanes));
    }
    a0 = VF::join(a0, a4), a1 = VF::join(a1, a5), a2 = VF::join(a2, a6), a3 = VF::join(a3, a7);
    for (; k + lanes <= n; k += lanes) a0 = VF::step(d, a0, load_double(d, x + k));
    HWY_ALIGN double parts[hn::MaxLanes(d)];
    hn::Store(VF::join(VF::join(a0, a1), VF::join(a2, a3)), d, parts);
    for (int64_t i = 0; i < lanes; ++i) total = F::kStart ? total * parts[i] : total + parts[i];
  }
  for (; k < n; ++k) total = F::of(total, A(x[k]), p);
  A& out = *static_cast<A*>(accumulator);
  if constexpr (std::is_same_v<F, Largest>) out = F::of(out, total, p);
  else if constexpr (F::kStart == 1) out = Product::of(out, total, p);
  else out = Sum::of(out, total, p);
}

// Eight rows at once: a row of accumulators is read and written less often.
template <class F, class T>
int64_t fold_eight_rows(const T* x, int64_t rows, int64_t stride, int64_t n, double* a) {
  using VF = VectorFold<F>;
  const hn::ScalableTag<double> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  int64_t j = 0;
  for (; j + 8 <= rows; j += 8, x += 8 * stride) {
    int64_t k = 0;
    auto two = [&](auto& u, auto& v, const T* at) HWY_ATTR {
      u = VF::step(d, u, load_double(d, at));
      v = VF::step(d, v, load_double(d, at + lanes));
    };
    for (; k + 2 * lanes <= n; k += 2 * lanes) {
      auto u = hn::LoadU(d, a + k), v = hn::LoadU(d, a + k + lanes);
      const T *low = x + k, *high = low + 4 * stride;
      two(u, v, low);
      two(u, v, low + stride);
      two(u, v, low + 2 * stride);
      two(u, v, low + 3 * stride);
      two(u, v, high);
      two(u, v, high + stride);
      two(u, v, high + 2 * stride);
      two(u, v, high + 3 * stride);
      hn::StoreU(u, d, a + k);
      hn::StoreU(v, d, a + k + lanes);
    }
    // The same arithmetic for the rest: where threads part the columns must not show in a result.
    const hn::CappedTag<double, 1> one;
    for (; k < n; ++k)
      for (int64_t i = 0; i < 8; ++i)
        hn::StoreU(VF::step(one, hn::LoadU(one, a + k), load_double(one, x + k + i * stride)), one, a + k);
  }
  return j;
}

template <class F, class T>
void fold_columns(const void* operand, int64_t rows, int64_t stride, int64_t n, double p, void* accumulators) {
  using A = Accumulator<T>;
  const T* x = static_cast<const T*>(operand);
  A* a = static_cast<A*>(accumulators);
  int64_t j = 0;
  if constexpr (std::is_floating_point_v<T> && VectorFold<F>::kExists) j = fold_eight_rows<F>(x, rows, stride, n, a);
  for (; j + 4 <= rows; j += 4) {
    const T *x0 = x + j * stride, *x1 = x0 + stride, *x2 = x1 + stride, *x3 = x2 + stride;
    T9_INDEPENDENT
    for (int64_t k = 0; k < n; ++k) a[k] = F::of(F::of(F::of(F::of(a[k], A(x0[k]), p), A(x1[k]), p), A(x2[k]), p), A(x3[k]), p);
  }
  for (; j < rows; ++j) {
    const T* x0 = x + j * stride;
    T9_INDEPENDENT
    for (int64_t k = 0; k < n; ++k) a[k] = F::of(a[k], A(x0[k]), p);
  }
}

template <class T>
void dot(const void* a, const void* b, int64_t n, void* accumulator) {
  const T *x = static_cast<const T*>(a), *y = static_cast<const T*>(b);
  using A = Accumulator<T>;
  A total = 0;
  int64_t k = 0;
  if constexpr (std::is_floating_point_v<T>) {
    const hn::ScalableTag<double> d;
    const int64_t lanes = int64_t(hn::Lanes(d));
    auto a0 = hn::Zero(d), a1 = a0, a2 = a0, a3 = a0;
    for (; k + 4 * lanes <= n; k += 4 * lanes) {
      a0 = hn::MulAdd(load_double(d, x + k), load_double(d, y + k), a0);
      a1 = hn::MulAdd(load_double(d, x + k + lanes), load_double(d, y + k + lanes), a1);
      a2 = hn::MulAdd(load_double(d, x + k + 2 * lanes), load_double(d, y + k + 2 * lanes), a2);
      a3 = hn::MulAdd(load_double(d, x + k + 3 * lanes), load_double(d, y + k + 3 * lanes), a3);
    }
    for (; k + lanes <= n; k += lanes) a0 = hn::MulAdd(load_double(d, x + k), load_double(d, y + k), a0);
    HWY_ALIGN double parts[hn::MaxLanes(d)];
    hn::Store(hn::Add(hn::Add(a0, a1), hn::Add(a2, a3)), d, parts);
    for (int64_t i = 0; i < lanes; ++i) total += parts[i];
  }
  for (; k < n; ++k) total = Add::of(total, Mul::of(A(x[k]), A(y[k])));
  A& out = *static_cast<A*>(accumulator);
  out = Add::of(out, total);
}

template <class T>
void moments_row(const void* operand, int64_t n, double shift, double* first, double* second) {
  const T* x = static_cast<const T*>(operand);
  const hn::ScalableTag<double> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const auto middle = hn::Set(d, shift);
  auto s0 = hn::Zero(d), s1 = s0, q0 = s0, q1 = s0;
  int64_t k = 0;
  for (; k + 2 * lanes <= n; k += 2 * lanes) {
    const auto u = hn::Sub(load_double(d, x + k), middle), v = hn::Sub(load_double(d, x + k + lanes), middle);
    s0 = hn::Add(s0, u);
    s1 = hn::Add(s1, v);
    q0 = hn::MulAdd(u, u, q0);
    q1 = hn::MulAdd(v, v, q1);
  }
  HWY_ALIGN double s[hn::MaxLanes(d)], q[hn::MaxLanes(d)];
  hn::Store(hn::Add(s0, s1), d, s);
  hn::Store(hn::Add(q0, q1), d, q);
  for (int64_t i = 0; i < lanes; ++i) *first += s[i], *second += q[i];
  for (; k < n; ++k) {
    const double u = double(x[k]) - shift;
    *first += u;
    *second += u * u;
  }
}

template <class T>
void moments_columns(const void* operand, int64_t rows, int64_t stride, int64_t n, double* first, double* second) {
  const T* x = static_cast<const T*>(operand);
  int64_t j = 0;
  for (; j + 4 <= rows; j += 4) {
    const T *x0 = x + j * stride, *x1 = x0 + stride, *x2 = x1 + stride, *x3 = x2 + stride;
    T9_INDEPENDENT
    for (int64_t k = 0; k < n; ++k) {
      const double shift = double(x[k]);
      const double a = double(x0[k]) - shift, b = double(x1[k]) - shift, c = double(x2[k]) - shift, e = double(x3[k]) - shift;
      first[k] += (a + b) + (c + e);
      second[k] += (a * a + b * b) + (c * c + e * e);
    }
  }
  for (; j < rows; ++j) {
    const T* x0 = x + j * stride;
    T9_INDEPENDENT
    for (int64_t k = 0; k < n; ++k) {
      const double a = double(x0[k]) - double(x[k]);
      first[k] += a;
      second[k] += a * a;
    }
  }
}

template <class F, class T>
void extremum_row(const void* operand, int64_t n, void* value) {
  const T* x = static_cast<const T*>(operand);
  T best = x[0];
  int64_t k = 0;
  if constexpr (std::is_floating_point_v<T>) {
    const hn::ScalableTag<T> d;
    const int64_t lanes = int64_t(hn::Lanes(d));
    if (n >= 2 * lanes) {
      auto m0 = hn::LoadU(d, x), m1 = hn::LoadU(d, x + lanes);
      auto nan = hn::Or(hn::IsNaN(m0), hn::IsNaN(m1));
      auto better = [&](auto v, auto m) HWY_ATTR {
        if constexpr (std::is_same_v<F, Maximum>) return hn::IfThenElse(hn::Gt(v, m), v, m);
        else return hn::IfThenElse(hn::Lt(v, m), v, m);
      };
      for (k = 2 * lanes; k + 2 * lanes <= n; k += 2 * lanes) {
        const auto u = hn::LoadU(d, x + k), v = hn::LoadU(d, x + k + lanes);
        nan = hn::Or(nan, hn::Or(hn::IsNaN(u), hn::IsNaN(v)));
        m0 = better(u, m0);
        m1 = better(v, m1);
      }
      HWY_ALIGN T parts[hn::MaxLanes(d)];
      hn::Store(hn::IfThenElse(nan, hn::Set(d, std::numeric_limits<T>::quiet_NaN()), better(m1, m0)), d, parts);
      best = parts[0];
      for (int64_t i = 1; i < lanes; ++i)
        if (F::better(parts[i], best)) best = parts[i];
    }
    for (; k < n; ++k)
      if (F::better(x[k], best)) best = x[k];
  } else {
    for (; k < n; ++k) best = F::better(x[k], best) ? x[k] : best;
  }
  *static_cast<T*>(value) = best;
}

template <class T>
int64_t find_value(const void* operand, int64_t n, const void* value) {
  const T* x = static_cast<const T*>(operand);
  const T v = *static_cast<const T*>(value);
  if (v != v) {
    for (int64_t k = 0; k < n; ++k)
      if (x[k] != x[k]) return k;
    return 0;
  }
  int64_t k = 0;
  if constexpr (std::is_floating_point_v<T>) {
    const hn::ScalableTag<T> d;
    const int64_t lanes = int64_t(hn::Lanes(d));
    const auto sought = hn::Set(d, v);
    for (; k + 2 * lanes <= n; k += 2 * lanes) {
      const auto found = hn::Or(hn::Eq(hn::LoadU(d, x + k), sought), hn::Eq(hn::LoadU(d, x + k + lanes), sought));
      if (!hn::AllFalse(d, found)) break;
    }
  } else for (; k + 128 <= n; k += 128) {
    T found = 0;
    for (int64_t i = 0; i < 128; ++i) found = x[k + i] == v ? T(1) : found;
    if (found != 0) break;
  }
  for (; k < n; ++k)
    if (x[k] == v) return k;
  return 0;
}

template <class F, class T>
void extremum_columns(const void* operand, int64_t rows, int64_t stride, int64_t n, void* values, int32_t* indices, int32_t first) {
  const T* x = static_cast<const T*>(operand);
  T* best = static_cast<T*>(values);
  for (int64_t j = 0; j < rows; ++j, x += stride) {
    const int32_t index = first + int32_t(j);
    T9_INDEPENDENT
    for (int64_t k = 0; k < n; ++k) {
      const T v = x[k], b = best[k];
      const bool better = F::better(v, b);
      best[k] = better ? v : b;
      indices[k] = better ? index : indices[k];
    }
  }
}

template <class F, class... T>
void fill_folds(Fold* to) {
  ((to[int(kTypeOf<T>)] = {fold_row<F, T>, fold_columns<F, T>}), ...);
}

template <class F>
void fill_extrema(Extremum* to) {
  auto add = [&]<class... T>(std::type_identity<T>...) {
    ((to[int(kTypeOf<T>)] = {extremum_row<F, T>, find_value<T>, extremum_columns<F, T>}), ...);
  };
  add(std::type_identity<uint8_t>{}, std::type_identity<int8_t>{}, std::type_identity<int16_t>{}, std::type_identity<int32_t>{},
      std::type_identity<int64_t>{}, std::type_identity<float>{}, std::type_identity<double>{});
}

struct Tables {
  Fold folds[kFoldCount][kTypeCount] = {};
  Dot dots[kTypeCount] = {dot<uint8_t>, dot<int8_t>, dot<int16_t>, dot<int32_t>, dot<int64_t>, nullptr, dot<float>, dot<double>};
  Moments moments[2] = {{moments_row<float>, moments_columns<float>}, {moments_row<double>, moments_columns<double>}};
  Extremum extrema[2][kTypeCount] = {};
  Tables() {
    fill_folds<Sum, uint8_t, int8_t, int16_t, int32_t, int64_t, float, double>(folds[int(FoldKind::Sum)]);
    fill_folds<Product, uint8_t, int8_t, int16_t, int32_t, int64_t, float, double>(folds[int(FoldKind::Product)]);
    fill_folds<Squares, float, double>(folds[int(FoldKind::Squares)]);
    fill_folds<Magnitudes, float, double>(folds[int(FoldKind::Magnitudes)]);
    fill_folds<Nonzeros, float, double>(folds[int(FoldKind::Nonzeros)]);
    fill_folds<Largest, float, double>(folds[int(FoldKind::Largest)]);
    fill_folds<Powers, float, double>(folds[int(FoldKind::Powers)]);
    fill_extrema<Maximum>(extrema[0]);
    fill_extrema<Minimum>(extrema[1]);
  }
};

const void* reduce_tables() {
  static const Tables tables;
  return &tables;
}
const Fold* find_fold(FoldKind kind, Type type) { return &static_cast<const Tables*>(reduce_tables())->folds[int(kind)][int(type)]; }
Dot find_dot(Type type) { return static_cast<const Tables*>(reduce_tables())->dots[int(type)]; }
const Moments* find_moments(Type type) { return &static_cast<const Tables*>(reduce_tables())->moments[type == Type::Double]; }
const Extremum* find_extremum(ExtremumKind kind, Type type) {
  return &static_cast<const Tables*>(reduce_tables())->extrema[int(kind)][int(type)];
}

}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9 {
HWY_EXPORT(find_fold);
HWY_EXPORT(find_dot);
HWY_EXPORT(find_moments);
HWY_EXPORT(find_extremum);
const Fold& fold(FoldKind kind, Type type) { return *HWY_DYNAMIC_DISPATCH(find_fold)(kind, type); }
Dot dot_kernel(Type type) { return HWY_DYNAMIC_DISPATCH(find_dot)(type); }
const Moments& moments(Type type) { return *HWY_DYNAMIC_DISPATCH(find_moments)(type); }
const Extremum& extremum(ExtremumKind kind, Type type) { return *HWY_DYNAMIC_DISPATCH(find_extremum)(kind, type); }
}  // namespace t9
#endif
