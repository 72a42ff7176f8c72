// Batch, layer, group and root-mean-square normalisation, and local response normalisation.
// Compiled once for each instruction set: the compiler turns these loops into vectors.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/normalization.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cmath>
#include <optional>

#include "nn/blocked.h"
#include "nn/families.h"
#include "nn/kernel.h"

HWY_BEFORE_NAMESPACE();
namespace t9::nn::HWY_NAMESPACE {

namespace {

// Sums in strands that the compiler keeps in vectors; blocks add up in double.
template <class T, class F>
double strands(int64_t n, F term) {
  double total = 0;
  for (int64_t at = 0; at < n; at += 4096) {
    const int64_t end = std::min(n, at + 4096);
    T part[16] = {};
    int64_t k = at;
    for (; k + 16 <= end; k += 16)
      for (int i = 0; i < 16; ++i) part[i] += term(k + i);
    double sum = 0;
    for (; k < end; ++k) sum += term(k);
    for (T p : part) sum += p;
    total += sum;
  }
  return total;
}

// [n][planes][area]
struct Extent {
  int64_t n = 1, planes = 1, area = 1;
  explicit Extent(const Tensor& x) {
    T9_CHECK(x.nDimension >= 2, "a batch expected: at least 2 dimensions");
    n = x.size[0];
    planes = x.size[1];
    for (int k = 2; k < x.nDimension; ++k) area *= x.size[k];
  }
  int64_t count() const { return n * area; }
};

void check_planes(const Tensor* t, int64_t planes, const char* name) {
  T9_CHECK(!t || t->numel() == planes, "%s has %lld elements, expected %lld", name, t ? (long long)t->numel() : 0ll,
           (long long)planes);
}

// Vectors that may be missing: null then.
struct Optional {
  std::optional<Dense> dense;
  explicit Optional(const Tensor* t) {
    if (t) dense.emplace(*t);
  }
  template <class T>
  const T* data() const { return dense ? dense->data<T>() : nullptr; }
};
struct OptionalResult {
  std::optional<DenseResult> dense;
  explicit OptionalResult(Tensor* t) {
    if (t) dense.emplace(*t, true);
  }
  template <class T>
  T* data() const { return dense ? dense->data<T>() : nullptr; }
};

// sums[c] += term(i, c) over all rows; a few rows at a time stay in T, for the vectors.
template <class T, class F>
void column_sums(int64_t n, int64_t columns, double* sums, F term) {
  std::vector<T> part(static_cast<size_t>(columns));
  T* p = part.data();
  for (int64_t at = 0; at < n; at += 32) {
    std::fill_n(p, columns, T(0));
    for (int64_t i = at; i < std::min(n, at + 32); ++i)
      for (int64_t c = 0; c < columns; ++c) p[c] += term(i, c);
    for (int64_t c = 0; c < columns; ++c) sums[c] += double(p[c]);
  }
}

// Matrices without area: statistics run down the rows.
template <class T>
void column_statistics(const T* x, int64_t n, int64_t planes, double* mean, double* square) {
  column_sums<T>(n, planes, mean, [=](int64_t i, int64_t c) { return x[i * planes + c]; });
  std::vector<T> centre(static_cast<size_t>(planes));
  for (int64_t c = 0; c < planes; ++c) {
    mean[c] /= double(n);
    centre[size_t(c)] = T(mean[c]);
  }
  const T* m = centre.data();
  column_sums<T>(n, planes, square, [=](int64_t i, int64_t c) {
    const T z = x[i * planes + c] - m[c];
    return z * z;
  });
}

void batch_norm(Tensor& input, Tensor& output, Tensor* weight, Tensor* bias, Tensor& running_mean, Tensor& running_var,
                Tensor& save_mean, Tensor& save_std, bool train, double momentum, double eps) {
  Extent e(input);
  for (const Tensor* t : {weight, bias}) check_planes(t, e.planes, "weight");
  for (const Tensor* t : {&running_mean, &running_var, &save_mean, &save_std}) check_planes(t, e.planes, "running_mean");
  output.resize_as(input);
  Dense x(input);
  Optional w(weight), b(bias);
  DenseResult rm(running_mean, true), rv(running_var, true), sm(save_mean, true), ss(save_std, true);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *pw = w.data<T>(), *pb = b.data<T>();
    T *prm = rm.data<T>(), *prv = rv.data<T>(), *psm = sm.data<T>(), *pss = ss.data<T>();
    const size_t room = size_t(e.planes) + 16;  // blocked images have planes that belong to nobody: zeros
    std::vector<T> scale(room), shift(room);
    T *ps = scale.data(), *pt = shift.data();

    auto settle = [=](int64_t c, double mean, double square) {
      const double count = double(e.count());
      double inverse;
      if (train) {
        inverse = square == 0 && eps == 0 ? 0 : 1 / std::sqrt(square / count + eps);
        psm[c] = T(mean);
        pss[c] = T(inverse);
        prm[c] = T(momentum * mean + (1 - momentum) * double(prm[c]));
        prv[c] = T(momentum * square / (count - 1) + (1 - momentum) * double(prv[c]));
      } else {
        inverse = 1 / std::sqrt(double(prv[c]) + eps);
        mean = double(prm[c]);
      }
      const double k = pw ? double(pw[c]) * inverse : inverse;
      ps[c] = T(k);
      pt[c] = T((pb ? double(pb[c]) : 0) - mean * k);
    };

    if constexpr (std::is_same_v<T, float>) {
      std::shared_ptr<BlockedData> from = blocked(input);
      ChannelBlocks blocks;
      if (from && from->layout.ndims == input.nDimension && channel_blocks(from->layout, blocks) &&
          may_stay_blocked(output)) {
        std::vector<double> mean(room), square(room);
        if (train) block_loops().statistics(blocks, from->block.data(), mean.data(), square.data());
        for (int64_t c = 0; c < e.planes; ++c) settle(c, mean[size_t(c)], square[size_t(c)]);
        return block_loops().affine(blocks, from->block.data(), leave_blocked(output, from->layout)->block.data(), ps, pt);
      }
    }
    const T* px = x.data<T>();
    DenseResult y(output);
    T* py = y.data<T>();
    if (e.area == 1) {
      std::vector<double> mean(size_t(e.planes)), square(size_t(e.planes));
      if (train) column_statistics(px, e.n, e.planes, mean.data(), square.data());
      for (int64_t c = 0; c < e.planes; ++c) settle(c, mean[size_t(c)], square[size_t(c)]);
      parallel_for(e.n, 1 + kGrain / e.planes, [=](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
          for (int64_t c = 0; c < e.planes; ++c) py[i * e.planes + c] = px[i * e.planes + c] * ps[c] + pt[c];
      });
      return;
    }
    parallel_for(e.planes, 1 + kGrain / e.count(), [=](int64_t begin, int64_t end) {
      for (int64_t c = begin; c < end; ++c) {
        double mean = 0, square = 0;
        if (train) {
          for (int64_t i = 0; i < e.n; ++i) {
            const T* p = px + (i * e.planes + c) * e.area;
            mean += strands<T>(e.area, [=](int64_t k) { return p[k]; });
          }
          mean /= double(e.count());
          const T m = T(mean);
          double rest = 0;
          for (int64_t i = 0; i < e.n; ++i) {
            const T* p = px + (i * e.planes + c) * e.area;
            square += strands<T>(e.area, [=](int64_t k) { return (p[k] - m) * (p[k] - m); });
          }
          rest = mean - double(m);
          square -= double(e.count()) * rest * rest;
        }
        settle(c, mean, square);
        const T k = ps[c], s = pt[c];
        for (int64_t i = 0; i < e.n; ++i) {
          const T* p = px + (i * e.planes + c) * e.area;
          T* q = py + (i * e.planes + c) * e.area;
          for (int64_t j = 0; j < e.area; ++j) q[j] = p[j] * k + s;
        }
      }
    });
  });
}

