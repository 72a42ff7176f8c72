// The transformed elements of images lie as [point][panel of 16 planes][tile][16], with 36 or 16 points: the products
// over the planes (or, for the gradient of the weights, over the tiles) then read and write whole lines in order. Tiles
// are taken in groups whose elements stay in the cache.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/winograd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstring>

#include "base/scratch.h"
#include "base/threads.h"
#include "nn/winograd.h"
#include "ops/tiles.h"

HWY_BEFORE_NAMESPACE();
namespace t9::nn::winograd::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 8>;
using V = hn::Vec<D>;
constexpr int kLanes = int(hn::MaxLanes(D()));
constexpr int kBlock = 8, kPanel = 16, kParts = kPanel / kLanes;
constexpr int64_t kGroupBytes = int64_t(6) << 20;

HWY_INLINE V times(float k, V x) { return hn::Mul(hn::Set(D(), k), x); }
HWY_INLINE V plus(V y, float k, V x) { return hn::MulAdd(hn::Set(D(), k), x, y); }

// The one-dimensional transforms; each is applied to columns, then to rows. In the paper's letters: Patch is B' d,
// Kernel G g, Result A' m; the gradients are their transposes.
struct Four {
  static constexpr int kTile = 4, kSide = 6, kPoints = 36;
  struct Patch {
    static constexpr int kFrom = 6, kTo = 6;
    static HWY_INLINE void apply(const V* d, V* r) {
      const V a = plus(d[4], -4, d[2]), b = plus(d[3], -4, d[1]);
      const V c = hn::Sub(d[4], d[2]), e = hn::Sub(d[3], d[1]);
      r[0] = plus(plus(d[4], 4, d[0]), -5, d[2]);
      r[1] = hn::Add(a, b);
      r[2] = hn::Sub(a, b);
      r[3] = plus(c, 2, e);
      r[4] = plus(c, -2, e);
      r[5] = plus(plus(d[5], 4, d[1]), -5, d[3]);
    }
  };
  struct Kernel {
    static constexpr int kFrom = 3, kTo = 6;
    static HWY_INLINE void apply(const V* g, V* r) {
      const V even = times(-1.f / 6, hn::Add(g[0], g[2])), odd = times(-1.f / 6, g[1]);
      const V near = plus(times(1.f / 24, g[0]), 1.f / 6, g[2]), half = times(1.f / 12, g[1]);
      r[0] = times(0.25f, g[0]);
      r[1] = hn::Add(even, odd);
      r[2] = hn::Sub(even, odd);
      r[3] = hn::Add(near, half);
      r[4] = hn::Sub(near, half);
      r[5] = g[2];
    }
  };
  struct KernelGradient {
    static constexpr int kFrom = 6, kTo = 3;
    static HWY_INLINE void apply(const V* u, V* r) {
      const V a = hn::Add(u[1], u[2]), b = hn::Add(u[3], u[4]);
      r[0] = plus(plus(times(0.25f, u[0]), -1.f / 6, a), 1.f / 24, b);
      r[1] = plus(times(1.f / 6, hn::Sub(u[2], u[1])), 1.f / 12, hn::Sub(u[3], u[4]));
      r[2] = plus(u[5], 1.f / 6, hn::Sub(b, a));
    }
  };
  struct Result {
    static constexpr int kFrom = 6, kTo = 4;
    static HWY_INLINE void apply(const V* m, V* r) {
      const V s1 = hn::Add(m[1], m[2]), s2 = hn::Add(m[3], m[4]), d1 = hn::Sub(m[1], m[2]), d2 = hn::Sub(m[3], m[4]);
      r[0] = hn::Add(hn::Add(m[0], s1), s2);
      r[1] = plus(d1, 2, d2);
      r[2] = plus(s1, 4, s2);
      r[3] = plus(hn::Add(d1, m[5]), 8, d2);
    }
  };
  struct ResultGradient {
    static constexpr int kFrom = 4, kTo = 6;
    static HWY_INLINE void apply(const V* y, V* r) {
      const V even = hn::Add(y[0], y[2]), odd = hn::Add(y[1], y[3]);
      const V far = plus(y[0], 4, y[2]), twice = plus(times(2, y[1]), 8, y[3]);
      r[0] = y[0];
      r[1] = hn::Add(even, odd);
      r[2] = hn::Sub(even, odd);
      r[3] = hn::Add(far, twice);
      r[4] = hn::Sub(far, twice);
      r[5] = y[3];
    }
  };
};

