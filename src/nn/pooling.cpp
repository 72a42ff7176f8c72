// Maximum and average pooling in two and three dimensions. All are loops over planes; two dimensions
// are three with a depth of 1.
// Compiled once for each instruction set: the compiler turns these loops into vectors.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/pooling.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "nn/pooling.h"

#include <limits>
#include <vector>

#include "nn/families.h"

HWY_BEFORE_NAMESPACE();
namespace t9::nn::HWY_NAMESPACE {

namespace {

std::string joined(const Sizes& s) { return s.text("x"); }

// Makes the shape, with Torch7's checks, and sizes for the output.
Pool make_pool(const Tensor& x, int dims, Axis t, Axis h, Axis w, Sizes& out) {
  const int first = x.nDimension - dims;
  if (dims == 2)
    T9_CHECK(w.pad <= w.k / 2 && h.pad <= h.k / 2,
             "pad should be smaller than half of kernel size, but got padW = %lld, padH = %lld, kW = %lld, kH = %lld",
             (long long)w.pad, (long long)h.pad, (long long)w.k, (long long)h.k);
  else
    T9_CHECK(t.pad <= t.k / 2 && w.pad <= w.k / 2 && h.pad <= h.k / 2,
             "pad should be smaller than half of kernel size, but got kT: %lld kW: %lld, kH: %lld, padT: %lld, padW: %lld, padH: %lld",
             (long long)t.k, (long long)w.k, (long long)h.k, (long long)t.pad, (long long)w.pad, (long long)h.pad);
  if (t.pad || h.pad || w.pad) {
    if (dims == 3) t.drop_outside();
    h.drop_outside();
    w.drop_outside();
  }
  out = Sizes(x.size, first);
  Sizes in_text(x.size + first - 1, dims + 1), out_text{x.size[first - 1]};
  for (const Axis* a : {&t, &h, &w})
    if (dims == 3 || a != &t) {
      out.push(std::max<int64_t>(a->out, 0));
      out_text.push(a->out);
    }
  T9_CHECK(t.out >= 1 && h.out >= 1 && w.out >= 1,
           "Given input size: (%s). Calculated output size: (%s). Output size is too small", joined(in_text).c_str(),
           joined(out_text).c_str());
  int64_t planes = 1;
  for (int k = 0; k < first; ++k) planes *= x.size[k];
  return {dims, planes, t, h, w};
}

void check_dims(const Tensor& x, int dims) {
  T9_CHECK(x.nDimension == dims + 1 || x.nDimension == dims + 2, "%dD or %dD input tensor expected but got: [%s]", dims + 1,
           dims + 2, x.size_text().c_str());
}

struct Settings {  // T, H, W
  int64_t k[3], stride[3], pad[3], dilation[3];
  bool ceil;
};

Pool pool_of(const Tensor& x, int dims, const Settings& s, Sizes& out) {
  check_dims(x, dims);
  auto axis = [&](int a) {
    int64_t in = a < 3 - dims ? 1 : x.size[x.nDimension - 3 + a];
    return Axis(in, s.k[a], s.stride[a], s.pad[a], s.dilation[a], s.ceil);
  };
  return make_pool(x, dims, axis(0), axis(1), axis(2), out);
}

// Rows of the window first, all columns at once, then columns of the window, all cells at once: both are
// vectors. The first maximum of the plane's order wins, so equal ones compare by index.
template <class T>
class MaxRows {
  using Index = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;

 public:
  explicit MaxRows(const Pool& p)
      : p_(p), best_(size_t(p.w.in)), at_(size_t(p.w.in)), out_(size_t(p.w.out)), out_at_(size_t(p.w.out)) {}

  void plane(const T* x, T* y, int64_t* index) {
    for (int64_t t = 0; t < p_.t.out; ++t)
      for (int64_t h = 0; h < p_.h.out; ++h, y += p_.w.out, index += p_.w.out) {
        rows(x, t, h);
        columns();
        for (int64_t w = 0; w < p_.w.out; ++w) y[w] = out_[size_t(w)];
        for (int64_t w = 0; w < p_.w.out; ++w) index[w] = out_at_[size_t(w)] + 1;
      }
  }

