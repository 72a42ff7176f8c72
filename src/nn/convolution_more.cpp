// Convolutions with a table of connections, with untied weights, and along one dimension.
#include "nn/convolution.h"
#include "nn/families.h"
#include "nn/kernel.h"
#include "ops/gemm.h"

namespace t9::nn {

namespace {

// ---- connection tables: rows of (from, to), a kernel each ----

struct Map {
  int64_t n = 1, planes_in, planes_out, h, w, kH, kW, oH, oW, dH, dW;
  std::vector<std::pair<int64_t, int64_t>> rows;

  // transposed: the output is the larger image
  Map(const Tensor& x, const Tensor& weight, const Tensor& table, int64_t in, int64_t out, int64_t dW_, int64_t dH_,
      bool transposed)
      : planes_in(in), planes_out(out), dH(dH_), dW(dW_) {
    T9_CHECK(weight.nDimension == 3 && table.nDimension == 2 && table.size[1] == 2 && weight.size[0] == table.size[0],
             "3D weight tensor expected (connTable:size(1) x kH x kW), but got: [%s]", weight.size_text().c_str());
    T9_CHECK(x.nDimension == 3 || x.nDimension == 4, "3D or 4D (batch mode) tensor expected for input, but got: [%s]",
             x.size_text().c_str());
    T9_CHECK(dW > 0 && dH > 0 && std::max(dW, dH) <= kLargest, "strides must be positive");
    const int first = x.nDimension - 3;
    if (first) n = x.size[0];
    T9_CHECK(x.size[first] >= planes_in, "invalid number of input planes");
    planes_in = x.size[first];
    h = x.size[first + 1];
    w = x.size[first + 2];
    kH = weight.size[1];
    kW = weight.size[2];
    if (transposed) {
      oH = (h - 1) * dH + kH;
      oW = (w - 1) * dW + kW;
    } else {
      T9_CHECK(h >= kH && w >= kW, "input image smaller than kernel size");
      oH = (h - kH) / dH + 1;
      oW = (w - kW) / dW + 1;
    }
    TensorRef plain = contiguous(table);
    floating(table, [&](auto type) {
      using T = typename decltype(type)::type;
      const T* p = plain->data<T>();
      for (int64_t k = 0; k < table.size[0]; ++k) {
        const int64_t from = int64_t(p[2 * k]) - 1, to = int64_t(p[2 * k + 1]) - 1;
        T9_CHECK(from >= 0 && from < planes_in && to >= 0 && to < planes_out, "connection %lld out of range", (long long)k + 1);
        rows.emplace_back(from, to);
      }
    });
  }
  Sizes out_sizes(const Tensor& x) const {
    Sizes s;
    if (x.nDimension == 4) s.push(n);
    for (int64_t v : {planes_out, oH, oW}) s.push(v);
    return s;
  }
  int64_t taps() const { return kH * kW; }
};

// Visits the pairs of a small and a large image that a tap joins: f(tap, small index, large index, count)
// for runs along the width; the large index steps by dW.
template <class F>
void taps(int64_t h, int64_t w, int64_t wide, int64_t kH, int64_t kW, int64_t dH, F f) {
  for (int64_t i = 0; i < kH; ++i)
    for (int64_t j = 0; j < kW; ++j)
      for (int64_t y = 0; y < h; ++y) f(i * kW + j, y * w, (y * dH + i) * wide + j, w);
}

void map_forward(Tensor& input, Tensor& output, Tensor& weight, Tensor& bias, Tensor& table, int64_t in, int64_t out,
                 int64_t dW, int64_t dH) {
  Map s(input, weight, table, in, out, dW, dH, false);
  T9_CHECK(bias.numel() == s.planes_out, "bias has size [%s]", bias.size_text().c_str());
  output.resize(s.out_sizes(input));
  Dense x(input), w(weight), b(bias);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pw = w.data<T>(), *pb = b.data<T>();
    T* py = y.data<T>();
    const int64_t small = s.oH * s.oW, large = s.h * s.w;
    for (int64_t n = 0; n < s.n; ++n) {
      T* sample = py + n * s.planes_out * small;
      for (int64_t o = 0; o < s.planes_out; ++o) std::fill_n(sample + o * small, small, pb[o]);
      for (size_t k = 0; k < s.rows.size(); ++k) {
        const T* from = px + (n * s.planes_in + s.rows[k].first) * large;
        T* to = sample + s.rows[k].second * small;
        const T* kernel = pw + int64_t(k) * s.taps();
        taps(s.oH, s.oW, s.w, s.kH, s.kW, dH, [=](int64_t tap, int64_t a, int64_t c, int64_t m) {
          for (int64_t i = 0; i < m; ++i) to[a + i] += kernel[tap] * from[c + i * dW];
        });
      }
    }
  });
}