struct Two {
  static constexpr int kTile = 2, kSide = 4, kPoints = 16;
  struct Patch {
    static constexpr int kFrom = 4, kTo = 4;
    static HWY_INLINE void apply(const V* d, V* r) {
      r[0] = hn::Sub(d[0], d[2]);
      r[1] = hn::Add(d[1], d[2]);
      r[2] = hn::Sub(d[2], d[1]);
      r[3] = hn::Sub(d[1], d[3]);
    }
  };
  struct Kernel {
    static constexpr int kFrom = 3, kTo = 4;
    static HWY_INLINE void apply(const V* g, V* r) {
      const V even = times(0.5f, hn::Add(g[0], g[2])), odd = times(0.5f, g[1]);
      r[0] = g[0];
      r[1] = hn::Add(even, odd);
      r[2] = hn::Sub(even, odd);
      r[3] = g[2];
    }
  };
  struct KernelGradient {
    static constexpr int kFrom = 4, kTo = 3;
    static HWY_INLINE void apply(const V* u, V* r) {
      const V even = times(0.5f, hn::Add(u[1], u[2]));
      r[0] = hn::Add(u[0], even);
      r[1] = times(0.5f, hn::Sub(u[1], u[2]));
      r[2] = hn::Add(even, u[3]);
    }
  };
  struct Result {
    static constexpr int kFrom = 4, kTo = 2;
    static HWY_INLINE void apply(const V* m, V* r) {
      r[0] = hn::Add(hn::Add(m[0], m[1]), m[2]);
      r[1] = hn::Sub(hn::Sub(m[1], m[2]), m[3]);
    }
  };
  struct ResultGradient {
    static constexpr int kFrom = 2, kTo = 4;
    static HWY_INLINE void apply(const V* y, V* r) {
      r[0] = y[0];
      r[1] = hn::Add(y[0], y[1]);
      r[2] = hn::Sub(y[0], y[1]);
      r[3] = hn::Neg(y[1]);
    }
  };
};

// from(row, column) -> V; to(row, column, V).
template <class F, class Load, class Store>
HWY_INLINE void transform(Load&& from, Store&& to) {
  V half[F::kTo][F::kFrom];
  for (int j = 0; j < F::kFrom; ++j) {
    V in[F::kFrom], out[F::kTo];
    for (int i = 0; i < F::kFrom; ++i) in[i] = from(i, j);
    F::apply(in, out);
    for (int i = 0; i < F::kTo; ++i) half[i][j] = out[i];
  }
  for (int i = 0; i < F::kTo; ++i) {
    V out[F::kTo];
    F::apply(half[i], out);
    for (int j = 0; j < F::kTo; ++j) to(i, j, out[j]);
  }
}

// One image, or batch of them, that the tiles cut up.
struct Image {
  int64_t planes, h, w;
  int64_t blocks() const { return (planes + kBlock - 1) / kBlock; }
  int64_t panels() const { return (planes + kPanel - 1) / kPanel; }
  int64_t padded() const { return blocks() * kBlock; }
};

// Transformed elements of up to `most` tiles. Panels lie 6 lines more than a multiple of 16 lines apart, and points a
// line further than their panels need, so that the lines which are read together fall into different sets of the cache.
struct Transformed {
  int64_t tiles, next;
  Scratch<float> data;
  Transformed(int points, const Image& image, int64_t most)
      : tiles((most + 9) / 16 * 16 + 6), next((image.panels() * tiles + 1) * kPanel), data(points * next) {}
  float* at(int64_t point, int64_t panel, int64_t tile) const {
    return data + point * next + (panel * tiles + tile) * kPanel;
  }
};

struct Grid {
  int64_t n, rows, cols;
  Grid(int64_t images, const Image& result, int tile)
      : n(images), rows((result.h + tile - 1) / tile), cols((result.w + tile - 1) / tile) {}
  int64_t count() const { return n * rows * cols; }

  struct Place {
    int64_t image, top, left;
  };
  Place place(int64_t k, int tile) const { return {k / (rows * cols), k / cols % rows * tile, k % cols * tile}; }
};

