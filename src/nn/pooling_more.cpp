// Adaptive, fractional, temporal and feature pooling, and sub-sampling.
#include <cmath>
#include <limits>

#include "nn/families.h"
#include "nn/kernel.h"

namespace t9::nn {

namespace {

struct Image {
  int64_t planes = 1, h, w;
  explicit Image(const Tensor& x) {
    T9_CHECK(x.nDimension == 3 || x.nDimension == 4, "3D or 4D (batch mode) tensor expected for input, but got: [%s]",
             x.size_text().c_str());
    for (int k = 0; k < x.nDimension - 2; ++k) planes *= x.size[k];
    h = x.size[x.nDimension - 2];
    w = x.size[x.nDimension - 1];
  }
  int64_t area() const { return h * w; }
};

Sizes with_area(const Tensor& x, int64_t h, int64_t w) {
  Sizes s(x.size, x.nDimension - 2);
  s.push(h);
  s.push(w);
  return s;
}

// ---- adaptive: cell i of o covers floor(i n / o) .. ceil((i + 1) n / o) ----

int64_t cell_begin(int64_t i, int64_t n, int64_t o) { return i * n / o; }
int64_t cell_end(int64_t i, int64_t n, int64_t o) { return ((i + 1) * n + o - 1) / o; }

// indices: 2 x output; the column within the cell, then the row, from 1
void adaptive_max(Tensor& input, Tensor& output, Tensor& indices, int64_t oW, int64_t oH) {
  Image s(input);
  T9_CHECK(oW > 0 && oH > 0, "output sizes must be positive");
  Sizes sizes = with_area(input, oH, oW), pair{2};
  for (int k = 0; k < sizes.n; ++k) pair.push(sizes[k]);
  output.resize(sizes);
  indices.resize(pair);
  Dense x(input);
  DenseResult y(output), index(indices);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = x.data<T>();
    T* q = y.data<T>();
    int64_t *first = index.data<int64_t>(), *second = first + output.numel();
    for (int64_t k = 0; k < s.planes; ++k, p += s.area())
      for (int64_t i = 0; i < oH; ++i)
        for (int64_t j = 0; j < oW; ++j) {
          const int64_t h0 = cell_begin(i, s.h, oH), w0 = cell_begin(j, s.w, oW);
          T best = -std::numeric_limits<T>::max();
          int64_t row = 0, column = 0;
          for (int64_t h = h0; h < cell_end(i, s.h, oH); ++h)
            for (int64_t w = w0; w < cell_end(j, s.w, oW); ++w)
              if (const T v = p[h * s.w + w]; v > best || v != v) best = v, row = h - h0, column = w - w0;
          *q++ = best;
          *first++ = row + 1;
          *second++ = column + 1;
        }
  });
}

void adaptive_max_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& indices) {
  Image s(input), o(gradOutput);
  T9_CHECK(indices.numel() == 2 * gradOutput.numel() && s.planes == o.planes, "gradOutput has size [%s]",
           gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput), index(indices);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = g.data<T>();
    T* q = r.data<T>();
    std::fill_n(q, input.numel(), T(0));
    const int64_t *first = index.data<int64_t>(), *second = first + gradOutput.numel();
    for (int64_t k = 0; k < s.planes; ++k, q += s.area())
      for (int64_t i = 0; i < o.h; ++i)
        for (int64_t j = 0; j < o.w; ++j, ++first, ++second, ++p) {
          const int64_t h = cell_begin(i, s.h, o.h) + *first - 1, w = cell_begin(j, s.w, o.w) + *second - 1;
          if (h >= 0 && h < s.h && w >= 0 && w < s.w) q[h * s.w + w] += *p;
        }
  });
}