void map_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& weight, Tensor&, Tensor& table, int64_t in,
                  int64_t out, int64_t dW, int64_t dH) {
  Map s(input, weight, table, in, out, dW, dH, false);
  T9_CHECK(gradOutput.sizes() == s.out_sizes(input), "gradOutput has size [%s]", gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput), w(weight);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *pg = g.data<T>(), *pw = w.data<T>();
    T* pr = r.data<T>();
    const int64_t small = s.oH * s.oW, large = s.h * s.w;
    std::fill_n(pr, input.numel(), T(0));
    for (int64_t n = 0; n < s.n; ++n)
      for (size_t k = 0; k < s.rows.size(); ++k) {
        const T* from = pg + (n * s.planes_out + s.rows[k].second) * small;
        T* to = pr + (n * s.planes_in + s.rows[k].first) * large;
        const T* kernel = pw + int64_t(k) * s.taps();
        taps(s.oH, s.oW, s.w, s.kH, s.kW, dH, [=](int64_t tap, int64_t a, int64_t c, int64_t m) {
          for (int64_t i = 0; i < m; ++i) to[c + i * dW] += kernel[tap] * from[a + i];
        });
      }
  });
}

void map_weights(Tensor& input, Tensor& gradOutput, Tensor& gradWeight, Tensor& gradBias, Tensor& table, int64_t in,
                 int64_t out, int64_t dW, int64_t dH, double scale) {
  Map s(input, gradWeight, table, in, out, dW, dH, false);
  T9_CHECK(gradOutput.sizes() == s.out_sizes(input), "gradOutput has size [%s]", gradOutput.size_text().c_str());
  {
    Dense x(input), g(gradOutput);
    DenseResult gw(gradWeight, true);
    floating(input, [&](auto type) {
      using T = typename decltype(type)::type;
      const T *px = x.data<T>(), *pg = g.data<T>();
      T* pw = gw.data<T>();
      const int64_t small = s.oH * s.oW, large = s.h * s.w;
      for (int64_t n = 0; n < s.n; ++n)
        for (size_t k = 0; k < s.rows.size(); ++k) {
          const T* from = px + (n * s.planes_in + s.rows[k].first) * large;
          const T* gradient = pg + (n * s.planes_out + s.rows[k].second) * small;
          T* kernel = pw + int64_t(k) * s.taps();
          taps(s.oH, s.oW, s.w, s.kH, s.kW, dH, [=](int64_t tap, int64_t a, int64_t c, int64_t m) {
            T sum = 0;
            for (int64_t i = 0; i < m; ++i) sum += gradient[a + i] * from[c + i * dW];
            kernel[tap] += T(scale) * sum;
          });
        }
    });
  }
  T9_CHECK(gradBias.numel() == s.planes_out, "gradBias has size [%s]", gradBias.size_text().c_str());
  sum_planes(gradOutput, s.n, s.planes_out, s.oH * s.oW, gradBias, scale);
}