 private:
  void rows(const T* x, int64_t t, int64_t h) {
    const int64_t n = p_.w.in;
    T* best = best_.data();
    Index* at = at_.data();
    for (int64_t k = 0; k < n; ++k) best[k] = std::numeric_limits<T>::lowest(), at[k] = -1;
    for (int64_t i = p_.t.begin(t), ie = p_.t.end(t); i < ie; i += p_.t.dilation)
      for (int64_t j = p_.h.begin(h), je = p_.h.end(h); j < je; j += p_.h.dilation) {
        const Index first = Index((i * p_.h.in + j) * n);
        const T* row = x + first;
        for (int64_t k = 0; k < n; ++k) {
          const T v = row[k];
          const bool more = (v > best[k]) | (v != v);
          best[k] = more ? v : best[k];
          at[k] = more ? first + Index(k) : at[k];
        }
      }
  }

  void columns() {
    T* out = out_.data();
    Index* out_at = out_at_.data();
    const T* best = best_.data();
    const Index* at = at_.data();
    const int64_t n = p_.w.out;
    for (int64_t w = 0; w < n; ++w) out[w] = std::numeric_limits<T>::lowest(), out_at[w] = -1;
    for (int64_t k = 0; k < p_.w.k; ++k) {
      // cells whose tap k is inside
      const int64_t offset = k * p_.w.dilation - p_.w.pad, s = p_.w.stride;
      const int64_t from = offset < 0 ? (-offset + s - 1) / s : 0;
      const int64_t to = offset >= p_.w.in ? 0 : std::min(n, (p_.w.in - 1 - offset) / s + 1);
      if (s == 2) take(out, out_at, best, at, from, to, offset, 2);
      else take(out, out_at, best, at, from, to, offset, s);
    }
  }

  static inline void take(T* out, Index* out_at, const T* best, const Index* at, int64_t from, int64_t to,
                          int64_t offset, int64_t s) {
    for (int64_t w = from; w < to; ++w) {
      const T v = best[w * s + offset], old = out[w];
      const Index a = at[w * s + offset], old_at = out_at[w];
      const bool more = (v > old) | (v != v) | ((v == old) & (a < old_at) & (a >= 0));
      out[w] = more ? v : old;
      out_at[w] = more ? a : old_at;
    }
  }

  const Pool& p_;
  std::vector<T> best_;
  std::vector<Index> at_;
  std::vector<T> out_;
  std::vector<Index> out_at_;
};

void max_forward(int dims, Tensor& input, Tensor& output, Tensor& indices, const Settings& s) {
  Sizes sizes;
  Pool p = pool_of(input, dims, s, sizes);
  output.resize(sizes);
  indices.resize(sizes);
  if (max_pool_blocked(p, sizes, input, output, indices)) return;
  Dense x(input);
  DenseResult y(output), index(indices);
  T9_CHECK(p.in_area() < INT32_MAX, "planes are too large");
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* px = x.data<T>();
    T* py = y.data<T>();
    int64_t* pi = index.data<int64_t>();
    parallel_for(p.planes, p.grain(), [=, &p](int64_t begin, int64_t end) {
      MaxRows<T> rows(p);
      for (int64_t k = begin; k < end; ++k) rows.plane(px + k * p.in_area(), py + k * p.out_area(), pi + k * p.out_area());
    });
  });
}