void batch_norm_gradient(Tensor& input, Tensor& gradOutput, Tensor* gradInput, Tensor* gradWeight, Tensor* gradBias,
                         Tensor* weight, Tensor& running_mean, Tensor& running_var, Tensor& save_mean, Tensor& save_std,
                         bool train, double scale, double eps) {
  Extent e(input);
  check_gradient(input, gradOutput);
  for (const Tensor* t : std::initializer_list<const Tensor*>{weight, gradWeight, gradBias, &running_mean, &running_var, &save_mean, &save_std})
    check_planes(t, e.planes, "weight");
  if (gradInput) gradInput->resize_as(input);
  Dense x(input), g(gradOutput), rm(running_mean), rv(running_var), sm(save_mean), ss(save_std);
  Optional w(weight);
  OptionalResult gw(gradWeight), gb(gradBias);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* pw = w.data<T>();
    const T *mean_of = train ? sm.data<T>() : rm.data<T>(), *second = train ? ss.data<T>() : rv.data<T>();
    T *pgw = gw.data<T>(), *pgb = gb.data<T>();
    const double count = double(e.count());

    // gi = k1 g + k2 x + k3
    struct Line {
      T k1, k2, k3;
    };
    auto line = [=](int64_t c, double sum, double dot) {
      const double mean = double(mean_of[c]);
      const double inverse = train ? double(second[c]) : 1 / std::sqrt(double(second[c]) + eps);
      if (pgw) pgw[c] += T(scale * dot * inverse);
      if (pgb) pgb[c] += T(scale * sum);
      const double k1 = inverse * (pw ? double(pw[c]) : 1);
      if (!train) return Line{T(k1), T(0), T(0)};
      const double k2 = -k1 * dot * inverse * inverse / count;
      return Line{T(k1), T(k2), T(-k1 * sum / count - k2 * mean)};
    };

    if constexpr (std::is_same_v<T, float>) {
      std::shared_ptr<BlockedData> from = blocked(input);
      ChannelBlocks blocks;
      if (from && from->layout.ndims == input.nDimension && channel_blocks(from->layout, blocks) &&
          (!gradInput || may_stay_blocked(*gradInput))) {
        Feed gradient(gradOutput, plain_layout(input.sizes()), from->layout);
        const size_t room = size_t(e.planes) + 16;
        std::vector<double> sum(room), dot(room);
        std::vector<float> mean(room), k1(room), k2(room), k3(room);
        std::copy_n(mean_of, e.planes, mean.data());
        const float* px = from->block.data();
        block_loops().gradient_sums(blocks, px, gradient.data(), mean.data(), sum.data(), dot.data());
        for (int64_t c = 0; c < e.planes; ++c) {
          const Line l = line(c, sum[size_t(c)], dot[size_t(c)]);
          k1[size_t(c)] = l.k1, k2[size_t(c)] = l.k2, k3[size_t(c)] = l.k3;
        }
        if (!gradInput) return;
        float* to = leave_blocked(*gradInput, from->layout)->block.data();
        return block_loops().combine(blocks, px, gradient.data(), to, k1.data(), k2.data(), k3.data());
      }
    }
    const T *px = x.data<T>(), *pg = g.data<T>();
    std::optional<DenseResult> r;
    if (gradInput) r.emplace(*gradInput);
    T* pr = r ? r->data<T>() : nullptr;
    if (e.area == 1) {
      std::vector<double> sum(size_t(e.planes)), dot(size_t(e.planes));
      column_sums<T>(e.n, e.planes, sum.data(), [=](int64_t i, int64_t c) { return pg[i * e.planes + c]; });
      column_sums<T>(e.n, e.planes, dot.data(), [=](int64_t i, int64_t c) {
        return pg[i * e.planes + c] * (px[i * e.planes + c] - mean_of[c]);
      });
      std::vector<T> k1(size_t(e.planes)), k2(size_t(e.planes)), k3(size_t(e.planes));
      for (int64_t c = 0; c < e.planes; ++c) {
        Line l = line(c, sum[size_t(c)], dot[size_t(c)]);
        k1[size_t(c)] = l.k1, k2[size_t(c)] = l.k2, k3[size_t(c)] = l.k3;
      }
      if (!pr) return;
      const T *p1 = k1.data(), *p2 = k2.data(), *p3 = k3.data();
      parallel_for(e.n, 1 + kGrain / e.planes, [=](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
          for (int64_t c = 0; c < e.planes; ++c) {
            const int64_t k = i * e.planes + c;
            pr[k] = p1[c] * pg[k] + p2[c] * px[k] + p3[c];
          }
      });
      return;
    }
    parallel_for(e.planes, 1 + kGrain / e.count(), [=](int64_t begin, int64_t end) {
      for (int64_t c = begin; c < end; ++c) {
        const T m = mean_of[c];
        double sum = 0, dot = 0;
        for (int64_t i = 0; i < e.n; ++i) {
          const int64_t at = (i * e.planes + c) * e.area;
          const T *a = px + at, *b = pg + at;
          sum += strands<T>(e.area, [=](int64_t k) { return b[k]; });
          dot += strands<T>(e.area, [=](int64_t k) { return b[k] * (a[k] - m); });
        }
        const Line l = line(c, sum, dot);
        if (!pr) continue;
        for (int64_t i = 0; i < e.n; ++i) {
          const int64_t at = (i * e.planes + c) * e.area;
          const T *a = px + at, *b = pg + at;
          T* q = pr + at;
          for (int64_t k = 0; k < e.area; ++k) q[k] = l.k1 * b[k] + l.k2 * a[k] + l.k3;
        }
      }
    });
  });
}

