// Maximum pooling of blocked images: the lanes of a block are pooled together.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/pooling_blocked.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <limits>

#include "nn/blocked.h"
#include "nn/pooling.h"

HWY_BEFORE_NAMESPACE();
namespace t9::nn::HWY_NAMESPACE {
namespace {

template <int kLanes>
void forward_chunks(const Pool& p, const float* x, float* y, int32_t* index, int64_t begin, int64_t end) {
  for (int64_t c = begin; c < end; ++c) {
    const float* plane = x + c * p.in_area() * kLanes;
    float* to = y + c * p.out_area() * kLanes;
    int32_t* at_to = index + c * p.out_area() * kLanes;
    for (int64_t t = 0; t < p.t.out; ++t)
      for (int64_t h = 0; h < p.h.out; ++h)
        for (int64_t w = 0; w < p.w.out; ++w, to += kLanes, at_to += kLanes) {
          float best[kLanes];
          int32_t at[kLanes];
          for (int l = 0; l < kLanes; ++l) best[l] = std::numeric_limits<float>::lowest(), at[l] = -1;
          for (int64_t i = p.t.begin(t), ie = p.t.end(t); i < ie; i += p.t.dilation)
            for (int64_t j = p.h.begin(h), je = p.h.end(h); j < je; j += p.h.dilation)
              for (int64_t k = p.w.begin(w), ke = p.w.end(w); k < ke; k += p.w.dilation) {
                const int32_t here = int32_t((i * p.h.in + j) * p.w.in + k);
                const float* from = plane + int64_t(here) * kLanes;
                for (int l = 0; l < kLanes; ++l) {
                  const bool more = (from[l] > best[l]) | (from[l] != from[l]);
                  best[l] = more ? from[l] : best[l];
                  at[l] = more ? here : at[l];
                }
              }
          for (int l = 0; l < kLanes; ++l) to[l] = best[l], at_to[l] = at[l];
        }
  }
}

template <int kLanes>
void backward_chunks(const Pool& p, const float* g, const int32_t* index, float* r, int64_t begin, int64_t end) {
  for (int64_t c = begin; c < end; ++c) {
    float* plane = r + c * p.in_area() * kLanes;
    std::fill_n(plane, p.in_area() * kLanes, 0.f);
    const int64_t base = c * p.out_area() * kLanes;
    for (int64_t o = base; o < base + p.out_area() * kLanes; o += kLanes)
      for (int l = 0; l < kLanes; ++l)
        if (index[o + l] >= 0) plane[int64_t(index[o + l]) * kLanes + l] += g[o + l];
  }
}

}  // namespace

struct MaxLoops {
  void (*forward)(const Pool&, const float*, float*, int32_t*, int64_t, int64_t);
  void (*backward)(const Pool&, const float*, const int32_t*, float*, int64_t, int64_t);
};
const void* max_loops(bool sixteen) {
  static const MaxLoops eight{forward_chunks<8>, backward_chunks<8>}, sixteens{forward_chunks<16>, backward_chunks<16>};
  return sixteen ? &sixteens : &eight;
}

}  // namespace t9::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9::nn {

HWY_EXPORT(max_loops);

namespace {

// As the tables above are laid out.
struct MaxEntries {
  void (*forward)(const Pool&, const float*, float*, int32_t*, int64_t, int64_t);
  void (*backward)(const Pool&, const float*, const int32_t*, float*, int64_t, int64_t);
};
const MaxEntries& entries(int64_t lanes) {
  return *static_cast<const MaxEntries*>(HWY_DYNAMIC_DISPATCH(max_loops)(lanes == 16));
}

// Positions from 0 in the planes, as the pooling found them.
struct BlockedIndices : PendingLayout {
  ChannelBlocks blocks;
  std::vector<int32_t> at;
  void plain(Tensor& t) override {
    int64_t* to = t.data<int64_t>();
    for (int64_t i = 0; i < blocks.n; ++i)
      for (int64_t c = 0; c < blocks.planes; ++c) {
        const int32_t* from = at.data() + blocks.chunk(i, c / blocks.lanes) + c % blocks.lanes;
        for (int64_t k = 0; k < blocks.area; ++k) *to++ = from[k * blocks.lanes] + 1;
      }
  }
};

Sizes batch(const Sizes& s, int dims) {
  Sizes out;
  if (s.n < dims) out.push(1);
  for (int k = 0; k < s.n; ++k) out.push(s[k]);
  return out;
}

}  // namespace

bool max_pool_blocked(const Pool& p, const Sizes& sizes, Tensor& input, Tensor& output, Tensor& indices) {
  std::shared_ptr<BlockedData> from = blocked(input);
  ChannelBlocks in;
  if (!from || !channel_blocks(from->layout, in) || !may_stay_blocked(indices) || p.in_area() >= INT32_MAX) return false;
  std::shared_ptr<BlockedData> to = leave_blocked(output, block_layout(batch(sizes, from->layout.ndims), in.lanes));
  if (!to) return false;
  auto at = std::make_unique<BlockedIndices>();
  channel_blocks(to->layout, at->blocks);
  at->at.resize(size_t(at->blocks.size()));
  const float* x = from->block.data();
  float* y = to->block.data();
  int32_t* index = at->at.data();
  auto f = entries(in.lanes).forward;
  parallel_for(in.n * in.chunks, 1 + p.grain() / in.lanes,
               [=, &p](int64_t begin, int64_t end) { f(p, x, y, index, begin, end); });
  if (in.planes % in.lanes) {  // an empty window is no zero, but the planes that nobody owns are
    const ChannelBlocks& o = at->blocks;
    for (int64_t i = 0; i < o.n; ++i)
      for (int64_t k = 0; k < o.area; ++k)
        for (int64_t l = o.planes % o.lanes; l < o.lanes; ++l) y[o.chunk(i, o.chunks - 1) + k * o.lanes + l] = 0;
  }
  discard_pending(indices);
  indices.set_pending(std::move(at));
  return true;
}

bool max_pool_blocked_gradient(const Pool& p, Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& indices) {
  std::shared_ptr<BlockedData> from = blocked(input);
  auto* at = (indices.flag & kTensorPending) ? dynamic_cast<BlockedIndices*>(indices.pending.get()) : nullptr;
  ChannelBlocks in;
  if (!from || !at || !channel_blocks(from->layout, in) || at->blocks.lanes != in.lanes || at->blocks.n != in.n ||
      at->blocks.planes != in.planes || at->blocks.area != p.out_area() || !may_stay_blocked(gradInput))
    return false;
  Sizes sizes = batch(gradOutput.sizes(), from->layout.ndims);
  Feed gradient(gradOutput, plain_layout(sizes), block_layout(sizes, in.lanes));
  const float* g = gradient.data();
  float* r = leave_blocked(gradInput, from->layout)->block.data();
  const int32_t* index = at->at.data();
  auto f = entries(in.lanes).backward;
  parallel_for(in.n * in.chunks, 1 + p.grain() / in.lanes,
               [=, &p](int64_t begin, int64_t end) { f(p, g, index, r, begin, end); });
  return true;
}

}  // namespace t9::nn
#endif
