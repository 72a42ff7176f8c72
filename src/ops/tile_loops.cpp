// Transposition and filling of tiles.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/tile_loops.cpp"
#include <hwy/foreach_target.h>
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstring>

#include "ops/tiles.h"

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
void transpose_rest(T* to, int64_t pitch, const T* from, int64_t step, int64_t i0, int64_t i1, int64_t j0, int64_t j1) {
  for (int64_t j = j0; j < j1; ++j)
    for (int64_t i = i0; i < i1; ++i) to[i + j * pitch] = from[i * step + j];
}

void transpose4(void* result, int64_t pitch, const void* operand, int64_t step, int64_t ni, int64_t nj) {
  uint32_t* to = static_cast<uint32_t*>(result);
  const uint32_t* from = static_cast<const uint32_t*>(operand);
  int64_t full_i = 0, full_j = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::FixedTag<uint32_t, 4> d;
  const hn::FixedTag<uint64_t, 2> wide;
  full_i = ni & ~int64_t(3), full_j = nj & ~int64_t(3);
  for (int64_t i = 0; i < full_i; i += 4) {
    const uint32_t* row = from + i * step;
    uint32_t* column = to + i;
    for (int64_t j = 0; j < full_j; j += 4) {
      const auto a = hn::LoadU(d, row + j), b = hn::LoadU(d, row + step + j), c = hn::LoadU(d, row + 2 * step + j),
                 e = hn::LoadU(d, row + 3 * step + j);
      const auto ab0 = hn::BitCast(wide, hn::InterleaveLower(d, a, b)), ab1 = hn::BitCast(wide, hn::InterleaveUpper(d, a, b));
      const auto ce0 = hn::BitCast(wide, hn::InterleaveLower(d, c, e)), ce1 = hn::BitCast(wide, hn::InterleaveUpper(d, c, e));
      hn::StoreU(hn::BitCast(d, hn::InterleaveLower(wide, ab0, ce0)), d, column + j * pitch);
      hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(wide, ab0, ce0)), d, column + (j + 1) * pitch);
      hn::StoreU(hn::BitCast(d, hn::InterleaveLower(wide, ab1, ce1)), d, column + (j + 2) * pitch);
      hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(wide, ab1, ce1)), d, column + (j + 3) * pitch);
    }
  }
#endif
  transpose_rest(to, pitch, from, step, 0, full_i, full_j, nj);
  transpose_rest(to, pitch, from, step, full_i, ni, 0, nj);
}

void transpose8(void* result, int64_t pitch, const void* operand, int64_t step, int64_t ni, int64_t nj) {
  uint64_t* to = static_cast<uint64_t*>(result);
  const uint64_t* from = static_cast<const uint64_t*>(operand);
  int64_t full_i = 0, full_j = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::FixedTag<uint64_t, 2> d;
  full_i = ni & ~int64_t(1), full_j = nj & ~int64_t(1);
  for (int64_t i = 0; i < full_i; i += 2) {
    const uint64_t* row = from + i * step;
    uint64_t* column = to + i;
    for (int64_t j = 0; j < full_j; j += 2) {
      const auto a = hn::LoadU(d, row + j), b = hn::LoadU(d, row + step + j);
      hn::StoreU(hn::InterleaveLower(d, a, b), d, column + j * pitch);
      hn::StoreU(hn::InterleaveUpper(d, a, b), d, column + (j + 1) * pitch);
    }
  }
#endif
  transpose_rest(to, pitch, from, step, 0, full_i, full_j, nj);
  transpose_rest(to, pitch, from, step, full_i, ni, 0, nj);
}

template <class T>
void fill(void* to, const void* value, int64_t n) {
  T v;
  std::memcpy(&v, value, sizeof v);
  T* x = static_cast<T*>(to);
  for (int64_t k = 0; k < n; ++k) x[k] = v;
}

void stream(void* result, const void* operand, int64_t bytes) {
  const hn::ScalableTag<uint8_t> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  uint8_t* to = static_cast<uint8_t*>(result);
  const uint8_t* from = static_cast<const uint8_t*>(operand);
  int64_t k = std::min(bytes, int64_t(-uintptr_t(to) & uintptr_t(lanes - 1)));
  std::memcpy(to, from, size_t(k));
  for (; k + 4 * lanes <= bytes; k += 4 * lanes)
    for (int64_t i = 0; i < 4 * lanes; i += lanes) hn::Stream(hn::LoadU(d, from + k + i), d, to + k + i);
  std::memcpy(to + k, from + k, size_t(bytes - k));
}
void flush() { hwy::FlushStream(); }

const TileKernels* kernels() {
  static const TileKernels table = {
      transpose4, transpose8, {fill<uint8_t>, fill<uint16_t>, fill<uint32_t>, fill<uint64_t>}, stream, flush};
  return &table;
}

}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9 {
HWY_EXPORT(kernels);
const TileKernels& tile_kernels() {
  static const TileKernels* table = HWY_DYNAMIC_DISPATCH(kernels)();
  return *table;
}
}  // namespace t9
#endif
