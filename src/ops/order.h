// Ordering elements by unsigned keys that carry their positions.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "ops/vector_sort.h"

namespace t9 {

// Keys in the order of the elements; NaN is above all. `flip` all ones reverses the order.
template <class T>
struct Key {
  using Bits = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
  using Raw = std::make_unsigned_t<std::conditional_t<sizeof(T) == 8, int64_t, std::conditional_t<sizeof(T) == 4, int32_t, std::conditional_t<sizeof(T) == 2, int16_t, int8_t>>>>;
  static constexpr int kBytes = int(sizeof(T));
  static constexpr Raw kSign = Raw(Raw(1) << (8 * sizeof(T) - 1));

  static Raw of(T v) {
    if constexpr (std::is_floating_point_v<T>) {
      Raw b = std::bit_cast<Raw>(v);
      b ^= Raw(Raw(0) - (b >> (8 * sizeof(T) - 1))) | kSign;
      return v == v ? b : Raw(~Raw(0));
    } else if constexpr (std::is_signed_v<T>) {
      return Raw(Raw(v) ^ kSign);
    } else {
      return v;
    }
  }
  static T value(Raw b) {
    if constexpr (std::is_floating_point_v<T>) return std::bit_cast<T>(Raw(b & kSign ? b ^ kSign : Raw(~b)));
    else if constexpr (std::is_signed_v<T>) return T(b ^ kSign);
    else return b;
  }
};

// A key with the position behind it: distinct, and compared as one integer. Equal elements keep their order.
template <class T>
struct Packed {
  using type = std::conditional_t<sizeof(T) == 8, unsigned __int128, uint64_t>;
  using K = Key<T>;
  static constexpr int kShift = sizeof(T) == 8 ? 64 : 32;

  typename K::Raw flip;
  explicit Packed(bool descending) : flip(descending ? typename K::Raw(~typename K::Raw(0)) : 0) {}

  type pack(T v, int64_t position) const { return type(typename K::Raw(K::of(v) ^ flip)) << kShift | type(position); }
  T value(type p) const { return K::value(typename K::Raw(typename K::Raw(p >> kShift) ^ flip)); }
  static int64_t position(type p) { return int64_t(uint64_t(p) & (kShift == 64 ? ~uint64_t(0) : 0xffffffffu)); }
};
inline constexpr int64_t kLongestLane = int64_t(1) << 32;  // positions have 32 bits

// Sorts by `bytes` bytes from bit `shift` up, with room for n more. Where the result is: `a` or `room`.
// Input must be in ascending order of the bits below.
template <class P>
P* sort_packed(P* a, P* room, int64_t n, int shift, int bytes) {
  constexpr int64_t kSmall = 128;
  if (n <= kSmall) {
    std::sort(a, a + n);
    return a;
  }
  if (bytes > 2 && vector_sort(a, n)) return a;
  uint32_t counts[8][256] = {};
  for (int64_t k = 0; k < n; ++k) {
    uint64_t key = uint64_t(a[k] >> shift);
    for (int b = 0; b < bytes; ++b) ++counts[b][key >> 8 * b & 255];
  }
  for (int b = 0; b < bytes; ++b) {
    uint32_t* start = counts[b];
    if (start[uint64_t(a[0] >> shift) >> 8 * b & 255] == n) continue;  // all alike
    uint32_t sum = 0;
    for (int d = 0; d < 256; ++d) {
      uint32_t c = start[d];
      start[d] = sum;
      sum += c;
    }
    for (int64_t k = 0; k < n; ++k) room[start[uint64_t(a[k] >> shift) >> 8 * b & 255]++] = a[k];
    std::swap(a, room);
  }
  return a;
}

// The element that stands at `k` (counted from 0) in order. Destroys both arrays.
template <class P>
P nth_packed(P* a, P* room, int64_t n, int64_t k) {
  for (int rounds = 0; n > 64 && rounds < 64; ++rounds) {
    P x = a[n / 4], y = a[n / 2], z = a[n - 1 - n / 4];
    P pivot = std::max(std::min(x, y), std::min(std::max(x, y), z));
    int64_t less = 0, rest = 0;
    for (int64_t i = 0; i < n; ++i) {  // no branches to predict
      P v = a[i];
      a[less] = v;
      room[rest] = v;
      bool below = v < pivot;
      less += below;
      rest += !below;
    }
    if (k < less) {
      n = less;
    } else {
      k -= less;
      n = rest;
      std::swap(a, room);
    }
  }
  std::nth_element(a, a + k, a + n);
  return a[k];
}

}  // namespace t9
