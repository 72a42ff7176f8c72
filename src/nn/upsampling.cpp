// Enlarging images: nearest neighbour, and linear interpolation with aligned corners.
#include "nn/families.h"
#include "nn/kernel.h"

namespace t9::nn {

namespace {

struct Volume {
  int64_t planes = 1, t = 1, h, w;
  int64_t area() const { return t * h * w; }
  // the last `dims` dimensions of x
  Volume(const Tensor& x, int dims, const char* what) {
    T9_CHECK(x.nDimension == dims + 1 || x.nDimension == dims + 2, "%s expects %dD or %dD input, got [%s]", what, dims + 1,
             dims + 2, x.size_text().c_str());
    const int first = x.nDimension - dims;
    for (int k = 0; k < first; ++k) planes *= x.size[k];
    if (dims == 3) t = x.size[first];
    h = x.size[x.nDimension - 2];
    w = x.size[x.nDimension - 1];
  }
};

// ---- nearest ----

template <int kDims>
void nearest(Tensor& input, Tensor& output, int64_t scale) {
  T9_CHECK(scale >= 1 && scale <= kLargest, "scale_factor must be greater than 1");
  Volume v(input, kDims, "nearest neighbour upsampling");
  Sizes sizes = input.sizes();
  for (int k = input.nDimension - kDims; k < input.nDimension; ++k) sizes[k] *= scale;
  output.resize(sizes);
  Dense x(input);
  DenseResult y(output);
  const int64_t deep = kDims == 3 ? scale : 1, wide = v.w * scale;
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* px = x.data<T>();
    T* py = y.data<T>();
    parallel_for(v.planes * v.t, 1 + kGrain / (v.h * wide * scale), [=](int64_t begin, int64_t end) {
      for (int64_t s = begin; s < end; ++s) {
        T* slice = py + s * deep * v.h * scale * wide;
        for (int64_t h = 0; h < v.h; ++h) {
          const T* from = px + (s * v.h + h) * v.w;
          T* to = slice + h * scale * wide;
          if (scale == 2) {
            for (int64_t w = 0; w < v.w; ++w) to[2 * w] = to[2 * w + 1] = from[w];
          } else {
            for (int64_t w = 0; w < v.w; ++w) std::fill_n(to + w * scale, scale, from[w]);
          }
          for (int64_t k = 1; k < scale; ++k) std::copy_n(to, wide, to + k * wide);
        }
        const int64_t area = v.h * scale * wide;
        for (int64_t k = 1; k < deep; ++k) std::copy_n(slice, area, slice + k * area);
      }
    });
  });
}

template <int kDims>
void nearest_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, int64_t scale) {
  Volume v(input, kDims, "nearest neighbour upsampling");
  T9_CHECK(scale >= 1 && scale <= kLargest, "scale_factor must be greater than 1");
  int64_t factor = 1;
  for (int k = 0; k < kDims; ++k) factor *= scale;
  T9_CHECK(gradOutput.numel() == input.numel() * factor, "gradOutput has size [%s]", gradOutput.size_text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput);
  DenseResult r(gradInput);
  const int64_t deep = kDims == 3 ? scale : 1, wide = v.w * scale;
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* pg = g.data<T>();
    T* pr = r.data<T>();
    parallel_for(v.planes * v.t, 1 + kGrain / (v.h * wide * scale), [=](int64_t begin, int64_t end) {
      for (int64_t s = begin; s < end; ++s)
        for (int64_t h = 0; h < v.h; ++h) {
          T* to = pr + (s * v.h + h) * v.w;
          std::fill_n(to, v.w, T(0));
          for (int64_t d = 0; d < deep; ++d)
            for (int64_t k = 0; k < scale; ++k) {
              const T* from = pg + ((s * deep + d) * v.h * scale + h * scale + k) * wide;
              if (scale == 2) {
                for (int64_t w = 0; w < v.w; ++w) to[w] += from[2 * w] + from[2 * w + 1];
              } else {
                for (int64_t w = 0; w < v.w; ++w)
                  for (int64_t i = 0; i < scale; ++i) to[w] += from[w * scale + i];
              }
            }
        }
    });
  });
}

// ---- linear; positions and fractions in single precision, as Torch7 has them for doubles too ----

struct Step {
  int64_t at, next;  // next: distance to the second neighbour, 0 at the end
  float second;      // its share
};

std::vector<Step> steps(int64_t in, int64_t out) {
  std::vector<Step> s(static_cast<size_t>(out));
  const float ratio = out > 1 ? float(in - 1) / float(out - 1) : 0.f;
  for (int64_t k = 0; k < out; ++k) {
    const float position = ratio * float(k);
    const int64_t at = std::min(int64_t(position), in - 1);
    s[size_t(k)] = {at, at < in - 1 ? 1 : 0, position - float(at)};
  }
  return s;
}

