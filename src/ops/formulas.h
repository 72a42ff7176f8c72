// The element-wise functions, as formulas: one struct each, with of(elements..., numbers...).
// Loops, types, layouts and threads belong to the templates around them (loops.h, pointwise.h); the
// transcendental ones have a vector form in vector_math-inl.h.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#ifdef __CUDACC__
#define T9_FORMULA __host__ __device__ static inline
#else
#define T9_FORMULA [[gnu::always_inline]] static inline
#endif

namespace t9::formula {

// Integer arithmetic wraps, so it is done on unsigned values.
template <class T>
using Wrap = std::conditional_t<!std::is_integral_v<T>, T, std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>>;
template <class T>
using Bits = typename std::conditional_t<std::is_integral_v<T>, std::make_unsigned<T>, std::type_identity<T>>::type;

// ---- of one element ----

struct Neg { template <class T> T9_FORMULA T of(T x) { return T(-Wrap<T>(x)); } };
struct Cinv { template <class T> T9_FORMULA T of(T x) { return T(1) / x; } };
struct Sign { template <class T> T9_FORMULA T of(T x) { return T((x > 0) - (x < 0)); } };
struct Abs {
  template <class T>
  T9_FORMULA T of(T x) {
    if constexpr (std::is_integral_v<T>) return x < 0 ? T(-Wrap<T>(x)) : x;
    else return std::fabs(x);
  }
};
struct Square { template <class T> T9_FORMULA T of(T x) { return x * x; } };
struct Cube { template <class T> T9_FORMULA T of(T x) { return x * x * x; } };
struct Sqrt { template <class T> T9_FORMULA T of(T x) { return std::sqrt(x); } };
struct Rsqrt { template <class T> T9_FORMULA T of(T x) { return T(1) / std::sqrt(x); } };
struct Ceil { template <class T> T9_FORMULA T of(T x) { return std::ceil(x); } };
struct Floor { template <class T> T9_FORMULA T of(T x) { return std::floor(x); } };
struct Trunc { template <class T> T9_FORMULA T of(T x) { return std::trunc(x); } };
struct Frac { template <class T> T9_FORMULA T of(T x) { return x - std::trunc(x); } };
struct Round {  // halves away from zero
  template <class T>
  T9_FORMULA T of(T x) {
    T t = std::trunc(x);
    T up = std::fabs(x - t) >= T(0.5) ? T(1) : T(0);
    return t + std::copysign(up, x);
  }
};
struct Exp { template <class T> T9_FORMULA T of(T x) { return std::exp(x); } };
struct Log { template <class T> T9_FORMULA T of(T x) { return std::log(x); } };
struct Log1p { template <class T> T9_FORMULA T of(T x) { return std::log1p(x); } };
struct Sin { template <class T> T9_FORMULA T of(T x) { return std::sin(x); } };
struct Cos { template <class T> T9_FORMULA T of(T x) { return std::cos(x); } };
struct Tan { template <class T> T9_FORMULA T of(T x) { return std::tan(x); } };
struct Asin { template <class T> T9_FORMULA T of(T x) { return std::asin(x); } };
struct Acos { template <class T> T9_FORMULA T of(T x) { return std::acos(x); } };
struct Atan { template <class T> T9_FORMULA T of(T x) { return std::atan(x); } };
struct Sinh { template <class T> T9_FORMULA T of(T x) { return std::sinh(x); } };
struct Cosh { template <class T> T9_FORMULA T of(T x) { return std::cosh(x); } };
struct Tanh { template <class T> T9_FORMULA T of(T x) { return std::tanh(x); } };
struct Sigmoid { template <class T> T9_FORMULA T of(T x) { return T(1) / (T(1) + std::exp(-x)); } };
struct Clamp { template <class T> T9_FORMULA T of(T x, T lo, T hi) { T y = x < lo ? lo : x; return y > hi ? hi : y; } };

// ---- of two ----

struct Add { template <class T> T9_FORMULA T of(T x, T y) { return T(Wrap<T>(x) + Wrap<T>(y)); } };
struct Sub { template <class T> T9_FORMULA T of(T x, T y) { return T(Wrap<T>(x) - Wrap<T>(y)); } };
struct Mul { template <class T> T9_FORMULA T of(T x, T y) { return T(Wrap<T>(x) * Wrap<T>(y)); } };
struct AddScaled { template <class T> T9_FORMULA T of(T x, T y, T v) { return Add::of(x, Mul::of(v, y)); } };

// Integer division truncates; by zero it gives zero.
struct Div {
  template <class T>
  T9_FORMULA T of(T x, T y) {
    if constexpr (!std::is_integral_v<T>) return x / y;
    else if (y == 0) return 0;
    else if constexpr (std::is_signed_v<T>) return y == T(-1) ? Neg::of(x) : T(x / y);
    else return T(x / y);
  }
};
struct Fmod {  // the sign of the dividend
  template <class T>
  T9_FORMULA T of(T x, T y) {
    if constexpr (!std::is_integral_v<T>) return std::fmod(x, y);
    else if (y == 0) return 0;
    else if constexpr (std::is_signed_v<T>) return y == T(-1) ? T(0) : T(x % y);
    else return T(x % y);
  }
};
struct Remainder {  // the sign of the divisor
  template <class T>
  T9_FORMULA T of(T x, T y) {
    if constexpr (!std::is_integral_v<T>) return y == 0 ? std::numeric_limits<T>::quiet_NaN() : x - y * std::floor(x / y);
    else {
      T r = Fmod::of(x, y);
      return r != 0 && (r < 0) != (y < 0) ? T(r + y) : r;
    }
  }
};

// Shifts work on the bits of the element's width; by the width or more they leave nothing.
struct ShiftLeft {
  template <class T>
  T9_FORMULA T of(T x, T y) {
    if constexpr (!std::is_integral_v<T>) return x * std::exp2(y);
    else return Bits<T>(y) < 8 * sizeof(T) ? T(Bits<T>(x) << Bits<T>(y)) : T(0);
  }
};
struct ShiftRight {
  template <class T>
  T9_FORMULA T of(T x, T y) {
    if constexpr (!std::is_integral_v<T>) return x / std::exp2(y);
    else return Bits<T>(y) < 8 * sizeof(T) ? T(Bits<T>(x) >> Bits<T>(y)) : T(0);
  }
};
struct BitAnd { template <class T> T9_FORMULA T of(T x, T y) { return T(x & y); } };
struct BitOr { template <class T> T9_FORMULA T of(T x, T y) { return T(x | y); } };
struct BitXor { template <class T> T9_FORMULA T of(T x, T y) { return T(x ^ y); } };

struct Max { template <class T> T9_FORMULA T of(T x, T y) { return x < y ? y : x; } };  // a NaN in x stays
struct Min { template <class T> T9_FORMULA T of(T x, T y) { return x > y ? y : x; } };
struct Pow {
  template <class T>
  T9_FORMULA T of(T x, T y) {
    if constexpr (!std::is_integral_v<T>) return std::pow(x, y);
    else {
      if constexpr (std::is_signed_v<T>)
        if (y < 0) return x == 1 ? T(1) : x == T(-1) ? T(y & 1 ? -1 : 1) : T(0);
      Wrap<T> base = Wrap<T>(x), out = 1;
      for (Bits<T> e = Bits<T>(y); e; e = Bits<T>(e >> 1), base *= base)
        if (e & 1) out *= base;
      return T(out);
    }
  }
};
struct PowOf { template <class T> T9_FORMULA T of(T x, T base) { return Pow::of(base, x); } };
struct Atan2 { template <class T> T9_FORMULA T of(T x, T y) { return std::atan2(x, y); } };
struct Lerp { template <class T> T9_FORMULA T of(T x, T y, T w) { return x + w * (y - x); } };

struct Less { template <class T> T9_FORMULA bool of(T x, T y) { return x < y; } };
struct Greater { template <class T> T9_FORMULA bool of(T x, T y) { return x > y; } };
struct LessEqual { template <class T> T9_FORMULA bool of(T x, T y) { return x <= y; } };
struct GreaterEqual { template <class T> T9_FORMULA bool of(T x, T y) { return x >= y; } };
struct Equal { template <class T> T9_FORMULA bool of(T x, T y) { return x == y; } };
struct NotEqual { template <class T> T9_FORMULA bool of(T x, T y) { return x != y; } };

// ---- of three ----

struct AddCmul { template <class T> T9_FORMULA T of(T x, T y, T z, T v) { return Add::of(x, Mul::of(Mul::of(v, y), z)); } };
struct AddCdiv { template <class T> T9_FORMULA T of(T x, T y, T z, T v) { return Add::of(x, Div::of(Mul::of(v, y), z)); } };

}  // namespace t9::formula