// Adds each gradient at its index.
void scatter(const Tensor& gradOutput, const Tensor& indices, Tensor& gradInput, int64_t planes) {
  T9_CHECK(indices.numel() == gradOutput.numel(), "gradOutput has size [%s], the output had [%s]",
           gradOutput.size_text().c_str(), indices.size_text().c_str());
  Dense g(gradOutput), index(indices);
  DenseResult r(gradInput);
  const int64_t in = gradInput.numel() / planes, out = gradOutput.numel() / planes;
  floating(gradOutput, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* pg = g.data<T>();
    const int64_t* pi = index.data<int64_t>();
    T* pr = r.data<T>();
    parallel_for(planes, 1 + 8192 / std::max<int64_t>(1, in), [=](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) {
        std::fill_n(pr + k * in, in, T(0));
        for (int64_t i = k * out; i < (k + 1) * out; ++i)
          if (pi[i] > 0 && pi[i] <= in) pr[k * in + pi[i] - 1] += pg[i];
      }
    });
  });
}

void max_backward(int dims, Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& indices, const Settings& s) {
  Sizes sizes;
  Pool p = pool_of(input, dims, s, sizes);
  T9_CHECK(gradOutput.sizes() == sizes, "gradOutput has size [%s], expected [%s]", gradOutput.size_text().c_str(),
           sizes.text().c_str());
  gradInput.resize_as(input);
  if (max_pool_blocked_gradient(p, input, gradOutput, gradInput, indices)) return;
  scatter(gradOutput, indices, gradInput, p.planes);
}

// ---- average ----

// The divisor counts the window cut at input + right pad, or only real elements.
struct Window {
  int64_t t0, t1, h0, h1, w0, w1, count;
  Window(const Pool& p, int64_t t, int64_t h, int64_t w, bool include_pad) {
    auto cut = [](const Axis& a, int64_t o, int64_t& b, int64_t& e) {
      b = o * a.stride - a.pad;
      e = std::min(b + a.k, a.in + a.pad);
      const int64_t padded = e - b;
      b = std::max<int64_t>(b, 0);
      e = std::min(e, a.in);
      return padded;
    };
    const int64_t padded = cut(p.t, t, t0, t1) * cut(p.h, h, h0, h1) * cut(p.w, w, w0, w1);
    const bool none = t1 <= t0 || h1 <= h0 || w1 <= w0;
    count = include_pad ? padded : none ? 0 : (t1 - t0) * (h1 - h0) * (w1 - w0);
  }
  // Whole rows of one image: a single run of memory.
  bool rows_of(const Pool& p) const { return w0 == 0 && w1 == p.w.in && t1 == t0 + 1 && h1 > h0; }
  int64_t start(const Pool& p) const { return (t0 * p.h.in + h0) * p.w.in; }
  int64_t run(const Pool& p) const { return (h1 - h0) * p.w.in; }
};

template <class T>
T run_sum(const T* x, int64_t n) {
  T part[16] = {};
  int64_t k = 0;
  for (; k + 16 <= n; k += 16)
    for (int i = 0; i < 16; ++i) part[i] += x[k + i];
  T sum = 0;
  for (; k < n; ++k) sum += x[k];
  for (T v : part) sum += v;
  return sum;
}

void average_forward(int dims, Tensor& input, Tensor& output, const Settings& s, bool include_pad) {
  Sizes sizes;
  Pool p = pool_of(input, dims, s, sizes);
  output.resize(sizes);
  Dense x(input);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* px = x.data<T>();
    T* py = y.data<T>();
    const bool two = dims == 2 && p.h.k == 2 && p.w.k == 2 && p.h.stride == 2 && p.w.stride == 2 && p.h.pad == 0 &&
                     p.w.pad == 0 && p.h.out * 2 <= p.h.in && p.w.out * 2 <= p.w.in;
    parallel_for(p.planes, p.grain(), [=, &p](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) {
        const T* plane = px + k * p.in_area();
        T* out = py + k * p.out_area();
        if (two) {
          for (int64_t h = 0; h < p.h.out; ++h, out += p.w.out) {
            const T *a = plane + h * 2 * p.w.in, *b = a + p.w.in;
            for (int64_t w = 0; w < p.w.out; ++w)
              out[w] = (a[2 * w] + a[2 * w + 1] + b[2 * w] + b[2 * w + 1]) * T(0.25);
          }
          continue;
        }
        for (int64_t t = 0; t < p.t.out; ++t)
          for (int64_t h = 0; h < p.h.out; ++h)
            for (int64_t w = 0; w < p.w.out; ++w) {
              Window v(p, t, h, w, include_pad);
              if (v.rows_of(p)) {
                *out++ = run_sum(plane + v.start(p), v.run(p)) / T(v.count);
                continue;
              }
              T sum = 0;
              for (int64_t i = v.t0; i < v.t1; ++i)
                for (int64_t j = v.h0; j < v.h1; ++j)
                  for (int64_t c = v.w0; c < v.w1; ++c) sum += plane[(i * p.h.in + j) * p.w.in + c];
              *out++ = sum / T(v.count);
            }
      }
    });
  });
}

