// Loops over blocked images, and sums of tensors that keep their layout.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/blocked.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "nn/blocked.h"
#include "nn/families.h"
#include "nn/kernel.h"

HWY_BEFORE_NAMESPACE();
namespace t9::nn::HWY_NAMESPACE {
namespace {

// f(lanes as a constant): 8 or 16
template <class F>
void with_lanes(const ChannelBlocks& b, F f) {
  if (b.lanes == 16) f(std::integral_constant<int, 16>());
  else f(std::integral_constant<int, 8>());
}

constexpr int64_t kRun = 256;  // positions that are summed in floats

template <int kLanes, class F>
void chunk_sums(const ChannelBlocks& b, int64_t chunk, double* sums, F term) {
  for (int64_t i = 0; i < b.n; ++i) {
    const int64_t base = b.chunk(i, chunk);
    for (int64_t at = 0; at < b.area; at += kRun) {
      const int64_t end = std::min(b.area, at + kRun);
      float part[2][kLanes] = {};
      int64_t p = at;
      for (; p + 2 <= end; p += 2)
        for (int j = 0; j < 2; ++j)
          for (int l = 0; l < kLanes; ++l) part[j][l] += term(base + (p + j) * kLanes + l, l);
      for (; p < end; ++p)
        for (int l = 0; l < kLanes; ++l) part[0][l] += term(base + p * kLanes + l, l);
      for (int l = 0; l < kLanes; ++l) sums[l] += double(part[0][l]) + double(part[1][l]);
    }
  }
}

void statistics(const ChannelBlocks& b, const float* x, double* mean, double* square) {
  with_lanes(b, [=, &b](auto lanes) {
    constexpr int kLanes = decltype(lanes)::value;
    parallel_for(b.chunks, 1 + kGrain / (b.n * b.area * kLanes), [=, &b](int64_t begin, int64_t end) {
      for (int64_t c = begin; c < end; ++c) {
        double *m = mean + c * kLanes, *s = square + c * kLanes;
        std::fill_n(m, kLanes, 0.0);
        std::fill_n(s, kLanes, 0.0);
        chunk_sums<kLanes>(b, c, m, [=](int64_t at, int) { return x[at]; });
        float centre[kLanes];
        for (int l = 0; l < kLanes; ++l) {
          m[l] /= double(b.n * b.area);
          centre[l] = float(m[l]);
        }
        chunk_sums<kLanes>(b, c, s, [=](int64_t at, int l) { return (x[at] - centre[l]) * (x[at] - centre[l]); });
      }
    });
  });
}

void gradient_sums(const ChannelBlocks& b, const float* x, const float* g, const float* mean, double* sum, double* dot) {
  with_lanes(b, [=, &b](auto lanes) {
    constexpr int kLanes = decltype(lanes)::value;
    parallel_for(b.chunks, 1 + kGrain / (b.n * b.area * kLanes), [=, &b](int64_t begin, int64_t end) {
      for (int64_t c = begin; c < end; ++c) {
        double *s = sum + c * kLanes, *d = dot + c * kLanes;
        const float* m = mean + c * kLanes;
        std::fill_n(s, kLanes, 0.0);
        std::fill_n(d, kLanes, 0.0);
        chunk_sums<kLanes>(b, c, s, [=](int64_t at, int) { return g[at]; });
        chunk_sums<kLanes>(b, c, d, [=](int64_t at, int l) { return g[at] * (x[at] - m[l]); });
      }
    });
  });
}

void affine(const ChannelBlocks& b, const float* x, float* y, const float* k, const float* s) {
  with_lanes(b, [=, &b](auto lanes) {
    constexpr int kLanes = decltype(lanes)::value;
    parallel_for(b.n * b.chunks, 1 + kGrain / (b.area * kLanes), [=, &b](int64_t begin, int64_t end) {
      for (int64_t c = begin; c < end; ++c) {
        float scale[kLanes], shift[kLanes];
        for (int l = 0; l < kLanes; ++l) scale[l] = k[c % b.chunks * kLanes + l], shift[l] = s[c % b.chunks * kLanes + l];
        const float* from = x + c * b.area * kLanes;
        float* to = y + c * b.area * kLanes;
        for (int64_t p = 0; p < b.area; ++p)
          for (int l = 0; l < kLanes; ++l) to[p * kLanes + l] = from[p * kLanes + l] * scale[l] + shift[l];
      }
    });
  });
}

void combine(const ChannelBlocks& b, const float* x, const float* g, float* r, const float* k1, const float* k2,
             const float* k3) {
  with_lanes(b, [=, &b](auto lanes) {
    constexpr int kLanes = decltype(lanes)::value;
    parallel_for(b.n * b.chunks, 1 + kGrain / (b.area * kLanes), [=, &b](int64_t begin, int64_t end) {
      for (int64_t c = begin; c < end; ++c) {
        float a1[kLanes], a2[kLanes], a3[kLanes];
        for (int l = 0; l < kLanes; ++l) {
          const int64_t at = c % b.chunks * kLanes + l;
          a1[l] = k1[at], a2[l] = k2[at], a3[l] = k3[at];
        }
        const int64_t base = c * b.area * kLanes;
        for (int64_t p = base; p < base + b.area * kLanes; p += kLanes)
          for (int l = 0; l < kLanes; ++l) r[p + l] = a1[l] * g[p + l] + a2[l] * x[p + l] + a3[l];
      }
    });
  });
}

void add(const float* a, const float* b, float* r, int64_t n) {
  parallel_for(n, kGrain, [=](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) r[k] = a[k] + b[k];
  });
}

}  // namespace