// The transposed form: input is the small image.
void full_map_forward(Tensor& input, Tensor& output, Tensor& weight, Tensor& bias, Tensor& table, int64_t in, int64_t out,
                      int64_t dW, int64_t dH) {
  Map s(input, weight, table, in, out, dW, dH, true);
  T9_CHECK(bias.numel() == s.planes_out, "bias has size [%s]", bias.size_text().c_str());
  output.resize(s.out_sizes(input));
  Dense x(input), w(weight), b(bias);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pw = w.data<T>(), *pb = b.data<T>();
    T* py = y.data<T>();
    const int64_t small = s.h * s.w, large = s.oH * s.oW;
    for (int64_t n = 0; n < s.n; ++n) {
      T* sample = py + n * s.planes_out * large;
      for (int64_t o = 0; o < s.planes_out; ++o) std::fill_n(sample + o * large, large, pb[o]);
      for (size_t k = 0; k < s.rows.size(); ++k) {
        const T* from = px + (n * s.planes_in + s.rows[k].first) * small;
        T* to = sample + s.rows[k].second * large;
        const T* kernel = pw + int64_t(k) * s.taps();
        taps(s.h, s.w, s.oW, s.kH, s.kW, dH, [=](int64_t tap, int64_t a, int64_t c, int64_t m) {
          for (int64_t i = 0; i < m; ++i) to[c + i * dW] += kernel[tap] * from[a + i];
        });
      }
    }
  });
}

void full_map_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& weight, Tensor&, Tensor& table,
                       int64_t in, int64_t out, int64_t dW, int64_t dH) {
  Map s(input, weight, table, in, out, dW, dH, true);
  T9_CHECK(gradOutput.sizes() == s.out_sizes(input), "gradOutput has size [%s]", gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput), w(weight);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *pg = g.data<T>(), *pw = w.data<T>();
    T* pr = r.data<T>();
    const int64_t small = s.h * s.w, large = s.oH * s.oW;
    std::fill_n(pr, input.numel(), T(0));
    for (int64_t n = 0; n < s.n; ++n)
      for (size_t k = 0; k < s.rows.size(); ++k) {
        const T* from = pg + (n * s.planes_out + s.rows[k].second) * large;
        T* to = pr + (n * s.planes_in + s.rows[k].first) * small;
        const T* kernel = pw + int64_t(k) * s.taps();
        taps(s.h, s.w, s.oW, s.kH, s.kW, dH, [=](int64_t tap, int64_t a, int64_t c, int64_t m) {
          for (int64_t i = 0; i < m; ++i) to[a + i] += kernel[tap] * from[c + i * dW];
        });
      }
  });
}

void full_map_weights(Tensor& input, Tensor& gradOutput, Tensor& gradWeight, Tensor& gradBias, Tensor& table, int64_t in,
                      int64_t out, int64_t dW, int64_t dH, double scale) {
  Map s(input, gradWeight, table, in, out, dW, dH, true);
  T9_CHECK(gradOutput.sizes() == s.out_sizes(input), "gradOutput has size [%s]", gradOutput.size_text().c_str());
  {
    Dense x(input), g(gradOutput);
    DenseResult gw(gradWeight, true);
    floating(input, [&](auto type) {
      using T = typename decltype(type)::type;
      const T *px = x.data<T>(), *pg = g.data<T>();
      T* pw = gw.data<T>();
      const int64_t small = s.h * s.w, large = s.oH * s.oW;
      for (int64_t n = 0; n < s.n; ++n)
        for (size_t k = 0; k < s.rows.size(); ++k) {
          const T* from = px + (n * s.planes_in + s.rows[k].first) * small;
          const T* gradient = pg + (n * s.planes_out + s.rows[k].second) * large;
          T* kernel = pw + int64_t(k) * s.taps();
          taps(s.h, s.w, s.oW, s.kH, s.kW, dH, [=](int64_t tap, int64_t a, int64_t c, int64_t m) {
            T sum = 0;
            for (int64_t i = 0; i < m; ++i) sum += from[a + i] * gradient[c + i * dW];
            kernel[tap] += T(scale) * sum;
          });
        }
    });
  }
  T9_CHECK(gradBias.numel() == s.planes_out, "gradBias has size [%s]", gradBias.size_text().c_str());
  sum_planes(gradOutput, s.n, s.planes_out, s.oH * s.oW, gradBias, scale);
}