void average_backward(int dims, Tensor& input, Tensor& gradOutput, Tensor& gradInput, const Settings& s, bool include_pad) {
  Sizes sizes;
  Pool p = pool_of(input, dims, s, sizes);
  T9_CHECK(gradOutput.sizes() == sizes, "gradOutput has size [%s], expected [%s]", gradOutput.size_text().c_str(),
           sizes.text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* pg = g.data<T>();
    T* pr = r.data<T>();
    parallel_for(p.planes, p.grain(), [=, &p](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) {
        const T* from = pg + k * p.out_area();
        T* plane = pr + k * p.in_area();
        std::fill_n(plane, p.in_area(), T(0));
        for (int64_t t = 0; t < p.t.out; ++t)
          for (int64_t h = 0; h < p.h.out; ++h)
            for (int64_t w = 0; w < p.w.out; ++w) {
              Window v(p, t, h, w, include_pad);
              const T part = *from++ / T(v.count);
              if (v.rows_of(p)) {
                T* run = plane + v.start(p);
                for (int64_t i = 0, n = v.run(p); i < n; ++i) run[i] += part;
                continue;
              }
              for (int64_t i = v.t0; i < v.t1; ++i)
                for (int64_t j = v.h0; j < v.h1; ++j)
                  for (int64_t c = v.w0; c < v.w1; ++c) plane[(i * p.h.in + j) * p.w.in + c] += part;
            }
      }
    });
  });
}

// ---- rows ----

#define T9_FLAT int64_t kW, int64_t kH, int64_t dW, int64_t dH, int64_t padW, int64_t padH
#define T9_SETTINGS(CEIL) {{1, kH, kW}, {1, dH, dW}, {0, padH, padW}, {1, 1, 1}, CEIL}
#define T9_DILATED {{1, kH, kW}, {1, dH, dW}, {0, padH, padW}, {1, dilH, dilW}, ceil}
#define T9_DEEP \
  int64_t kT, int64_t kW, int64_t kH, int64_t dT, int64_t dW, int64_t dH, int64_t padT, int64_t padW, int64_t padH
#define T9_DEEP_SETTINGS(A, B, C) {{kT, kH, kW}, {dT, dH, dW}, {padT, padH, padW}, {A, B, C}, ceil}