// ---- normalisation of rows: layers, groups of planes; with or without the mean ----

// rows of n elements; the affine vector of element k of row r is at (r % period) * (planes per row) + k / area
struct Rows {
  int64_t rows, n, planes, area, groups;
  int64_t plane(int64_t row, int64_t k) const { return row % groups * planes + k / area; }
};

Rows layer_rows(const Tensor& x, int64_t n) {
  T9_CHECK(x.nDimension >= 1 && x.size[x.nDimension - 1] == n, "the last dimension must have %lld elements, got [%s]",
           (long long)n, x.size_text().c_str());
  return {x.numel() / n, n, n, 1, 1};
}
Rows group_rows(const Tensor& x, int64_t groups) {
  Extent e(x);
  T9_CHECK(groups > 0 && e.planes % groups == 0, "the number of planes must be a multiple of the number of groups");
  return {e.n * groups, e.planes / groups * e.area, e.planes / groups, e.area, groups};
}

void normalize_rows(const Rows& s, Tensor& input, Tensor& output, Tensor* weight, Tensor* bias, Tensor* save_mean,
                    Tensor& save_std, double eps) {
  for (const Tensor* t : {weight, bias}) check_planes(t, s.planes * s.groups, "weight");
  output.resize_as(input);
  save_std.resize({s.rows});
  if (save_mean) save_mean->resize({s.rows});
  Dense x(input);
  Optional w(weight), b(bias);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pw = w.data<T>(), *pb = b.data<T>();
    T *py = y.data<T>(), *ps = save_std.data<T>(), *pm = save_mean ? save_mean->data<T>() : nullptr;
    parallel_for(s.rows, 1 + kGrain / s.n, [=](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const T* p = px + r * s.n;
        T* q = py + r * s.n;
        const double mean = pm ? strands<T>(s.n, [=](int64_t k) { return p[k]; }) / double(s.n) : 0;
        const T m = T(mean);
        const double square = strands<T>(s.n, [=](int64_t k) { return (p[k] - m) * (p[k] - m); });
        const T inverse = T(1 / std::sqrt(square / double(s.n) + eps));
        if (pm) pm[r] = m;
        ps[r] = inverse;
        if (s.area == 1 && s.groups == 1) {
          for (int64_t k = 0; k < s.n; ++k) q[k] = (p[k] - m) * inverse * (pw ? pw[k] : T(1)) + (pb ? pb[k] : T(0));
          continue;
        }
        for (int64_t c = 0; c < s.planes; ++c) {
          const int64_t at = s.plane(r, c * s.area);
          const T k1 = inverse * (pw ? pw[at] : T(1)), k0 = (pb ? pb[at] : T(0)) - m * k1;
          for (int64_t k = c * s.area; k < (c + 1) * s.area; ++k) q[k] = p[k] * k1 + k0;
        }
      }
    });
  });
}