void adaptive_average(Tensor& input, Tensor& output, int64_t oW, int64_t oH) {
  Image s(input);
  T9_CHECK(oW > 0 && oH > 0, "output sizes must be positive");
  output.resize(with_area(input, oH, oW));
  Dense x(input);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = x.data<T>();
    T* q = y.data<T>();
    for (int64_t k = 0; k < s.planes; ++k, p += s.area())
      for (int64_t i = 0; i < oH; ++i)
        for (int64_t j = 0; j < oW; ++j) {
          const int64_t h0 = cell_begin(i, s.h, oH), h1 = cell_end(i, s.h, oH);
          const int64_t w0 = cell_begin(j, s.w, oW), w1 = cell_end(j, s.w, oW);
          T sum = 0;
          for (int64_t h = h0; h < h1; ++h)
            for (int64_t w = w0; w < w1; ++w) sum += p[h * s.w + w];
          *q++ = sum / T((h1 - h0) * (w1 - w0));
        }
  });
}

void adaptive_average_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput) {
  Image s(input), o(gradOutput);
  T9_CHECK(s.planes == o.planes, "gradOutput has size [%s]", gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = g.data<T>();
    T* q = r.data<T>();
    std::fill_n(q, input.numel(), T(0));
    for (int64_t k = 0; k < s.planes; ++k, q += s.area())
      for (int64_t i = 0; i < o.h; ++i)
        for (int64_t j = 0; j < o.w; ++j, ++p) {
          const int64_t h0 = cell_begin(i, s.h, o.h), h1 = cell_end(i, s.h, o.h);
          const int64_t w0 = cell_begin(j, s.w, o.w), w1 = cell_end(j, s.w, o.w);
          const T part = *p / T((h1 - h0) * (w1 - w0));
          for (int64_t h = h0; h < h1; ++h)
            for (int64_t w = w0; w < w1; ++w) q[h * s.w + w] += part;
        }
  });
}

// ---- fractional: windows start at pseudo-random distances ----

template <class T>
std::vector<int64_t> starts(T u, int64_t in, int64_t out, int64_t pool) {
  std::vector<int64_t> s(static_cast<size_t>(out));
  if (!(u >= 0 && u <= 1)) u = 0;
  const T alpha = out > 1 ? T(in - pool) / T(out - 1) : T(0);
  for (int64_t i = 0; i < out - 1; ++i) s[size_t(i)] = int64_t((T(i) + u) * alpha) - int64_t(u * alpha);
  s[size_t(out - 1)] = in - pool;
  return s;
}

// Axes in the order of the input's last dimensions; samples name them in the order `sample`.
struct Fractional {
  int dims;
  int64_t planes = 1, in[3] = {1, 1, 1}, out[3] = {1, 1, 1}, pool[3] = {1, 1, 1};
  int sample[3] = {0, 0, 0};
  Sizes sizes;

  Fractional(const Tensor& x, int dims_, std::initializer_list<int64_t> outs, std::initializer_list<int64_t> pools)
      : dims(dims_) {
    T9_CHECK(x.nDimension == dims + 1 || x.nDimension == dims + 2, "%dD or %dD (batch mode) tensor expected for input: [%s]",
             dims + 1, dims + 2, x.size_text().c_str());
    const int first = x.nDimension - dims;
    sizes = Sizes(x.size, first);
    for (int k = 0; k < first; ++k) planes *= x.size[k];
    auto o = outs.begin(), p = pools.begin();
    for (int a = 3 - dims, d = first; a < 3; ++a, ++d) {
      in[a] = x.size[d];
      out[a] = *o++;
      pool[a] = *p++;
      sizes.push(out[a]);
      T9_CHECK(out[a] > 0 && pool[a] > 0 && pool[a] <= in[a] && out[a] <= in[a] - pool[a] + 1,
               "pool (%lld) too large relative to input (%lld)", (long long)pool[a], (long long)in[a]);
    }
  }
  int64_t in_area() const { return in[0] * in[1] * in[2]; }
  int64_t out_area() const { return out[0] * out[1] * out[2]; }
};