// Tiles first..first + count of x, whose patches or tiles (F) begin at multiples of the tile's side less the padding.
template <class M, class F>
void transform_image(const Image& image, const Grid& grid, const float* x, int64_t pad_h, int64_t pad_w, int64_t first,
                     int64_t count, const Transformed& to) {
  constexpr int kSide = F::kFrom;
  const int64_t blocks = image.blocks();
  parallel_for(count * blocks, 64, [&](int64_t begin, int64_t end) HWY_ATTR {
    const D d;
    HWY_ALIGN float part[kSide * kSide * kBlock];
    for (int64_t k = begin; k < end; ++k) {
      const int64_t tile = k / blocks, block = k % blocks;
      const Grid::Place at = grid.place(first + tile, M::kTile);
      const int64_t top = at.top - pad_h, left = at.left - pad_w;
      const float* plane = x + (at.image * blocks + block) * image.h * image.w * kBlock;
      const float* from = plane + (top * image.w + left) * kBlock;
      int64_t row = image.w * kBlock;
      if (top < 0 || left < 0 || top + kSide > image.h || left + kSide > image.w) {
        std::memset(part, 0, sizeof part);
        const int64_t l = std::max<int64_t>(0, -left), r = std::min<int64_t>(kSide, image.w - left);
        if (l < r)
          for (int64_t a = std::max<int64_t>(0, -top); a < std::min<int64_t>(kSide, image.h - top); ++a)
            std::memcpy(part + (a * kSide + l) * kBlock, from + a * row + l * kBlock,
                        size_t((r - l) * kBlock) * sizeof(float));
        from = part;
        row = kSide * kBlock;
      }
      float* out = to.at(0, block / 2, tile) + block % 2 * kBlock;
      for (int lane = 0; lane < kBlock; lane += kLanes)
        transform<F>([&](int a, int b) HWY_ATTR { return hn::LoadU(d, from + a * row + b * kBlock + lane); },
                     [&](int a, int b, V v) HWY_ATTR { hn::StoreU(v, d, out + (a * M::kSide + b) * to.next + lane); });
    }
  });
}

// Writes tiles of y from their products. `bias` has padded() entries.
template <class M>
void finish_image(const Image& image, const Grid& grid, const Transformed& products, int64_t first, int64_t count,
                  const float* bias, float* y) {
  const int64_t blocks = image.blocks();
  parallel_for(count * blocks, 64, [&](int64_t begin, int64_t end) HWY_ATTR {
    const D d;
    for (int64_t k = begin; k < end; ++k) {
      const int64_t tile = k / blocks, block = k % blocks;
      const Grid::Place at = grid.place(first + tile, M::kTile);
      const int64_t rows = std::min<int64_t>(M::kTile, image.h - at.top),
                    cols = std::min<int64_t>(M::kTile, image.w - at.left);
      float* to = y + (((at.image * blocks + block) * image.h + at.top) * image.w + at.left) * kBlock;
      const float* from = products.at(0, block / 2, tile) + block % 2 * kBlock;
      for (int lane = 0; lane < kBlock; lane += kLanes) {
        const V b = hn::Load(d, bias + block * kBlock + lane);
        transform<typename M::Result>(
            [&](int r, int c) HWY_ATTR { return hn::LoadU(d, from + (r * M::kSide + c) * products.next + lane); },
            [&](int r, int c, V v) HWY_ATTR {
              if (r < rows && c < cols) hn::StoreU(hn::Add(v, b), d, to + (r * image.w + c) * kBlock + lane);
            });
      }
    }
  });
}

// Kernels as [point][panel of results][plane][16], for a convolution from `planes` to `results` planes.
struct Kernels {
  int64_t planes, panels, next;
  Scratch<float> data;
  Kernels(int points, int64_t p, int64_t results)
      : planes(p), panels((results + kPanel - 1) / kPanel), next(panels * p * kPanel + kPanel), data(points * next) {}
  float* at(int64_t point, int64_t panel) const { return data + point * next + panel * planes * kPanel; }
};

// Where the kernel from a plane to a result lies, and in which order its nine numbers are meant.
struct KernelOrder {
  int64_t plane, result;
  bool turned;
};

constexpr int64_t kTogether = 8;  // planes whose kernels follow each other are transposed together

