#include "ops/tiles.h"

#include <unistd.h>

#include <cstring>

namespace t9 {

bool worth_streaming(int64_t bytes) {
  // The third level, or the part of a large shared one that a process can hope for.
  static const int64_t limit = [] {
    int64_t n = 0;
#ifdef _SC_LEVEL3_CACHE_SIZE
    n = sysconf(_SC_LEVEL3_CACHE_SIZE);
#endif
    constexpr int64_t kMost = int64_t(32) << 20;
    return n > 0 ? std::min(n, kMost) : kMost;
  }();
  return bytes > limit;
}

Tiling::Tiling(const std::array<const Tensor*, 4>& t, int64_t run) : walk_(t) {
  walk_.reorder();
  i_ = walk_.dims - 1;
  size_i_ = walk_.size[i_];
  bool dense = true;
  for (int o = 0; o < 4; ++o) {
    const int64_t step = walk_.stride[o][i_];
    if (step == 1) continue;
    dense = false;
    if (step == 0 || j_ >= 0) continue;
    int64_t least = step;
    for (int k = 0; k < i_; ++k)
      if (const int64_t s = walk_.stride[o][k]; s > 0 && s < least) {
        least = s;
        j_ = k;
      }
  }
  if (j_ >= 0) {
    tile_i_ = std::min(run, size_i_);
    tile_j_ = kTileElements / tile_i_;
  } else {
    // without buffers, tiles may be large
    const int64_t room = dense && size_i_ >= 64 ? 8 * kTileElements : kTileElements;
    tile_i_ = std::min(room, size_i_);
    if (2 * size_i_ <= room && walk_.dims > 1) {
      j_ = walk_.dims - 2;
      tile_j_ = room / size_i_;
    }
  }
  if (j_ >= 0) {
    size_j_ = walk_.size[j_];
    tile_j_ = std::min(tile_j_, size_j_);
    packed_ = tile_i_ < 64;
  }
  tiles_i_ = (size_i_ + tile_i_ - 1) / tile_i_;
  tiles_j_ = (size_j_ + tile_j_ - 1) / tile_j_;
  for (int k = 0; k < walk_.dims; ++k)
    if (k != i_ && k != j_) outer_ *= walk_.size[k];
}

namespace {

template <class T>
void strided(Grid to, Grid from, int64_t ni, int64_t nj) {
  for (int64_t j = 0; j < nj; ++j) {
    T* x = reinterpret_cast<T*>(to.data) + j * to.sj;
    const T* y = reinterpret_cast<const T*>(from.data) + j * from.sj;
    for (int64_t i = 0; i < ni; ++i) x[i * to.si] = y[i * from.si];
  }
}

// Square blocks, so that each line of either side is read or written while it is in the cache.
template <class T>
void transposed(Grid to, Grid from, int64_t ni, int64_t nj) {
  constexpr int64_t kBlock = 16;
  for (int64_t i = 0; i < ni; i += kBlock)
    for (int64_t j = 0; j < nj; j += kBlock)
      strided<T>({to.data + (i * to.si + j * to.sj) * int64_t(sizeof(T)), to.si, to.sj},
                 {from.data + (i * from.si + j * from.sj) * int64_t(sizeof(T)), from.si, from.sj},
                 std::min(kBlock, ni - i), std::min(kBlock, nj - j));
}

}  // namespace

void copy_grid(Grid to, Grid from, int64_t ni, int64_t nj, int width) {
  if (to.si == 1 && from.si == 1) {
    for (int64_t j = 0; j < nj; ++j) std::memcpy(to.data + j * to.sj * width, from.data + j * from.sj * width, size_t(ni * width));
    return;
  }
  if (to.si == 1 && from.si == 0) {
    for (int64_t j = 0; j < nj; ++j) fill_elements(to.data + j * to.sj * width, from.data + j * from.sj * width, ni, width);
    return;
  }
  if (to.si == 1 && from.sj == 1 && nj > 1 && width == 4)
    return tile_kernels().transpose4(to.data, to.sj, from.data, from.si, ni, nj);
  if (to.si == 1 && from.sj == 1 && nj > 1 && width == 8)
    return tile_kernels().transpose8(to.data, to.sj, from.data, from.si, ni, nj);
  const bool across = nj > 1 && from.sj < from.si;
  switch (width) {
    case 1: return across ? transposed<uint8_t>(to, from, ni, nj) : strided<uint8_t>(to, from, ni, nj);
    case 2: return across ? transposed<uint16_t>(to, from, ni, nj) : strided<uint16_t>(to, from, ni, nj);
    case 4: return across ? transposed<uint32_t>(to, from, ni, nj) : strided<uint32_t>(to, from, ni, nj);
    default: return across ? transposed<uint64_t>(to, from, ni, nj) : strided<uint64_t>(to, from, ni, nj);
  }
}

void fill_elements(void* to, const void* value, int64_t n, int width) {
  tile_kernels().fill[width == 1 ? 0 : width == 2 ? 1 : width == 4 ? 2 : 3](to, value, n);
}

}  // namespace t9