void fractional(const Fractional& s, Tensor& input, Tensor& output, Tensor& indices, Tensor& samples) {
  T9_CHECK(samples.numel() == s.planes * s.dims, "randomSamples has size [%s]", samples.size_text().c_str());
  output.resize(s.sizes);
  indices.resize(s.sizes);
  Dense x(input), u(samples);
  DenseResult y(output), index(indices);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *p = x.data<T>(), *pu = u.data<T>();
    T* q = y.data<T>();
    int64_t* pi = index.data<int64_t>();
    for (int64_t k = 0; k < s.planes; ++k, p += s.in_area(), pu += s.dims) {
      std::vector<int64_t> at[3];
      for (int a = 0; a < 3; ++a)
        at[a] = a < 3 - s.dims ? std::vector<int64_t>{0} : starts<T>(pu[s.sample[a]], s.in[a], s.out[a], s.pool[a]);
      for (int64_t i : at[0])
        for (int64_t j : at[1])
          for (int64_t l : at[2]) {
            T best = -std::numeric_limits<T>::max();
            int64_t where = -1;
            for (int64_t a = i; a < i + s.pool[0]; ++a)
              for (int64_t b = j; b < j + s.pool[1]; ++b)
                for (int64_t c = l; c < l + s.pool[2]; ++c) {
                  const int64_t here = (a * s.in[1] + b) * s.in[2] + c;
                  if (p[here] > best || p[here] != p[here]) best = p[here], where = here;
                }
            *q++ = best;
            *pi++ = where + 1;
          }
    }
  });
}

void fractional_gradient(const Fractional& s, Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& indices) {
  T9_CHECK(gradOutput.sizes() == s.sizes && indices.numel() == gradOutput.numel(), "gradOutput has size [%s]",
           gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput), index(indices);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = g.data<T>();
    const int64_t* pi = index.data<int64_t>();
    T* q = r.data<T>();
    std::fill_n(q, input.numel(), T(0));
    for (int64_t k = 0; k < s.planes; ++k, q += s.in_area())
      for (int64_t i = 0; i < s.out_area(); ++i, ++p, ++pi)
        if (*pi > 0 && *pi <= s.in_area()) q[*pi - 1] += *p;
  });
}

Fractional flat(const Tensor& x, int64_t oW, int64_t oH, int64_t kW, int64_t kH) {
  Fractional s(x, 2, {oH, oW}, {kH, kW});
  s.sample[1] = 1;  // u of W comes first
  s.sample[2] = 0;
  return s;
}
Fractional deep(const Tensor& x, int64_t oT, int64_t oW, int64_t oH, int64_t kT, int64_t kW, int64_t kH) {
  Fractional s(x, 3, {oH, oW, oT}, {kH, kW, kT});  // the input is C x H x W x T
  s.sample[0] = 2;
  s.sample[1] = 1;
  s.sample[2] = 0;
  return s;
}
void spatial_fractional(Tensor& x, Tensor& y, int64_t oW, int64_t oH, int64_t kW, int64_t kH, Tensor& i, Tensor& u) {
  fractional(flat(x, oW, oH, kW, kH), x, y, i, u);
}
void spatial_fractional_gradient(Tensor& x, Tensor& g, Tensor& r, int64_t oW, int64_t oH, int64_t kW, int64_t kH, Tensor& i) {
  fractional_gradient(flat(x, oW, oH, kW, kH), x, g, r, i);
}
void volumetric_fractional(Tensor& x, Tensor& y, int64_t oT, int64_t oW, int64_t oH, int64_t kT, int64_t kW, int64_t kH,
                           Tensor& i, Tensor& u) {
  fractional(deep(x, oT, oW, oH, kT, kW, kH), x, y, i, u);
}
void volumetric_fractional_gradient(Tensor& x, Tensor& g, Tensor& r, int64_t oT, int64_t oW, int64_t oH, int64_t kT,
                                    int64_t kW, int64_t kH, Tensor& i) {
  fractional_gradient(deep(x, oT, oW, oH, kT, kW, kH), x, g, r, i);
}