template <class M>
void transform_kernels(const float* weight, const KernelOrder& order, int64_t planes, int64_t results,
                       const Kernels& to) {
  const int64_t together = order.plane == 9 ? kTogether : 1;
  parallel_for(to.panels, 1, [&](int64_t begin, int64_t end) HWY_ATTR {
    const D d;
    HWY_ALIGN float taps[kTogether * 9][kPanel];
    for (int64_t panel = begin; panel < end; ++panel) {
      const int64_t used = std::min<int64_t>(kPanel, results - panel * kPanel);
      std::memset(taps, 0, sizeof taps);
      for (int64_t c = 0; c < to.planes; ++c) {
        float* out = to.at(0, panel) + c * kPanel;
        if (c >= planes) {
          for (int p = 0; p < M::kPoints; ++p) std::memset(out + p * to.next, 0, kPanel * sizeof(float));
          continue;
        }
        if (c % together == 0)
          tile_kernels().transpose4(taps[0], kPanel, weight + c * order.plane + panel * kPanel * order.result,
                                    order.result, used, 9 * std::min(together, planes - c));
        const float* nine = taps[c % together * 9];
        for (int lane = 0; lane < kPanel; lane += kLanes)
          transform<typename M::Kernel>(
              [&](int a, int b)
                  HWY_ATTR { return hn::Load(d, nine + (order.turned ? 8 - a * 3 - b : a * 3 + b) * kPanel + lane); },
              [&](int a, int b, V v) HWY_ATTR { hn::Store(v, d, out + (a * M::kSide + b) * to.next + lane); });
      }
    }
  });
}

// clang-format off
// c[i][16] = (add: c[i][16] +) the sum over `steps` of a[i][k] b[k][16], for kRows rows. Where a row of `a` begins and a step
// goes is kRow and kStep; after `run` steps, they go on `next` further.
template <int kRows, int kRow, int kStep>
HWY_INLINE void product_rows(const float* HWY_RESTRICT a, int64_t run, int64_t next, int64_t steps,
                             const float* HWY_RESTRICT b, float* HWY_RESTRICT c, bool add) {
  const D d;
  V sum[kRows][kParts];
  HWY_UNROLL(16) for (int i = 0; i < kRows; ++i)
    HWY_UNROLL(16) for (int v = 0; v < kParts; ++v)
      sum[i][v] = add ? hn::Load(d, c + i * kPanel + v * kLanes) : hn::Zero(d);
  for (int64_t p = 0; p < steps; p += run, a += next) {
    const int64_t depth = std::min(run, steps - p);
    const float* x = a;
    for (int64_t k = 0; k < depth; ++k, x += kStep, b += kPanel) {
      V y[kParts];
      HWY_UNROLL(16) for (int v = 0; v < kParts; ++v) y[v] = hn::Load(d, b + v * kLanes);
      HWY_UNROLL(16) for (int i = 0; i < kRows; ++i) {
        const V xi = hn::Set(d, x[i * kRow]);
        HWY_UNROLL(16) for (int v = 0; v < kParts; ++v) sum[i][v] = hn::MulAdd(xi, y[v], sum[i][v]);
      }
    }
  }
  HWY_UNROLL(16) for (int i = 0; i < kRows; ++i)
    HWY_UNROLL(16) for (int v = 0; v < kParts; ++v) hn::Store(sum[i][v], d, c + i * kPanel + v * kLanes);
}
// clang-format on

constexpr int kRows = 6;

// Of tiles, over the planes.
template <int kLeft = kRows>
HWY_INLINE void product_some(int rows, const float* a, int64_t next_panel, int64_t planes, const float* b, float* c) {
  if (rows == kLeft) return product_rows<kLeft, kPanel, 1>(a, kPanel, next_panel, planes, b, c, false);
  if constexpr (kLeft > 1) product_some<kLeft - 1>(rows, a, next_panel, planes, b, c);
}

void products(int points, const Transformed& x, int64_t count, const Kernels& kernels, const Transformed& to) {
  parallel_for(points * kernels.panels, 1, [&](int64_t begin, int64_t end) HWY_ATTR {
    for (int64_t k = begin; k < end; ++k) {
      const int64_t point = k / kernels.panels, panel = k % kernels.panels;
      for (int64_t t = 0; t < count; t += kRows)
        product_some(int(std::min<int64_t>(kRows, count - t)), x.at(point, 0, t), x.tiles * kPanel, kernels.planes,
                     kernels.at(point, panel), to.at(point, panel, t));
    }
  });
}

int64_t group_size(int points, const Image& a, const Image& b, int64_t tiles) {
  const int64_t bytes = points * kPanel * int64_t(sizeof(float)) * (a.panels() + b.panels());
  const int64_t most = std::max<int64_t>(kRows, kGroupBytes / bytes / kRows * kRows);
  const int64_t groups = (tiles + most - 1) / most;
  return std::min(most, ((tiles + groups - 1) / groups + kRows - 1) / kRows * kRows);
}