// ---- untied weights: [oH][oW][out][in][kH][kW] ----

struct Local {
  int64_t n = 1, in, out, h, w, oH, oW, kH, kW, dH, dW, padH, padW;
  int64_t taps() const { return in * kH * kW; }
  int64_t cells() const { return oH * oW; }

  // The window of a cell, zero outside the image.
  template <class T>
  void gather(const T* image, int64_t cell, T* column) const {
    visit(cell, [&](int64_t at, int64_t k) { column[k] = at < 0 ? T(0) : image[at]; });
  }
  template <class F>
  void visit(int64_t cell, F f) const {
    int64_t k = 0;
    for (int64_t c = 0; c < in; ++c)
      for (int64_t i = 0; i < kH; ++i)
        for (int64_t j = 0; j < kW; ++j, ++k) {
          const int64_t y = cell / oW * dH - padH + i, x = cell % oW * dW - padW + j;
          f(y < 0 || y >= h || x < 0 || x >= w ? -1 : (c * h + y) * w + x, k);
        }
  }
};

Local local_shape(const Tensor& x, const Tensor& weight, int64_t kW, int64_t kH, int64_t dW, int64_t dH, int64_t padW,
                  int64_t padH, int64_t iW, int64_t iH, int64_t oW, int64_t oH) {
  T9_CHECK(x.nDimension == 3 || x.nDimension == 4, "3D or 4D (batch mode) tensor expected for input");
  const int first = x.nDimension - 3;
  Local s{first ? x.size[0] : 1, x.size[first], 0, iH, iW, oH, oW, kH, kW, dH, dW, padH, padW};
  T9_CHECK(x.size[first + 1] == iH && x.size[first + 2] == iW, "input image has size [%s]", x.size_text().c_str());
  T9_CHECK(kW > 0 && kH > 0 && dW > 0 && dH > 0 && oW > 0 && oH > 0, "sizes must be positive");
  T9_CHECK(std::max({kW, kH, dW, dH, padW, padH, oW, oH}) <= kLargest && s.cells() <= x.numel() * kLargest,
           "sizes are too large");
  s.out = weight.numel() / (s.cells() * s.taps());
  T9_CHECK(weight.numel() == s.cells() * s.taps() * s.out, "weight has size [%s]", weight.size_text().c_str());
  return s;
}

#define T9_LOCAL                                                                                                      \
  int64_t kW, int64_t kH, int64_t dW, int64_t dH, int64_t padW, int64_t padH, int64_t iW, int64_t iH, int64_t oW, int64_t oH
#define T9_LOCAL_NAMES kW, kH, dW, dH, padW, padH, iW, iH, oW, oH

void local_forward(Tensor& input, Tensor& output, Tensor& weight, Tensor* bias, Tensor&, Tensor&, T9_LOCAL) {
  Local s = local_shape(input, weight, T9_LOCAL_NAMES);
  T9_CHECK(!bias || bias->numel() == s.out * s.cells(), "bias has size [%s]", bias->size_text().c_str());
  Sizes sizes(input.size, input.nDimension - 3);
  for (int64_t v : {s.out, s.oH, s.oW}) sizes.push(v);
  output.resize(sizes);
  Dense x(input), w(weight), b(bias ? *bias : weight);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    std::vector<T> column(size_t(s.taps()));
    for (int64_t n = 0; n < s.n; ++n)
      for (int64_t cell = 0; cell < s.cells(); ++cell) {
        s.gather(x.data<T>() + n * s.in * s.h * s.w, cell, column.data());
        const T* kernel = w.data<T>() + cell * s.out * s.taps();
        for (int64_t o = 0; o < s.out; ++o) {
          T sum = bias ? b.data<T>()[o * s.cells() + cell] : T(0);
          for (int64_t k = 0; k < s.taps(); ++k) sum += kernel[o * s.taps() + k] * column[size_t(k)];
          y.data<T>()[(n * s.out + o) * s.cells() + cell] = sum;
        }
      }
  });
}