// ---- sub-sampling: w_c * sum + b_c ----

struct SubSampling {
  Image image;
  int64_t channels, oH, oW;
  SubSampling(const Tensor& x, const Tensor& weight, int64_t kW, int64_t kH, int64_t dW, int64_t dH) : image(x) {
    channels = x.size[x.nDimension - 3];
    // Files of 2012 hold weights of more dimensions, of which the first elements count.
    T9_CHECK(weight.nDimension > 0 && channels == weight.size[0], "invalid number of input planes");
    T9_CHECK(kW > 0 && kH > 0 && dW > 0 && dH > 0, "kernel sizes and strides must be positive");
    T9_CHECK(image.w >= kW && image.h >= kH, "input image smaller than kernel size");
    oW = (image.w - kW) / dW + 1;
    oH = (image.h - kH) / dH + 1;
  }
};

#define T9_WINDOW int64_t kW, int64_t kH, int64_t dW, int64_t dH

void sub_sampling(Tensor& input, Tensor& output, Tensor& weight, Tensor& bias, T9_WINDOW) {
  SubSampling s(input, weight, kW, kH, dW, dH);
  T9_CHECK(bias.numel() == s.channels, "bias has size [%s]", bias.size_text().c_str());
  output.resize(with_area(input, s.oH, s.oW));
  Dense x(input), w(weight), b(bias);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = x.data<T>();
    T* q = y.data<T>();
    for (int64_t k = 0; k < s.image.planes; ++k, p += s.image.area())
      for (int64_t i = 0; i < s.oH; ++i)
        for (int64_t j = 0; j < s.oW; ++j) {
          T sum = 0;
          for (int64_t h = i * dH; h < i * dH + kH; ++h)
            for (int64_t c = j * dW; c < j * dW + kW; ++c) sum += p[h * s.image.w + c];
          *q++ = w.data<T>()[k % s.channels] * sum + b.data<T>()[k % s.channels];
        }
  });
}

void sub_sampling_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& weight, T9_WINDOW) {
  SubSampling s(input, weight, kW, kH, dW, dH);
  T9_CHECK(gradOutput.numel() == s.image.planes * s.oH * s.oW, "gradOutput has size [%s]", gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput), w(weight);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = g.data<T>();
    T* q = r.data<T>();
    std::fill_n(q, input.numel(), T(0));
    for (int64_t k = 0; k < s.image.planes; ++k, q += s.image.area())
      for (int64_t i = 0; i < s.oH; ++i)
        for (int64_t j = 0; j < s.oW; ++j) {
          const T v = w.data<T>()[k % s.channels] * *p++;
          for (int64_t h = i * dH; h < i * dH + kH; ++h)
            for (int64_t c = j * dW; c < j * dW + kW; ++c) q[h * s.image.w + c] += v;
        }
  });
}

void sub_sampling_weights(Tensor& input, Tensor& gradOutput, Tensor& gradWeight, Tensor& gradBias, T9_WINDOW, double scale) {
  SubSampling s(input, gradWeight, kW, kH, dW, dH);
  T9_CHECK(gradBias.numel() == s.channels, "gradBias has size [%s]", gradBias.size_text().c_str());
  T9_CHECK(gradOutput.numel() == s.image.planes * s.oH * s.oW, "gradOutput has size [%s]", gradOutput.size_text().c_str());
  Dense x(input), g(gradOutput);
  DenseResult gw(gradWeight, true), gb(gradBias, true);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *p = x.data<T>(), *pg = g.data<T>();
    for (int64_t k = 0; k < s.image.planes; ++k, p += s.image.area()) {
      double dot = 0, sum = 0;
      for (int64_t i = 0; i < s.oH; ++i)
        for (int64_t j = 0; j < s.oW; ++j, ++pg) {
          sum += double(*pg);
          for (int64_t h = i * dH; h < i * dH + kH; ++h)
            for (int64_t c = j * dW; c < j * dW + kW; ++c) dot += double(*pg) * double(p[h * s.image.w + c]);
        }
      gw.data<T>()[k % s.channels] += T(scale * dot);
      gb.data<T>()[k % s.channels] += T(scale * sum);
    }
  });
}