const BlockLoops* blocked_table() {
  static const BlockLoops table{statistics, affine, gradient_sums, combine, add};
  return &table;
}

}  // namespace t9::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9::nn {

HWY_EXPORT(blocked_table);

const BlockLoops& block_loops() {
  static const BlockLoops* table = HWY_DYNAMIC_DISPATCH(blocked_table)();
  return *table;
}

Layout block_layout(const Sizes& sizes, int64_t lanes) {
  Layout out = plain_layout(sizes);
  auto& f = out.format_desc.blocking;
  f.inner_nblks = 1;
  f.inner_blks[0] = lanes;
  f.inner_idxs[0] = 1;
  out.padded_dims[1] = (sizes[1] + lanes - 1) / lanes * lanes;
  int64_t stride = lanes;
  for (int k = sizes.n - 1; k >= 2; --k) {
    f.strides[k] = stride;
    stride *= sizes[k];
  }
  f.strides[1] = stride;
  f.strides[0] = stride * (out.padded_dims[1] / lanes);
  return out;
}

bool channel_blocks(const Layout& layout, ChannelBlocks& b) {
  if (layout.format_kind != dnnl_blocked || layout.format_desc.blocking.inner_nblks != 1 || layout.ndims < 3) return false;
  b.lanes = layout.format_desc.blocking.inner_blks[0];
  if (b.lanes != 8 && b.lanes != 16) return false;
  Sizes sizes(layout.dims, layout.ndims);
  if (!same_layout(layout, block_layout(sizes, b.lanes))) return false;
  b.n = sizes[0];
  b.planes = sizes[1];
  b.chunks = layout.padded_dims[1] / b.lanes;
  b.area = 1;
  for (int k = 2; k < sizes.n; ++k) b.area *= sizes[k];
  return true;
}

namespace {

// result = a + b, in the layout of a where it is blocked. With inplace, the result shares a's elements.
void table_sum(Tensor& result, Tensor& a, Tensor& b, bool inplace) {
  check_same_count(a, b, "first", "second");
  std::shared_ptr<BlockedData> pa = blocked(a);
  if (pa && a.same_size(b) && a.nDimension == pa->layout.ndims && &result != &b) {
    std::shared_ptr<BlockedData> to = pa;
    if (inplace) share_blocked(result, a);
    else if (&result != &a) result.resize_as(a), to = leave_blocked(result, pa->layout);
    if (to) {
      Feed fb(b, plain_layout(a.sizes()), pa->layout);
      return block_loops().add(pa->block.data(), fb.data(), to->block.data(), pa->elements());
    }
  }
  if (inplace) result.set(a);
  else result.resize_as(a);
  Dense x(a), y(b);
  DenseResult r(result);
  floating(a, [&](auto t) {
    using T = typename decltype(t)::type;
    const T *px = x.data<T>(), *py = y.data<T>();
    T* pr = r.data<T>();
    parallel_for(a.numel(), kGrain, [=](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) pr[k] = px[k] + py[k];
    });
  });
}

// The same elements under a second tensor, blocked or not: result:set(a).
void table_share(Tensor& result, Tensor& a) {
  if (blocked(a)) share_blocked(result, a);
  else result.set(a);
}

void table_copy(Tensor& result, Tensor& a) {
  result.resize_as(a);
  std::shared_ptr<BlockedData> from = blocked(a);
  std::shared_ptr<BlockedData> to = from && &result != &a ? leave_blocked(result, from->layout) : nullptr;
  if (!to) return copy(result, a);
  std::memcpy(to->block.data(), from->block.data(), size_t(from->elements()) * sizeof(float));
}

}  // namespace
}  // namespace t9::nn

namespace t9 {
OpList blocked_kernels() {
  return {
      kernel("Table_sum", sig<nn::table_sum, "T T T boolean">{}),
      kernel("Table_copy", sig<nn::table_copy, "T T">{}),
      kernel("Table_share", sig<nn::table_share, "T T">{}),
  };
}
}  // namespace t9
#endif