void local_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& weight, Tensor&, Tensor&, T9_LOCAL) {
  Local s = local_shape(input, weight, T9_LOCAL_NAMES);
  T9_CHECK(gradOutput.numel() == s.n * s.out * s.cells(), "gradOutput has size [%s]", gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput), w(weight);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    std::fill_n(r.data<T>(), input.numel(), T(0));
    for (int64_t n = 0; n < s.n; ++n)
      for (int64_t cell = 0; cell < s.cells(); ++cell) {
        T* image = r.data<T>() + n * s.in * s.h * s.w;
        const T* kernel = w.data<T>() + cell * s.out * s.taps();
        s.visit(cell, [&](int64_t at, int64_t k) {
          if (at < 0) return;
          T sum = 0;
          for (int64_t o = 0; o < s.out; ++o)
            sum += kernel[o * s.taps() + k] * g.data<T>()[(n * s.out + o) * s.cells() + cell];
          image[at] += sum;
        });
      }
  });
}

void local_weights(Tensor& input, Tensor& gradOutput, Tensor& gradWeight, Tensor* gradBias, Tensor&, Tensor&, T9_LOCAL,
                   double scale) {
  Local s = local_shape(input, gradWeight, T9_LOCAL_NAMES);
  T9_CHECK(gradOutput.numel() == s.n * s.out * s.cells(), "gradOutput has size [%s]", gradOutput.size_text().c_str());
  T9_CHECK(!gradBias || gradBias->numel() == s.out * s.cells(), "gradBias has size [%s]", gradBias->size_text().c_str());
  Dense x(input), g(gradOutput);
  DenseResult gw(gradWeight, true);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    std::vector<T> column(size_t(s.taps()));
    for (int64_t n = 0; n < s.n; ++n)
      for (int64_t cell = 0; cell < s.cells(); ++cell) {
        s.gather(x.data<T>() + n * s.in * s.h * s.w, cell, column.data());
        T* kernel = gw.data<T>() + cell * s.out * s.taps();
        for (int64_t o = 0; o < s.out; ++o) {
          const T v = T(scale) * g.data<T>()[(n * s.out + o) * s.cells() + cell];
          for (int64_t k = 0; k < s.taps(); ++k) kernel[o * s.taps() + k] += v * column[size_t(k)];
        }
      }
    if (!gradBias) return;
    DenseResult gb(*gradBias, true);
    const int64_t each = s.out * s.cells();
    for (int64_t k = 0; k < s.n * each; ++k) gb.data<T>()[k % each] += T(scale) * g.data<T>()[k];
  });
}

// ---- frames in rows: windows of frames, copied out since they overlap, are the rows of a matrix ----

struct Temporal {
  int64_t n = 1, frames, features, out_frames, out, columns, step;
  Temporal(const Tensor& x, int64_t kW, int64_t dW, int64_t in_features, int64_t out_features) : out(out_features) {
    T9_CHECK(kW > 0 && kW <= kLargest, "kernel size should be greater than zero, but got kW: %lld", (long long)kW);
    T9_CHECK(dW > 0 && dW <= kLargest, "stride should be greater than zero, but got dW: %lld", (long long)dW);
    T9_CHECK(x.nDimension == 2 || x.nDimension == 3, "2D or 3D (batch mode) tensor expected for input, but got: [%s]",
             x.size_text().c_str());
    const int at = x.nDimension - 2;
    if (at) n = x.size[0];
    frames = x.size[at];
    features = x.size[at + 1];
    T9_CHECK(features == in_features, "invalid input frame size. Got: %lld, Expected: %lld", (long long)features,
             (long long)in_features);
    T9_CHECK(frames >= kW, "input sequence smaller than kernel size. Got: %lld, Expected: %lld", (long long)frames,
             (long long)kW);
    out_frames = (frames - kW) / dW + 1;
    columns = kW * features;
    step = dW * features;
  }
  // f(first sample, samples) for parts whose windows stay in the cache
  template <class F>
  void parts(F f) const {
    const int64_t each = std::clamp<int64_t>((int64_t(1) << 19) / (out_frames * columns), 1, n);
    for (int64_t k = 0; k < n; k += each) f(k, std::min(each, n - k));
  }
  int64_t room() const {
    return std::clamp<int64_t>((int64_t(1) << 19) / (out_frames * columns), 1, n) * out_frames * columns;
  }
  // f(part of the sequence that a window covers, its row) for a few samples
  template <class T, class F>
  void windows(T* x, int64_t samples, F f) const {
    for (int64_t i = 0; i < samples; ++i)
      for (int64_t t = 0; t < out_frames; ++t) f(x + i * frames * features + t * step, i * out_frames + t);
  }
  Sizes out_sizes(const Tensor& x) const {
    Sizes s;
    if (x.nDimension == 3) s.push(n);
    s.push(out_frames);
    s.push(out);
    return s;
  }
};