// ---- temporal: frames in rows ----

struct Frames {
  int64_t n = 1, frames, features, out;
  Sizes sizes;
  Frames(const Tensor& x, int64_t kW, int64_t dW) {
    T9_CHECK(x.nDimension == 2 || x.nDimension == 3, "2D or 3D (batch mode) tensor expected for input, but got: [%s]",
             x.size_text().c_str());
    T9_CHECK(kW > 0 && dW > 0 && dW <= kLargest, "kernel size and stride should be greater than zero, but got kW: %lld dW: %lld",
             (long long)kW, (long long)dW);
    if (x.nDimension == 3) n = x.size[0];
    frames = x.size[x.nDimension - 2];
    features = x.size[x.nDimension - 1];
    T9_CHECK(frames >= kW, "input sequence smaller than kernel size. Got: %lld, Expected: %lld", (long long)frames,
             (long long)kW);
    out = (frames - kW) / dW + 1;
    sizes = x.sizes();
    sizes[x.nDimension - 2] = out;
  }
};

void temporal_max(Tensor& input, Tensor& output, Tensor& indices, int64_t kW, int64_t dW) {
  Frames s(input, kW, dW);
  output.resize(s.sizes);
  indices.resize(s.sizes);
  Dense x(input);
  DenseResult y(output), index(indices);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* px = x.data<T>();
    T* q = y.data<T>();
    int64_t* pi = index.data<int64_t>();
    for (int64_t b = 0; b < s.n; ++b)
      for (int64_t t = 0; t < s.out; ++t) {
        const T* p = px + (b * s.frames + t * dW) * s.features;
        for (int64_t f = 0; f < s.features; ++f) {
          T best = -std::numeric_limits<T>::max();
          int64_t at = 0;
          for (int64_t k = 0; k < kW; ++k)
            if (p[k * s.features + f] > best) best = p[k * s.features + f], at = k;
          *q++ = best;
          *pi++ = at;
        }
      }
  });
}

void temporal_max_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& indices, int64_t kW, int64_t dW) {
  Frames s(input, kW, dW);
  T9_CHECK(gradOutput.sizes() == s.sizes && indices.numel() == gradOutput.numel(), "gradOutput has size [%s]",
           gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput), index(indices);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = g.data<T>();
    const int64_t* pi = index.data<int64_t>();
    T* q = r.data<T>();
    std::fill_n(q, input.numel(), T(0));
    for (int64_t b = 0; b < s.n; ++b)
      for (int64_t t = 0; t < s.out; ++t)
        for (int64_t f = 0; f < s.features; ++f, ++p, ++pi)
          if (*pi >= 0 && *pi < kW) q[(b * s.frames + t * dW + *pi) * s.features + f] += *p;
  });
}

void temporal_sub(Tensor& input, Tensor& output, Tensor& weight, Tensor& bias, int64_t kW, int64_t dW, int64_t features) {
  T9_CHECK(input.nDimension == 2 || input.nDimension == 3, "2D or 3D (batch mode) tensor expected for input, but got: [%s]",
           input.size_text().c_str());
  T9_CHECK(input.size[input.nDimension - 1] == features && weight.numel() == features && bias.numel() == features,
           "invalid input frame size.  Got: %lld, Expected: %lld", (long long)input.size[input.nDimension - 1],
           (long long)features);
  Frames s(input, kW, dW);
  output.resize(s.sizes);
  Dense x(input), w(weight), b(bias);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    T* q = y.data<T>();
    for (int64_t n = 0; n < s.n; ++n)
      for (int64_t t = 0; t < s.out; ++t) {
        const T* p = x.data<T>() + (n * s.frames + t * dW) * s.features;
        for (int64_t f = 0; f < s.features; ++f) {
          T sum = 0;
          for (int64_t k = 0; k < kW; ++k) sum += p[k * s.features + f];
          *q++ = w.data<T>()[f] * sum + b.data<T>()[f];
        }
      }
  });
}

