// Element types of tensors and storages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace t9 {

// The order is that of the type masks and tables; files name types, so it may change.
enum class Type : uint8_t { Byte, Char, Short, Int, Long, Half, Float, Double };
inline constexpr int kTypeCount = 8;

// IEEE 754 binary16. Storage and conversion only: arithmetic happens in float.
struct Half {
  uint16_t bits = 0;
  Half() = default;
  explicit Half(float value);          // round to nearest even
  explicit operator float() const;
};

struct TypeInfo {
  const char* name;         // "Double"
  const char* tensor;       // "torch.DoubleTensor"
  const char* storage;      // "torch.DoubleStorage"
  const char* element;      // C name, as error texts print it
  const char* accumulator;  // "double" or "long"
  uint8_t size;
  bool floating;
};

extern const TypeInfo kTypeInfo[kTypeCount];
inline const TypeInfo& info(Type type) { return kTypeInfo[size_t(type)]; }

template <class T>
inline constexpr Type kTypeOf = std::is_same_v<T, uint8_t>   ? Type::Byte
                                : std::is_same_v<T, int8_t>  ? Type::Char
                                : std::is_same_v<T, int16_t> ? Type::Short
                                : std::is_same_v<T, int32_t> ? Type::Int
                                : std::is_same_v<T, int64_t> ? Type::Long
                                : std::is_same_v<T, Half>    ? Type::Half
                                : std::is_same_v<T, float>   ? Type::Float
                                                             : Type::Double;

// Sums and products: 64-bit integers, or double.
template <class T>
using Accumulator = std::conditional_t<std::is_integral_v<T>, int64_t, double>;

// A set of element types, as a bit mask.
using Types = uint16_t;
constexpr Types mask(Type t) { return Types(1u << unsigned(t)); }
inline constexpr Types kFloating = mask(Type::Float) | mask(Type::Double);
inline constexpr Types kIntegers =
    mask(Type::Byte) | mask(Type::Char) | mask(Type::Short) | mask(Type::Int) | mask(Type::Long);
inline constexpr Types kNumeric = kFloating | kIntegers;
inline constexpr Types kAllTypes = kNumeric | mask(Type::Half);

// Calls f(std::type_identity<element>{}) for the run-time type. A kernel dispatches once a call.
// The template argument restricts what is instantiated; other types call unsupported().
[[noreturn]] void unsupported_type(Type type);

template <Types kSet = kNumeric, class F>
decltype(auto) dispatch(Type type, F&& f) {
#define T9_CASE(NAME, CPP) \
  case Type::NAME:         \
    if constexpr ((kSet & mask(Type::NAME)) != 0) return f(std::type_identity<CPP>{}); \
    break;
  switch (type) {
    T9_CASE(Byte, uint8_t)
    T9_CASE(Char, int8_t)
    T9_CASE(Short, int16_t)
    T9_CASE(Int, int32_t)
    T9_CASE(Long, int64_t)
    T9_CASE(Half, Half)
    T9_CASE(Float, float)
    T9_CASE(Double, double)
  }
#undef T9_CASE
  unsupported_type(type);
}

// A number from a caller: both readings, so that 64-bit integers survive.
struct Scalar {
  double d = 0;
  int64_t i = 0;

  Scalar() = default;
  // Out of range and NaN become the lowest integer, as the processor's conversion does.
  Scalar(double value)
      : d(value), i(value >= -0x1p63 && value < 0x1p63 ? int64_t(value) : INT64_MIN) {}
  Scalar(int64_t value) : d(double(value)), i(value) {}
  Scalar(int value) : Scalar(int64_t(value)) {}

  template <class T>
  T to() const {
    if constexpr (std::is_integral_v<T>) return T(i);
    else if constexpr (std::is_same_v<T, Half>) return Half(float(d));
    else return T(d);
  }
};

}  // namespace t9