void temporal_forward(Tensor& input, Tensor& output, Tensor& weight, Tensor& bias, int64_t kW, int64_t dW, int64_t in,
                      int64_t out) {
  Temporal s(input, kW, dW, in, out);
  T9_CHECK(out > 0 && out <= weight.numel() && weight.numel() == out * s.columns && bias.numel() == out, "weight has size [%s]", weight.size_text().c_str());
  output.resize(s.out_sizes(input));
  Dense x(input), w(weight), b(bias);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    std::vector<T> rows(static_cast<size_t>(s.room()));
    s.parts([&](int64_t first, int64_t samples) {
      const int64_t m = samples * s.out_frames;
      T* to = y.data<T>() + first * s.out_frames * out;
      for (int64_t t = 0; t < m; ++t) std::copy_n(b.data<T>(), out, to + t * out);
      s.windows(x.data<T>() + first * s.frames * s.features, samples,
                [&](const T* window, int64_t row) { std::copy_n(window, s.columns, rows.data() + row * s.columns); });
      gemm<T>(false, true, m, out, s.columns, T(1), rows.data(), s.columns, w.data<T>(), s.columns, T(1), to, out);
    });
  });
}

void temporal_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& weight, int64_t kW, int64_t dW) {
  const int64_t features = input.nDimension ? input.size[input.nDimension - 1] : 0;
  T9_CHECK(features > 0 && kW > 0 && kW <= kLargest && weight.numel() % (features * kW) == 0, "weight has size [%s]", weight.size_text().c_str());
  Temporal s(input, kW, dW, features, weight.numel() / (features * kW));
  T9_CHECK(gradOutput.sizes() == s.out_sizes(input), "gradOutput has size [%s]", gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput), w(weight);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    std::vector<T> rows(static_cast<size_t>(s.room()));
    std::fill_n(r.data<T>(), input.numel(), T(0));
    s.parts([&](int64_t first, int64_t samples) {
      gemm<T>(false, false, samples * s.out_frames, s.columns, s.out, T(1), g.data<T>() + first * s.out_frames * s.out, s.out,
              w.data<T>(), s.columns, T(0), rows.data(), s.columns);
      s.windows(r.data<T>() + first * s.frames * s.features, samples, [&](T* window, int64_t row) {
        const T* from = rows.data() + row * s.columns;
        for (int64_t k = 0; k < s.columns; ++k) window[k] += from[k];
      });
    });
  });
}