void temporal_sub_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& weight, int64_t kW, int64_t dW) {
  Frames s(input, kW, dW);
  T9_CHECK(gradOutput.sizes() == s.sizes && weight.numel() == s.features, "gradOutput has size [%s]",
           gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput), w(weight);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = g.data<T>();
    std::fill_n(r.data<T>(), input.numel(), T(0));
    for (int64_t n = 0; n < s.n; ++n)
      for (int64_t t = 0; t < s.out; ++t, p += s.features) {
        T* q = r.data<T>() + (n * s.frames + t * dW) * s.features;
        for (int64_t k = 0; k < kW; ++k)
          for (int64_t f = 0; f < s.features; ++f) q[k * s.features + f] += w.data<T>()[f] * p[f];
      }
  });
}

void temporal_sub_weights(Tensor& input, Tensor& gradOutput, Tensor& gradWeight, Tensor& gradBias, int64_t kW, int64_t dW,
                          double scale) {
  Frames s(input, kW, dW);
  T9_CHECK(gradOutput.sizes() == s.sizes && gradWeight.numel() == s.features && gradBias.numel() == s.features, "gradOutput has size [%s]",
           gradOutput.size_text().c_str());
  Dense x(input), g(gradOutput);
  DenseResult gw(gradWeight, true), gb(gradBias, true);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = g.data<T>();
    for (int64_t n = 0; n < s.n; ++n)
      for (int64_t t = 0; t < s.out; ++t, p += s.features) {
        const T* from = x.data<T>() + (n * s.frames + t * dW) * s.features;
        for (int64_t f = 0; f < s.features; ++f) {
          T sum = 0;
          for (int64_t k = 0; k < kW; ++k) sum += from[k * s.features + f];
          gw.data<T>()[f] += T(scale) * sum * p[f];
          gb.data<T>()[f] += T(scale) * p[f];
        }
      }
  });
}

// ---- over features: (sum |x|^p)^(1/p) of `width` neighbours ----

struct Features {
  int64_t outer = 1, in, out, inner = 1;
  Sizes sizes;
  Features(const Tensor& x, int64_t width, int64_t stride, bool batch) {
    const int d = x.nDimension, at = batch ? 1 : 0;
    T9_CHECK(d >= 1 + at && d <= 3 + at, "input must be %d to %d dimensions, got [%s]", 1 + at, 3 + at, x.size_text().c_str());
    T9_CHECK(stride > 0 && width > 0, "width and stride must be positive");
    for (int k = 0; k < at; ++k) outer *= x.size[k];
    in = x.size[at];
    for (int k = at + 1; k < d; ++k) inner *= x.size[k];
    T9_CHECK(in >= width, "input: feature dimension must be >= width");
    out = (in - width) / stride + 1;
    sizes = x.sizes();
    sizes[at] = out;
  }
};

void feature_lp(Tensor& input, Tensor& output, double power, int64_t width, int64_t stride, bool batch) {
  Features s(input, width, stride, batch);
  output.resize(s.sizes);
  Dense x(input);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* px = x.data<T>();
    T* q = y.data<T>();
    for (int64_t o = 0; o < s.outer; ++o, px += s.in * s.inner)
      for (int64_t f = 0; f < s.out; ++f)
        for (int64_t i = 0; i < s.inner; ++i) {
          T sum = 0;
          for (int64_t k = 0; k < width; ++k) sum += std::pow(std::abs(px[(f * stride + k) * s.inner + i]), T(power));
          *q++ = std::pow(sum, T(1 / power));
        }
  });
}

