// Conversions between element types.
#pragma once

#include "ops/loops.h"

namespace t9 {

// A number to an integer truncates, as C does; what is out of range keeps its low bits or becomes
// the lowest 32-bit value, as the processor likes.
template <class To, class From>
[[gnu::always_inline]] inline To convert_element(From v) {
  if constexpr (std::is_same_v<To, From>) return v;
  else if constexpr (std::is_same_v<From, Half>) return convert_element<To>(float(v));
  else if constexpr (std::is_same_v<To, Half>) return Half(float(v));
  else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From> && sizeof(To) < 8) return To(int32_t(v));
  else return To(v);
}

// From contiguous memory to contiguous memory.
Loop convert_loop(Type to, Type from);

}  // namespace t9