void normalize_rows_gradient(const Rows& s, Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor* weight,
                             Tensor* save_mean, Tensor& save_std) {
  check_gradient(input, gradOutput);
  check_planes(&save_std, s.rows, "save_std");
  check_planes(save_mean, s.rows, "save_mean");
  gradInput.resize_as(input);
  Dense x(input), g(gradOutput), std_of(save_std);
  Optional w(weight), mean_of(save_mean);
  DenseResult result(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pg = g.data<T>(), *pw = w.data<T>(), *pm = mean_of.data<T>(), *ps = std_of.data<T>();
    T* pr = result.data<T>();
    parallel_for(s.rows, 1 + kGrain / s.n, [=](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const T *p = px + r * s.n, *q = pg + r * s.n;
        T* out = pr + r * s.n;
        const T m = pm ? pm[r] : T(0), inverse = ps[r];
        double sum = 0, dot = 0;
        for (int64_t c = 0; c < s.planes; ++c) {
          const T k = pw ? pw[s.plane(r, c * s.area)] : T(1);
          for (int64_t i = c * s.area; i < (c + 1) * s.area; ++i) {
            sum += double(q[i] * k);
            dot += double(q[i] * k * (p[i] - m));
          }
        }
        const T a = pm ? T(sum / double(s.n)) : T(0), b = T(dot * double(inverse) * double(inverse) / double(s.n));
        for (int64_t c = 0; c < s.planes; ++c) {
          const T k = pw ? pw[s.plane(r, c * s.area)] : T(1);
          for (int64_t i = c * s.area; i < (c + 1) * s.area; ++i) out[i] = inverse * (q[i] * k - a - (p[i] - m) * b);
        }
      }
    });
  });
}