void temporal_weights(Tensor& input, Tensor& gradOutput, Tensor& gradWeight, Tensor& gradBias, int64_t kW, int64_t dW,
                      double scale) {
  const int64_t features = input.nDimension ? input.size[input.nDimension - 1] : 0;
  T9_CHECK(features > 0 && kW > 0 && kW <= kLargest && gradWeight.numel() % (features * kW) == 0, "gradWeight has size [%s]",
           gradWeight.size_text().c_str());
  Temporal s(input, kW, dW, features, gradWeight.numel() / (features * kW));
  T9_CHECK(gradOutput.sizes() == s.out_sizes(input) && gradBias.numel() == s.out, "gradOutput has size [%s]",
           gradOutput.size_text().c_str());
  Dense x(input), g(gradOutput);
  DenseResult gw(gradWeight, true), gb(gradBias, true);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    std::vector<T> rows(static_cast<size_t>(s.room()));
    s.parts([&](int64_t first, int64_t samples) {
      const int64_t m = samples * s.out_frames;
      const T* from = g.data<T>() + first * s.out_frames * s.out;
      s.windows(x.data<T>() + first * s.frames * s.features, samples,
                [&](const T* window, int64_t row) { std::copy_n(window, s.columns, rows.data() + row * s.columns); });
      gemm<T>(true, false, s.out, s.columns, m, T(scale), from, s.out, rows.data(), s.columns, T(1), gw.data<T>(), s.columns);
      for (int64_t t = 0; t < m; ++t)
        for (int64_t o = 0; o < s.out; ++o) gb.data<T>()[o] += T(scale) * from[t * s.out + o];
    });
  });
}

// ---- each feature alone ----

struct RowShape {
  int64_t n = 1, features, frames, out, kW, dW, pad;
  int64_t feature_step, frame_step, out_feature_step, out_frame_step;  // elements
  bool first;
  RowShape(const Tensor& x, const Tensor& weight, int64_t kW_, int64_t dW_, int64_t pad_, bool feat_first)
      : kW(kW_), dW(dW_), pad(pad_), first(feat_first) {
    T9_CHECK(x.nDimension == 2 || x.nDimension == 3, "2D or 3D (batch mode) tensor expected for input, but got: [%s]",
             x.size_text().c_str());
    T9_CHECK(kW > 0 && dW > 0 && pad >= 0 && std::max({kW, dW, pad}) <= kLargest,
             "kernel size and stride should be greater than zero");
    const int at = x.nDimension - 2;
    if (at) n = x.size[0];
    features = x.size[first ? at : at + 1];
    frames = x.size[first ? at + 1 : at];
    T9_CHECK(weight.numel() == features * kW, "Need input of dimension %d with %lld features but got [%s]", x.nDimension,
             (long long)(weight.numel() / kW), x.size_text().c_str());
    const int64_t span = frames + 2 * pad - kW;
    T9_CHECK(span >= 0, "input sequence smaller than kernel size. Got: %lld, Expected: %lld", (long long)frames, (long long)kW);
    out = span / dW + 1;
    feature_step = first ? frames : 1;
    frame_step = first ? 1 : features;
    out_feature_step = first ? out : 1;
    out_frame_step = first ? 1 : features;
  }
  Sizes out_sizes(const Tensor& x) const {
    Sizes s;
    if (x.nDimension == 3) s.push(n);
    s.push(first ? features : out);
    s.push(first ? out : features);
    return s;
  }
  // f(feature, tap, output index, input index)
  template <class F>
  void visit(F f) const {
    for (int64_t b = 0; b < n; ++b)
      for (int64_t c = 0; c < features; ++c)
        for (int64_t t = 0; t < out; ++t)
          for (int64_t k = 0; k < kW; ++k) {
            const int64_t i = t * dW + k - pad;
            if (i < 0 || i >= frames) continue;
            f(c, k, b * features * out + c * out_feature_step + t * out_frame_step,
              b * features * frames + c * feature_step + i * frame_step);
          }
  }
};

void row_forward(Tensor& input, Tensor& output, Tensor& weight, Tensor* bias, Tensor&, Tensor&, int64_t kW, int64_t dW,
                 int64_t pad, bool first) {
  RowShape s(input, weight, kW, dW, pad, first);
  T9_CHECK(!bias || bias->numel() == s.features, "bias has size [%s]", bias->size_text().c_str());
  output.resize(s.out_sizes(input));
  Dense x(input), w(weight), b(bias ? *bias : weight);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pw = w.data<T>(), *pb = bias ? b.data<T>() : nullptr;
    T* py = y.data<T>();
    for (int64_t k = 0, m = output.numel(); k < m; ++k)
      py[k] = pb ? pb[first ? k / s.out % s.features : k % s.features] : T(0);
    s.visit([&](int64_t c, int64_t k, int64_t o, int64_t i) { py[o] += pw[c * kW + k] * px[i]; });
  });
}

