// Loops over images whose planes stand in blocks of 8 or 16, as oneDNN's convolutions leave them:
// [n][chunk][position][lane]. Missing planes of the last chunk are zero.
#pragma once

#include "nn/dnnl.h"

namespace t9::nn {

struct ChannelBlocks {
  int64_t n = 0, planes = 0, chunks = 0, lanes = 0, area = 0;
  int64_t padded() const { return chunks * lanes; }
  int64_t size() const { return n * padded() * area; }
  int64_t chunk(int64_t i, int64_t c) const { return (i * chunks + c) * area * lanes; }
};

// False when the layout is another one.
bool channel_blocks(const Layout& layout, ChannelBlocks& out);
Layout block_layout(const Sizes& sizes, int64_t lanes);

// What batch normalisation needs; arrays have padded() entries.
struct BlockLoops {
  // means, and sums of squares of the differences from them
  void (*statistics)(const ChannelBlocks& b, const float* x, double* mean, double* square);
  // y = k x + s
  void (*affine)(const ChannelBlocks& b, const float* x, float* y, const float* k, const float* s);
  // sums of g, and of g (x - mean)
  void (*gradient_sums)(const ChannelBlocks& b, const float* x, const float* g, const float* mean, double* sum, double* dot);
  // r = k1 g + k2 x + k3
  void (*combine)(const ChannelBlocks& b, const float* x, const float* g, float* r, const float* k1, const float* k2,
                  const float* k3);
  void (*add)(const float* a, const float* b, float* r, int64_t n);
};
const BlockLoops& block_loops();

}  // namespace t9::nn