void normalize_rows_weights(const Rows& s, Tensor& input, Tensor& gradOutput, Tensor& gradWeight, Tensor* gradBias,
                            Tensor* save_mean, Tensor& save_std, double scale) {
  check_gradient(input, gradOutput);
  check_planes(&save_std, s.rows, "save_std");
  check_planes(save_mean, s.rows, "save_mean");
  check_planes(&gradWeight, s.planes * s.groups, "gradWeight");
  check_planes(gradBias, s.planes * s.groups, "gradBias");
  Dense x(input), g(gradOutput), std_of(save_std);
  Optional mean_of(save_mean);
  DenseResult gw(gradWeight, true);
  OptionalResult gb(gradBias);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pg = g.data<T>(), *pm = mean_of.data<T>(), *ps = std_of.data<T>();
    T *pw = gw.data<T>(), *pb = gb.data<T>();
    for (int64_t r = 0; r < s.rows; ++r) {
      const T *p = px + r * s.n, *q = pg + r * s.n;
      const T m = pm ? pm[r] : T(0), inverse = ps[r];
      for (int64_t c = 0; c < s.planes; ++c) {
        double sum = 0, dot = 0;
        for (int64_t i = c * s.area; i < (c + 1) * s.area; ++i) {
          sum += double(q[i]);
          dot += double(q[i]) * double((p[i] - m) * inverse);
        }
        const int64_t at = s.plane(r, c * s.area);
        pw[at] += T(scale * dot);
        if (pb) pb[at] += T(scale * sum);
      }
    }
  });
}