void spatial_max(Tensor& x, Tensor& y, Tensor& i, T9_FLAT, bool ceil) { max_forward(2, x, y, i, T9_SETTINGS(ceil)); }
void spatial_max_gradient(Tensor& x, Tensor& g, Tensor& r, Tensor& i, T9_FLAT, bool ceil) {
  max_backward(2, x, g, r, i, T9_SETTINGS(ceil));
}
void dilated_max(Tensor& x, Tensor& y, Tensor& i, T9_FLAT, int64_t dilW, int64_t dilH, bool ceil) {
  max_forward(2, x, y, i, T9_DILATED);
}
void dilated_max_gradient(Tensor& x, Tensor& g, Tensor& r, Tensor& i, T9_FLAT, int64_t dilW, int64_t dilH, bool ceil) {
  max_backward(2, x, g, r, i, T9_DILATED);
}
void volumetric_max(Tensor& x, Tensor& y, Tensor& i, T9_DEEP, bool ceil) {
  max_forward(3, x, y, i, T9_DEEP_SETTINGS(1, 1, 1));
}
void volumetric_max_gradient(Tensor& x, Tensor& g, Tensor& r, Tensor& i, T9_DEEP, bool ceil) {
  max_backward(3, x, g, r, i, T9_DEEP_SETTINGS(1, 1, 1));
}
void volumetric_dilated(Tensor& x, Tensor& y, Tensor& i, T9_DEEP, int64_t dilT, int64_t dilW, int64_t dilH, bool ceil) {
  max_forward(3, x, y, i, T9_DEEP_SETTINGS(dilT, dilH, dilW));
}
void volumetric_dilated_gradient(Tensor& x, Tensor& g, Tensor& r, Tensor& i, T9_DEEP, int64_t dilT, int64_t dilW,
                                 int64_t dilH, bool ceil) {
  max_backward(3, x, g, r, i, T9_DEEP_SETTINGS(dilT, dilH, dilW));
}
void spatial_average(Tensor& x, Tensor& y, T9_FLAT, bool ceil, bool include_pad) {
  average_forward(2, x, y, T9_SETTINGS(ceil), include_pad);
}
void spatial_average_gradient(Tensor& x, Tensor& g, Tensor& r, T9_FLAT, bool ceil, bool include_pad) {
  average_backward(2, x, g, r, T9_SETTINGS(ceil), include_pad);
}
void volumetric_average(Tensor& x, Tensor& y, int64_t kT, int64_t kW, int64_t kH, int64_t dT, int64_t dW, int64_t dH) {
  average_forward(3, x, y, {{kT, kH, kW}, {dT, dH, dW}, {0, 0, 0}, {1, 1, 1}, false}, true);
}
void volumetric_average_gradient(Tensor& x, Tensor& g, Tensor& r, int64_t kT, int64_t kW, int64_t kH, int64_t dT,
                                 int64_t dW, int64_t dH) {
  average_backward(3, x, g, r, {{kT, kH, kW}, {dT, dH, dW}, {0, 0, 0}, {1, 1, 1}, false}, true);
}

// ---- unpooling: values go back to the indices of a maximum pooling ----

void unpool(int dims, Tensor& input, Tensor& output, Tensor& indices, std::initializer_list<int64_t> size) {
  check_dims(input, dims);
  T9_CHECK(indices.same_size(input), "Expected shape of indices to be same as that of the input tensor ([%s]), but got [%s]",
           input.size_text().c_str(), indices.size_text().c_str());
  const int first = input.nDimension - dims;
  Sizes sizes(input.size, first);
  int64_t planes = sizes.product(), out = 1;
  for (int64_t s : size) {
    sizes.push(s);
    out *= s;
  }
  Dense index(indices);
  const int64_t* pi = index.data<int64_t>();
  for (int64_t k = 0; k < indices.numel(); ++k)
    T9_CHECK(pi[k] >= 1 && pi[k] <= out, "found an invalid max index %lld (output volumes are of size %lld)",
             (long long)pi[k], (long long)out);
  output.resize(sizes);
  scatter(input, indices, output, planes);
}

void unpool_gradient(int dims, Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& indices) {
  check_dims(input, dims);
  T9_CHECK(indices.same_size(input), "Expected shape of indices to be same as that of the input tensor");
  const int first = input.nDimension - dims;
  int64_t planes = 1;
  for (int k = 0; k < first; ++k) planes *= input.size[k];
  const int64_t n = input.numel() / planes, out = gradOutput.numel() / planes;
  gradInput.resize_as(input);
  Dense g(gradOutput), index(indices);
  DenseResult r(gradInput);
  const int64_t* pi = index.data<int64_t>();
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* pg = g.data<T>();
    T* pr = r.data<T>();
    for (int64_t k = 0; k < planes; ++k)
      for (int64_t i = k * n; i < (k + 1) * n; ++i) {
        T9_CHECK(pi[i] >= 1 && pi[i] <= out, "found an invalid max index %lld", (long long)pi[i]);
        pr[i] = pg[k * out + pi[i] - 1];
      }
  });
}

