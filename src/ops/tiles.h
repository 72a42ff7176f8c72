// Visits operands of any layout in tiles that fit the L1 cache: what is not contiguous in a tile is
// gathered into a buffer by fast transposition or strided reads, so that kernels need contiguous loops only.
#pragma once

#include "ops/iterate.h"

namespace t9 {

inline constexpr int64_t kTileElements = 2048;
inline constexpr int64_t kTileBytes = kTileElements * 8;

// A rectangle of elements in memory: element (i, j) lies at data + (i * si + j * sj) * width.
struct Grid {
  char* data;
  int64_t si, sj;
};

// to(i, j) = from(i, j) for ni x nj elements of `width` bytes, which do not overlap.
void copy_grid(Grid to, Grid from, int64_t ni, int64_t nj, int width);

// Whether a visit of so many bytes is better off storing past the caches.
bool worth_streaming(int64_t bytes);

void fill_elements(void* to, const void* value, int64_t n, int width);
// Transposes of dense blocks: to[i + j * pitch] = from[i * step + j], in elements.
struct TileKernels {
  void (*transpose4)(void* to, int64_t pitch, const void* from, int64_t step, int64_t ni, int64_t nj);
  void (*transpose8)(void* to, int64_t pitch, const void* from, int64_t step, int64_t ni, int64_t nj);
  void (*fill[4])(void* to, const void* value, int64_t n);  // of 1, 2, 4, 8 bytes
  // memcpy past the caches, for aligned elements of up to 64 bytes; flush() after the last
  void (*stream)(void* to, const void* from, int64_t bytes);
  void (*flush)();
};
const TileKernels& tile_kernels();

// The plan of a visit. Operand 0 is the result; its smallest stride becomes dimension i of the tiles,
// dimension j is one along which another operand is dense, or simply the next.
class Tiling {
 public:
  // Operands that are missing repeat the result. `run` is the length along i of tiles with a transposition.
  explicit Tiling(const std::array<const Tensor*, 4>& t, int64_t run = 64);

  int64_t count() const { return tiles_i_ * tiles_j_ * outer_; }
  int64_t tile_elements() const { return tile_i_ * tile_j_; }
  int64_t step_i(int o) const { return walk_.stride[o][i_]; }
  int64_t step_j(int o) const { return j_ < 0 ? 0 : walk_.stride[o][j_]; }
  bool packed() const { return packed_; }  // runs along i are short: one kernel call for a whole tile

  // f(offsets, ni, nj) for each tile of [begin, end), offsets in elements.
  template <class F>
  void run(int64_t begin, int64_t end, F&& f) const {
    for (int64_t t = begin; t < end; ++t) {
      int64_t rest = t, offset[4] = {};
      const int64_t i = rest % tiles_i_ * tile_i_;
      rest /= tiles_i_;
      const int64_t j = rest % tiles_j_ * tile_j_;
      rest /= tiles_j_;
      for (int o = 0; o < 4; ++o) offset[o] = i * step_i(o) + j * step_j(o);
      for (int k = walk_.dims - 1; k >= 0; --k) {
        if (k == i_ || k == j_) continue;
        const int64_t at = rest % walk_.size[k];
        rest /= walk_.size[k];
        for (int o = 0; o < 4; ++o) offset[o] += at * walk_.stride[o][k];
      }
      f(offset, std::min(tile_i_, size_i_ - i), std::min(tile_j_, size_j_ - j));
    }
  }

 private:
  Walk<4> walk_;
  int i_, j_ = -1;
  int64_t size_i_, size_j_ = 1, tile_i_, tile_j_ = 1, tiles_i_, tiles_j_, outer_ = 1;
  bool packed_ = false;
};

}  // namespace t9