void row_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& weight, Tensor&, Tensor&, int64_t kW,
                  int64_t dW, int64_t pad, bool first) {
  RowShape s(input, weight, kW, dW, pad, first);
  T9_CHECK(gradOutput.sizes() == s.out_sizes(input), "gradOutput has size [%s]", gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput), w(weight);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *pg = g.data<T>(), *pw = w.data<T>();
    T* pr = r.data<T>();
    std::fill_n(pr, input.numel(), T(0));
    s.visit([&](int64_t c, int64_t k, int64_t o, int64_t i) { pr[i] += pw[c * kW + k] * pg[o]; });
  });
}

void row_weights(Tensor& input, Tensor& gradOutput, Tensor& gradWeight, Tensor* gradBias, Tensor&, Tensor&, int64_t kW,
                 int64_t dW, int64_t pad, bool first, double scale) {
  RowShape s(input, gradWeight, kW, dW, pad, first);
  T9_CHECK(gradOutput.sizes() == s.out_sizes(input), "gradOutput has size [%s]", gradOutput.size_text().c_str());
  T9_CHECK(!gradBias || gradBias->numel() == s.features, "gradBias has size [%s]", gradBias->size_text().c_str());
  Dense x(input), g(gradOutput);
  DenseResult gw(gradWeight, true);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pg = g.data<T>();
    T* pw = gw.data<T>();
    s.visit([&](int64_t c, int64_t k, int64_t o, int64_t i) { pw[c * kW + k] += T(scale) * pg[o] * px[i]; });
    if (!gradBias) return;
    DenseResult gb(*gradBias, true);
    for (int64_t k = 0, m = gradOutput.numel(); k < m; ++k)
      gb.data<T>()[first ? k / s.out % s.features : k % s.features] += T(scale) * pg[k];
  });
}

}  // namespace
}  // namespace t9::nn

namespace t9 {

using namespace nn;

OpList convolution_more_kernels() {
  return {
      kernel("SpatialConvolutionMap_updateOutput", sig<map_forward, "T T T T T int int int int">{}),
      kernel("SpatialConvolutionMap_updateGradInput", sig<map_gradient, "T T T T T T int int int int">{}),
      kernel("SpatialConvolutionMap_accGradParameters", sig<map_weights, "T T T T T int int int int double">{}),
      kernel("SpatialFullConvolutionMap_updateOutput", sig<full_map_forward, "T T T T T int int int int">{}),
      kernel("SpatialFullConvolutionMap_updateGradInput", sig<full_map_gradient, "T T T T T T int int int int">{}),
      kernel("SpatialFullConvolutionMap_accGradParameters", sig<full_map_weights, "T T T T T int int int int double">{}),
      kernel("SpatialConvolutionLocal_updateOutput",
             sig<local_forward, "T T T T? T T int int int int int int int int int int">{}),
      kernel("SpatialConvolutionLocal_updateGradInput",
             sig<local_gradient, "T T T T T T int int int int int int int int int int">{}),
      kernel("SpatialConvolutionLocal_accGradParameters",
             sig<local_weights, "T T T T? T T int int int int int int int int int int double">{}),
      kernel("TemporalConvolution_updateOutput", sig<temporal_forward, "T T T T int int int int">{}),
      kernel("TemporalConvolution_updateGradInput", sig<temporal_gradient, "T T T T int int">{}),
      kernel("TemporalConvolution_accGradParameters", sig<temporal_weights, "T T T T int int double">{}),
      kernel("TemporalRowConvolution_updateOutput", sig<row_forward, "T T T T? T T int int int boolean">{}),
      kernel("TemporalRowConvolution_updateGradInput", sig<row_gradient, "T T T T T T int int int boolean">{}),
      kernel("TemporalRowConvolution_accGradParameters", sig<row_weights, "T T T T? T T int int int boolean double">{}),
  };
}

}  // namespace t9