void spatial_unpool(Tensor& x, Tensor& y, Tensor& i, int64_t w, int64_t h) { unpool(2, x, y, i, {h, w}); }
void spatial_unpool_gradient(Tensor& x, Tensor& g, Tensor& r, Tensor& i, int64_t, int64_t) {
  unpool_gradient(2, x, g, r, i);
}
#define T9_REST int64_t, int64_t, int64_t, int64_t, int64_t, int64_t
void volumetric_unpool(Tensor& x, Tensor& y, Tensor& i, int64_t t, int64_t w, int64_t h, T9_REST) {
  unpool(3, x, y, i, {t, h, w});
}
void volumetric_unpool_gradient(Tensor& x, Tensor& g, Tensor& r, Tensor& i, int64_t, int64_t, int64_t, T9_REST) {
  unpool_gradient(3, x, g, r, i);
}

}  // namespace

OpList pooling_rows() {
  return {
      kernel("SpatialMaxPooling_updateOutput", sig<spatial_max, "T T LongTensor int int int int int int boolean">{}),
      kernel("SpatialMaxPooling_updateGradInput",
             sig<spatial_max_gradient, "T T T LongTensor int int int int int int boolean">{}),
      kernel("SpatialDilatedMaxPooling_updateOutput",
             sig<dilated_max, "T T LongTensor int int int int int int int int boolean">{}),
      kernel("SpatialDilatedMaxPooling_updateGradInput",
             sig<dilated_max_gradient, "T T T LongTensor int int int int int int int int boolean">{}),
      kernel("SpatialAveragePooling_updateOutput", sig<spatial_average, "T T int int int int int int boolean boolean">{}),
      kernel("SpatialAveragePooling_updateGradInput",
             sig<spatial_average_gradient, "T T T int int int int int int boolean boolean">{}),
      kernel("VolumetricMaxPooling_updateOutput",
             sig<volumetric_max, "T T LongTensor int int int int int int int int int boolean">{}),
      kernel("VolumetricMaxPooling_updateGradInput",
             sig<volumetric_max_gradient, "T T T LongTensor int int int int int int int int int boolean">{}),
      kernel("VolumetricDilatedMaxPooling_updateOutput",
             sig<volumetric_dilated, "T T LongTensor int int int int int int int int int int int int boolean">{}),
      kernel("VolumetricDilatedMaxPooling_updateGradInput",
             sig<volumetric_dilated_gradient, "T T T LongTensor int int int int int int int int int int int int boolean">{}),
      kernel("VolumetricAveragePooling_updateOutput", sig<volumetric_average, "T T int int int int int int">{}),
      kernel("VolumetricAveragePooling_updateGradInput", sig<volumetric_average_gradient, "T T T int int int int int int">{}),
      kernel("SpatialMaxUnpooling_updateOutput", sig<spatial_unpool, "T T LongTensor int int">{}),
      kernel("SpatialMaxUnpooling_updateGradInput", sig<spatial_unpool_gradient, "T T T LongTensor int int">{}),
      kernel("VolumetricMaxUnpooling_updateOutput",
             sig<volumetric_unpool, "T T LongTensor int int int int int int int int int">{}),
      kernel("VolumetricMaxUnpooling_updateGradInput",
             sig<volumetric_unpool_gradient, "T T T LongTensor int int int int int int int int int">{}),
  };
}

}  // namespace t9::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9::nn {
HWY_EXPORT(pooling_rows);
}
namespace t9 {
OpList pooling_kernels() {
  using namespace nn;
  return HWY_DYNAMIC_DISPATCH(pooling_rows)();
}
}  // namespace t9
#endif