template <class M>
void convolve(int64_t n, const Image& from, const Image& to, int64_t pad_h, int64_t pad_w, const float* x,
              const float* weight, const KernelOrder& order, const float* bias, float* y) {
  const Kernels kernels(M::kPoints, from.padded(), to.planes);
  transform_kernels<M>(weight, order, from.planes, to.planes, kernels);
  const Grid grid(n, to, M::kTile);
  const int64_t tiles = grid.count(), group = group_size(M::kPoints, from, to, tiles);
  const Transformed in(M::kPoints, from, group), out(M::kPoints, to, group);
  const Scratch<float> add(to.padded());
  std::fill_n(static_cast<float*>(add), to.padded(), 0.f);
  if (bias) std::copy_n(bias, to.planes, static_cast<float*>(add));
  for (int64_t first = 0; first < tiles; first += group) {
    const int64_t count = std::min(group, tiles - first);
    transform_image<M, typename M::Patch>(from, grid, x, pad_h, pad_w, first, count, in);
    products(M::kPoints, in, count, kernels, out);
    finish_image<M>(to, grid, out, first, count, add, y);
  }
}

void forward(const ConvShape& s, int tile, const float* x, const float* weight, const float* bias, float* y) {
  const Image from{s.c, s.in[1], s.in[2]}, to{s.o, s.out[1], s.out[2]};
  (tile == 4 ? convolve<Four> : convolve<Two>)(s.n, from, to, s.pad[1], s.pad[2], x, weight, {9, 9 * s.c, false}, bias,
                                               y);
}

void backward_data(const ConvShape& s, int tile, const float* gy, const float* weight, float* gx) {
  const Image from{s.o, s.out[1], s.out[2]}, to{s.c, s.in[1], s.in[2]};
  (tile == 4 ? convolve<Four> : convolve<Two>)(s.n, from, to, 2 - s.pad[1], 2 - s.pad[2], gy, weight,
                                               {9 * s.c, 9, true}, nullptr, gx);
}

void bias_gradient(const ConvShape& s, const float* gy, float* gradBias) {
  const int64_t blocks = (s.o + kBlock - 1) / kBlock, area = s.out_area();
  parallel_for(blocks, 1, [&](int64_t begin, int64_t end) HWY_ATTR {
    const D d;
    for (int64_t block = begin; block < end; ++block)
      for (int lane = 0; lane < kBlock; lane += kLanes) {
        double total[kBlock] = {};
        for (int64_t i = 0; i < s.n; ++i) {
          const float* p = gy + (i * blocks + block) * area * kBlock + lane;
          V sum = hn::Zero(d);
          for (int64_t k = 0; k < area; ++k) sum = hn::Add(sum, hn::LoadU(d, p + k * kBlock));
          HWY_ALIGN float lanes[kLanes];
          hn::Store(sum, d, lanes);
          for (int l = 0; l < kLanes; ++l) total[l] += double(lanes[l]);
        }
        for (int64_t l = 0; l < kLanes && block * kBlock + lane + l < s.o; ++l)
          gradBias[block * kBlock + lane + l] = float(total[l]);
      }
  });
}

// Of planes, over the tiles.
template <int kRows>
HWY_INLINE void add_tiles(const float* a, int64_t count, const float* b, float* c, bool add) {
  product_rows<kRows, 1, kPanel>(a, count, 0, count, b, c, add);
}