void feature_lp_gradient(Tensor& gradOutput, Tensor& input, Tensor& output, Tensor& gradInput, double power, int64_t width,
                         int64_t stride, bool batch) {
  Features s(input, width, stride, batch);
  T9_CHECK(gradOutput.sizes() == s.sizes && output.sizes() == s.sizes, "gradOutput has size [%s]",
           gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense x(input), y(output), g(gradOutput);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *py = y.data<T>(), *pg = g.data<T>();
    T* q = r.data<T>();
    std::fill_n(q, input.numel(), T(0));
    for (int64_t o = 0; o < s.outer; ++o, px += s.in * s.inner, q += s.in * s.inner)
      for (int64_t f = 0; f < s.out; ++f)
        for (int64_t i = 0; i < s.inner; ++i, ++py, ++pg) {
          if (*py == 0) continue;
          for (int64_t k = 0; k < width; ++k) {
            const int64_t at = (f * stride + k) * s.inner + i;
            const T v = px[at];
            const T slope = std::pow(std::abs(v) / *py, T(power - 1));
            q[at] += *pg * (v < 0 ? -slope : v > 0 ? slope : T(0));
          }
        }
  });
}

}  // namespace
}  // namespace t9::nn

namespace t9 {

using namespace nn;

OpList pooling_more_kernels() {
  return {
      kernel("SpatialAdaptiveMaxPooling_updateOutput", sig<adaptive_max, "T T LongTensor int int">{}),
      kernel("SpatialAdaptiveMaxPooling_updateGradInput", sig<adaptive_max_gradient, "T T T LongTensor">{}),
      kernel("SpatialAdaptiveAveragePooling_updateOutput", sig<adaptive_average, "T T int int">{}),
      kernel("SpatialAdaptiveAveragePooling_updateGradInput", sig<adaptive_average_gradient, "T T T">{}),
      kernel("SpatialFractionalMaxPooling_updateOutput", sig<spatial_fractional, "T T int int int int LongTensor T">{}),
      kernel("SpatialFractionalMaxPooling_updateGradInput",
             sig<spatial_fractional_gradient, "T T T int int int int LongTensor">{}),
      kernel("VolumetricFractionalMaxPooling_updateOutput",
             sig<volumetric_fractional, "T T int int int int int int LongTensor T">{}),
      kernel("VolumetricFractionalMaxPooling_updateGradInput",
             sig<volumetric_fractional_gradient, "T T T int int int int int int LongTensor">{}),
      kernel("SpatialSubSampling_updateOutput", sig<sub_sampling, "T T T T int int int int">{}),
      kernel("SpatialSubSampling_updateGradInput", sig<sub_sampling_gradient, "T T T T int int int int">{}),
      kernel("SpatialSubSampling_accGradParameters", sig<sub_sampling_weights, "T T T T int int int int double">{}),
      kernel("TemporalMaxPooling_updateOutput", sig<temporal_max, "T T LongTensor int int">{}),
      kernel("TemporalMaxPooling_updateGradInput", sig<temporal_max_gradient, "T T T LongTensor int int">{}),
      kernel("TemporalSubSampling_updateOutput", sig<temporal_sub, "T T T T int int int">{}),
      kernel("TemporalSubSampling_updateGradInput", sig<temporal_sub_gradient, "T T T T int int">{}),
      kernel("TemporalSubSampling_accGradParameters", sig<temporal_sub_weights, "T T T T int int double">{}),
      kernel("FeatureLPPooling_updateOutput", sig<feature_lp, "T T double int int boolean">{}),
      kernel("FeatureLPPooling_updateGradInput", sig<feature_lp_gradient, "T T T T double int int boolean">{}),
  };
}

}  // namespace t9