void layer_norm(Tensor& x, Tensor& y, Tensor* w, Tensor* b, Tensor& mean, Tensor& std, int64_t n, double eps) {
  normalize_rows(layer_rows(x, n), x, y, w, b, &mean, std, eps);
}
void layer_norm_gradient(Tensor& x, Tensor& g, Tensor& r, Tensor* w, Tensor& mean, Tensor& std, int64_t n) {
  normalize_rows_gradient(layer_rows(x, n), x, g, r, w, &mean, std);
}
void layer_norm_weights(Tensor& x, Tensor& g, Tensor& gw, Tensor& gb, Tensor& mean, Tensor& std, int64_t n, double scale) {
  normalize_rows_weights(layer_rows(x, n), x, g, gw, &gb, &mean, std, scale);
}
void rms_norm(Tensor& x, Tensor& y, Tensor* w, Tensor& std, int64_t n, double eps) {
  normalize_rows(layer_rows(x, n), x, y, w, nullptr, nullptr, std, eps);
}
void rms_norm_gradient(Tensor& x, Tensor& g, Tensor& r, Tensor* w, Tensor& std, int64_t n) {
  normalize_rows_gradient(layer_rows(x, n), x, g, r, w, nullptr, std);
}
void rms_norm_weights(Tensor& x, Tensor& g, Tensor& gw, Tensor& std, int64_t n, double scale) {
  normalize_rows_weights(layer_rows(x, n), x, g, gw, nullptr, nullptr, std, scale);
}
void group_norm(Tensor& x, Tensor& y, Tensor* w, Tensor* b, Tensor& mean, Tensor& std, int64_t groups, double eps) {
  normalize_rows(group_rows(x, groups), x, y, w, b, &mean, std, eps);
}
void group_norm_gradient(Tensor& x, Tensor& g, Tensor& r, Tensor* w, Tensor& mean, Tensor& std, int64_t groups) {
  normalize_rows_gradient(group_rows(x, groups), x, g, r, w, &mean, std);
}
void group_norm_weights(Tensor& x, Tensor& g, Tensor& gw, Tensor& gb, Tensor& mean, Tensor& std, int64_t groups,
                        double scale) {
  normalize_rows_weights(group_rows(x, groups), x, g, gw, &gb, &mean, std, scale);
}

// ---- local response normalisation across maps ----

Extent maps(const Tensor& x) {
  T9_CHECK(x.nDimension == 3 || x.nDimension == 4, "Input must be 3D or 4D");
  if (x.nDimension == 4) return Extent(x);
  TensorRef batch = make_tensor(x.type);
  batch->set_geometry({1, x.size[0], x.size[1], x.size[2]}, {0, 0, 0, 0});
  return Extent(*batch);
}

template <class T>
T power_minus(T v, T beta) {
  if (beta == T(0.75)) {
    const T root = std::sqrt(v);
    return 1 / (root * std::sqrt(root));
  }
  return std::pow(v, -beta);
}

void lrn(Tensor& input, Tensor& output, Tensor& scale, int64_t size, double alpha, double beta, double k) {
  Extent e = maps(input);
  T9_CHECK(size > 0 && size <= kLargest, "size must be positive");
  output.resize_as(input);
  scale.resize_as(input);
  Dense x(input);
  DenseResult y(output), s(scale);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* px = x.data<T>();
    T *py = y.data<T>(), *ps = s.data<T>();
    const int64_t half = (size - 1) / 2;
    const T a = T(alpha / double(size)), b = T(beta), base = T(k);
    parallel_for(e.n * e.planes, 1 + kGrain / (e.area * size), [=](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; ++p) {
        const int64_t c = p % e.planes;
        T *q = ps + p * e.area, *out = py + p * e.area;
        const T* centre = px + p * e.area;
        std::fill_n(q, e.area, T(0));
        for (int64_t o = std::max<int64_t>(0, c - half); o <= std::min(e.planes - 1, c + half); ++o) {
          const T* from = centre + (o - c) * e.area;
          for (int64_t i = 0; i < e.area; ++i) q[i] += from[i] * from[i];
        }
        for (int64_t i = 0; i < e.area; ++i) {
          q[i] = base + a * q[i];
          out[i] = centre[i] * power_minus(q[i], b);
        }
      }
    });
  });
}