template <class M>
void kernel_gradient(const ConvShape& s, const float* x, const float* gy, float* gradWeight) {
  const Image from{s.c, s.in[1], s.in[2]}, to{s.o, s.out[1], s.out[2]};
  const Grid grid(s.n, to, M::kTile);
  const Kernels kernels(M::kPoints, from.padded(), to.planes);
  const int64_t tiles = grid.count(), group = group_size(M::kPoints, from, to, tiles);
  const Transformed in(M::kPoints, from, group), out(M::kPoints, to, group);
  for (int64_t first = 0; first < tiles; first += group) {
    const int64_t count = std::min(group, tiles - first);
    transform_image<M, typename M::Patch>(from, grid, x, s.pad[1], s.pad[2], first, count, in);
    transform_image<M, typename M::ResultGradient>(to, grid, gy, 0, 0, first, count, out);
    parallel_for(M::kPoints * kernels.panels, 1, [&](int64_t begin, int64_t end) HWY_ATTR {
      for (int64_t k = begin; k < end; ++k) {
        const int64_t point = k / kernels.panels, panel = k % kernels.panels;
        const float* b = out.at(point, panel, 0);
        for (int64_t c = 0; c < kernels.planes; c += kPanel) {
          const float* a = in.at(point, c / kPanel, 0);
          float* sum = kernels.at(point, panel) + c * kPanel;
          if (c + kPanel <= kernels.planes) {
            add_tiles<6>(a, count, b, sum, first > 0);
            add_tiles<5>(a + 6, count, b, sum + 6 * kPanel, first > 0);
            add_tiles<5>(a + 11, count, b, sum + 11 * kPanel, first > 0);
          } else {
            add_tiles<4>(a, count, b, sum, first > 0);
            add_tiles<4>(a + 4, count, b, sum + 4 * kPanel, first > 0);
          }
        }
      }
    });
  }
  parallel_for(kernels.panels, 1, [&](int64_t begin, int64_t end) HWY_ATTR {
    const D d;
    HWY_ALIGN float taps[9][kPanel];
    for (int64_t panel = begin; panel < end; ++panel)
      for (int64_t c = 0; c < s.c; ++c) {
        const float* sum = kernels.at(0, panel) + c * kPanel;
        for (int lane = 0; lane < kPanel; lane += kLanes)
          transform<typename M::KernelGradient>(
              [&](int a, int b) HWY_ATTR { return hn::Load(d, sum + (a * M::kSide + b) * kernels.next + lane); },
              [&](int a, int b, V v) HWY_ATTR { hn::Store(v, d, taps[a * 3 + b] + lane); });
        for (int64_t l = 0; l < kPanel && panel * kPanel + l < s.o; ++l) {
          float* g = gradWeight + ((panel * kPanel + l) * s.c + c) * 9;
          for (int k = 0; k < 9; ++k) g[k] = taps[k][l];
        }
      }
  });
}

void backward_weights(const ConvShape& s, int tile, const float* x, const float* gy, float* gradWeight,
                      float* gradBias) {
  (tile == 4 ? kernel_gradient<Four> : kernel_gradient<Two>)(s, x, gy, gradWeight);
  if (gradBias) bias_gradient(s, gy, gradBias);
}

int64_t lanes() { return int64_t(hn::Lanes(hn::ScalableTag<float>())); }

}  // namespace t9::nn::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9::nn::winograd {

HWY_EXPORT(forward);
HWY_EXPORT(backward_data);
HWY_EXPORT(backward_weights);
HWY_EXPORT(lanes);

namespace {
// In multiply-adds, measured on Zen 3: what transforming a number costs.
constexpr double kKernelCost = 30, kImageCost = 62;

double cost(const ConvShape& s, int64_t tile) {
  const double points = double((tile + 2) * (tile + 2));
  const double tiles = double(s.n * ((s.out[1] + tile - 1) / tile) * ((s.out[2] + tile - 1) / tile));
  return points * (double(s.c * s.o) * (tiles + kKernelCost) + double(s.c + s.o) * tiles * kImageCost);
}
}  // namespace

int tile(const ConvShape& s) {
  if (HWY_DYNAMIC_DISPATCH(lanes)() != 8 || !suits(s)) return 0;
  const double direct = 9.0 * double(s.c * s.o) * double(s.n * s.out_area()), two = cost(s, 2), four = cost(s, 4);
  if (std::min(two, four) > direct) return 0;
  return four <= two ? 4 : 2;
}

bool suits(const ConvShape& s) {
  return s.dims == 2 && s.groups == 1 && s.k[1] == 3 && s.k[2] == 3 && s.stride[1] == 1 && s.stride[2] == 1 &&
         s.dilation[1] == 1 && s.dilation[2] == 1 && s.pad[1] <= 1 && s.pad[2] <= 1 && s.c >= 32 && s.o >= 32 &&
         s.out[1] >= 4 && s.out[2] >= 4;
}

void forward(const ConvShape& s, int tile, const float* x, const float* weight, const float* bias, float* y) {
  HWY_DYNAMIC_DISPATCH(forward)(s, tile, x, weight, bias, y);
}
void backward_data(const ConvShape& s, int tile, const float* gy, const float* weight, float* gx) {
  HWY_DYNAMIC_DISPATCH(backward_data)(s, tile, gy, weight, gx);
}
void backward_weights(const ConvShape& s, int tile, const float* x, const float* gy, float* gradWeight,
                      float* gradBias) {
  HWY_DYNAMIC_DISPATCH(backward_weights)(s, tile, x, gy, gradWeight, gradBias);
}

}  // namespace t9::nn::winograd
#endif