// Visits, for every output element of a plane: f(output index, input index, share).
template <class T, class F>
void interpolate(const std::vector<Step>& ts, const std::vector<Step>& hs, const std::vector<Step>& ws, int64_t in_h,
                 int64_t in_w, F f) {
  int64_t o = 0;
  for (const Step& t : ts)
    for (const Step& h : hs)
      for (const Step& w : ws) {
        const int64_t at = (t.at * in_h + h.at) * in_w + w.at;
        const int64_t nt = t.next * in_h * in_w, nh = h.next * in_w, nw = w.next;
        const T t1 = T(t.second), t0 = 1 - t1, h1 = T(h.second), h0 = 1 - h1, w1 = T(w.second), w0 = 1 - w1;
        f(o, at, t0 * h0 * w0);
        f(o, at + nw, t0 * h0 * w1);
        f(o, at + nh, t0 * h1 * w0);
        f(o, at + nh + nw, t0 * h1 * w1);
        if (ts.size() > 1 || nt) {
          f(o, at + nt, t1 * h0 * w0);
          f(o, at + nt + nw, t1 * h0 * w1);
          f(o, at + nt + nh, t1 * h1 * w0);
          f(o, at + nt + nh + nw, t1 * h1 * w1);
        }
        ++o;
      }
}

void linear(int dims, Tensor& input, Tensor& output, int64_t oT, int64_t oH, int64_t oW) {
  Volume v(input, dims, "linear upsampling");
  T9_CHECK(oT > 0 && oH > 0 && oW > 0, "input and output sizes should be greater than 0");
  Sizes sizes(input.size, input.nDimension - dims);
  if (dims == 3) sizes.push(oT);
  sizes.push(oH);
  sizes.push(oW);
  output.resize(sizes);
  auto ts = steps(v.t, oT), hs = steps(v.h, oH), ws = steps(v.w, oW);
  Dense x(input);
  DenseResult y(output);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* px = x.data<T>();
    T* py = y.data<T>();
    const int64_t out = oT * oH * oW;
    parallel_for(v.planes, 1 + kGrain / out, [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; ++p) {
        const T* from = px + p * v.area();
        T* to = py + p * out;
        std::fill_n(to, out, T(0));
        interpolate<T>(ts, hs, ws, v.h, v.w, [=](int64_t o, int64_t i, T share) { to[o] += share * from[i]; });
      }
    });
  });
}

void linear_gradient(int dims, Tensor& gradOutput, Tensor& gradInput, const Sizes& in) {
  for (int k = 0; k < in.n; ++k) T9_CHECK(in[k] > 0, "input and output sizes should be greater than 0");
  gradInput.resize(in);
  Volume v(gradInput, dims, "linear upsampling"), o(gradOutput, dims, "linear upsampling");
  T9_CHECK(v.planes == o.planes, "gradOutput has size [%s]", gradOutput.size_text().c_str());
  auto ts = steps(v.t, o.t), hs = steps(v.h, o.h), ws = steps(v.w, o.w);
  Dense g(gradOutput);
  DenseResult r(gradInput);
  floating(gradOutput, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* pg = g.data<T>();
    T* pr = r.data<T>();
    parallel_for(v.planes, 1 + kGrain / o.area(), [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; ++p) {
        const T* from = pg + p * o.area();
        T* to = pr + p * v.area();
        std::fill_n(to, v.area(), T(0));
        interpolate<T>(ts, hs, ws, v.h, v.w, [=](int64_t at, int64_t i, T share) { to[i] += share * from[at]; });
      }
    });
  });
}

void bilinear(Tensor& x, Tensor& y, int64_t h, int64_t w) { linear(2, x, y, 1, h, w); }
void bilinear_gradient(Tensor& g, Tensor& r, int64_t n, int64_t c, int64_t h, int64_t w, int64_t, int64_t) {
  linear_gradient(2, g, r, {n, c, h, w});
}
void trilinear(Tensor& x, Tensor& y, int64_t t, int64_t h, int64_t w) { linear(3, x, y, t, h, w); }
void trilinear_gradient(Tensor& g, Tensor& r, int64_t n, int64_t c, int64_t t, int64_t h, int64_t w, int64_t, int64_t,
                        int64_t) {
  linear_gradient(3, g, r, {n, c, t, h, w});
}

}  // namespace
}  // namespace t9::nn

namespace t9 {

using namespace nn;

OpList upsampling_kernels() {
  return {
      kernel("SpatialUpSamplingNearest_updateOutput", sig<nearest<2>, "T T int">{}),
      kernel("SpatialUpSamplingNearest_updateGradInput", sig<nearest_gradient<2>, "T T T int">{}),
      kernel("VolumetricUpSamplingNearest_updateOutput", sig<nearest<3>, "T T int">{}),
      kernel("VolumetricUpSamplingNearest_updateGradInput", sig<nearest_gradient<3>, "T T T int">{}),
      kernel("SpatialUpSamplingBilinear_updateOutput", sig<bilinear, "T T int int">{}),
      kernel("SpatialUpSamplingBilinear_updateGradInput", sig<bilinear_gradient, "T T int int int int int int">{}),
      kernel("VolumetricUpSamplingTrilinear_updateOutput", sig<trilinear, "T T int int int">{}),
      kernel("VolumetricUpSamplingTrilinear_updateGradInput",
             sig<trilinear_gradient, "T T int int int int int int int int">{}),
  };
}

}  // namespace t9