void lrn_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& scale, Tensor& output, int64_t size,
                  double alpha, double beta, double) {
  Extent e = maps(input);
  T9_CHECK(size > 0 && size <= kLargest, "size must be positive");
  check_gradient(input, gradOutput);
  check_gradient(scale, gradOutput);
  check_gradient(output, gradOutput);
  gradInput.resize_as(input);
  Dense x(input), g(gradOutput), s(scale), y(output);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pg = g.data<T>(), *ps = s.data<T>(), *py = y.data<T>();
    T* pr = r.data<T>();
    const int64_t half = (size - 1) / 2;
    const T ratio = T(2 * alpha * beta / double(size)), b = T(beta);
    parallel_for(e.n * e.planes, 1 + kGrain / (e.area * size), [=](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; ++p) {
        const int64_t c = p % e.planes, at = p * e.area;
        T* q = pr + at;
        std::fill_n(q, e.area, T(0));
        for (int64_t o = std::max<int64_t>(0, c - half); o <= std::min(e.planes - 1, c + half); ++o) {
          const int64_t other = at + (o - c) * e.area;
          for (int64_t i = 0; i < e.area; ++i) q[i] += pg[other + i] * py[other + i] / ps[other + i];
        }
        for (int64_t i = 0; i < e.area; ++i)
          q[i] = pg[at + i] * power_minus(ps[at + i], b) - ratio * px[at + i] * q[i];
      }
    });
  });
}

}  // namespace

OpList normalization_rows() {
  return {
      kernel("BatchNormalization_updateOutput", sig<batch_norm, "T T T? T? T T T T boolean double double">{}),
      kernel("BatchNormalization_backward",
             sig<batch_norm_gradient, "T T T? T? T? T? T T T T boolean double double">{}),
      kernel("LayerNorm_updateOutput", sig<layer_norm, "T T T? T? T T int double">{}),
      kernel("LayerNorm_updateGradInput", sig<layer_norm_gradient, "T T T T? T T int">{}),
      kernel("LayerNorm_accGradParameters", sig<layer_norm_weights, "T T T T T T int double">{}),
      kernel("RMSNorm_updateOutput", sig<rms_norm, "T T T? T int double">{}),
      kernel("RMSNorm_updateGradInput", sig<rms_norm_gradient, "T T T T? T int">{}),
      kernel("RMSNorm_accGradParameters", sig<rms_norm_weights, "T T T T int double">{}),
      kernel("GroupNorm_updateOutput", sig<group_norm, "T T T? T? T T int double">{}),
      kernel("GroupNorm_updateGradInput", sig<group_norm_gradient, "T T T T? T T int">{}),
      kernel("GroupNorm_accGradParameters", sig<group_norm_weights, "T T T T T T int double">{}),
      kernel("SpatialCrossMapLRN_updateOutput", sig<lrn, "T T T int double double double">{}),
      kernel("SpatialCrossMapLRN_updateGradInput", sig<lrn_gradient, "T T T T T int double double double">{}),
  };
}

}  // namespace t9::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9::nn {
HWY_EXPORT(normalization_rows);
}
namespace t9 {
OpList normalization_kernels() {
  using namespace nn;
  return HWY_DYNAMIC_DISPATCH(normalization_rows)();
}
}  // namespace t9
#endif
