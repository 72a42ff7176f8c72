// Padding by reflection and by repetition of the border. Each output index has one source index an axis.
#include <cstdlib>

#include "nn/families.h"
#include "nn/kernel.h"

namespace t9::nn {

namespace {

enum class Border { Reflect, Repeat };

// The source of every output position.
std::vector<int64_t> sources(int64_t in, int64_t before, int64_t after, Border border) {
  T9_CHECK(before >= -kLargest && before <= kLargest && after >= -kLargest && after <= kLargest, "paddings must be at most %lld", (long long)kLargest);
  const int64_t out = in + before + after;
  T9_CHECK(out >= 1, "input is too small: its size is %lld, with padding %lld and %lld", (long long)in, (long long)before,
           (long long)after);
  if (border == Border::Reflect)
    T9_CHECK(before < in && after < in, "padding (%lld, %lld) must be smaller than the input's size %lld", (long long)before,
             (long long)after, (long long)in);
  std::vector<int64_t> s(static_cast<size_t>(out));
  for (int64_t o = 0; o < out; ++o) {
    int64_t i = o - before;
    if (border == Border::Reflect) {
      if (i < 0) i = -i;
      if (i >= in) i = 2 * (in - 1) - i;
    }
    s[size_t(o)] = std::clamp<int64_t>(i, 0, in - 1);
  }
  return s;
}

struct Plan {
  std::vector<int64_t> t{0}, h, w;
  int64_t planes = 1, in_t = 1, in_h, in_w;
  Sizes out;
  int64_t out_area() const { return int64_t(t.size() * h.size() * w.size()); }
  int64_t in_area() const { return in_t * in_h * in_w; }
  // the positions of a row that are copied as they lie
  int64_t first() const {
    int64_t k = 0;
    while (k + 1 < int64_t(w.size()) && w[size_t(k + 1)] != w[size_t(k)] + 1) ++k;
    return k;
  }
  int64_t last() const {
    int64_t k = first();
    while (k + 1 < int64_t(w.size()) && w[size_t(k + 1)] == w[size_t(k)] + 1) ++k;
    return k + 1;
  }
};

struct Pads {
  int64_t left, right, top, bottom, front = 0, back = 0;
};

Plan plan_of(const Tensor& x, int dims, const Pads& p, Border border) {
  T9_CHECK(x.nDimension == dims + 1 || x.nDimension == dims + 2, "input must be %d or %d-dimensional", dims + 1, dims + 2);
  Plan s;
  const int d = x.nDimension, first = d - dims;
  for (int k = 0; k < first; ++k) s.planes *= x.size[k];
  if (dims == 3) {
    s.in_t = x.size[first];
    s.t = sources(s.in_t, p.front, p.back, border);
  }
  s.in_h = x.size[d - 2];
  s.in_w = x.size[d - 1];
  s.h = sources(s.in_h, p.top, p.bottom, border);
  s.w = sources(s.in_w, p.left, p.right, border);
  s.out = Sizes(x.size, first);
  if (dims == 3) s.out.push(int64_t(s.t.size()));
  s.out.push(int64_t(s.h.size()));
  s.out.push(int64_t(s.w.size()));
  return s;
}

void pad(int dims, Tensor& input, Tensor& output, const Pads& p, Border border) {
  const Plan s = plan_of(input, dims, p, border);
  output.resize(s.out);
  Dense x(input);
  DenseResult y(output);
  const int64_t from = s.first(), to = s.last(), wide = int64_t(s.w.size());
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* px = x.data<T>();
    T* py = y.data<T>();
    parallel_for(s.planes, 1 + kGrain / s.out_area(), [&](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) {
        T* out = py + k * s.out_area();
        for (int64_t t : s.t)
          for (int64_t h : s.h) {
            const T* row = px + k * s.in_area() + (t * s.in_h + h) * s.in_w;
            for (int64_t w = 0; w < from; ++w) out[w] = row[s.w[size_t(w)]];
            std::copy_n(row + s.w[size_t(from)], to - from, out + from);
            for (int64_t w = to; w < wide; ++w) out[w] = row[s.w[size_t(w)]];
            out += wide;
          }
      }
    });
  });
}

void pad_gradient(int dims, Tensor& input, Tensor& gradOutput, Tensor& gradInput, const Pads& p, Border border) {
  const Plan s = plan_of(input, dims, p, border);
  T9_CHECK(gradOutput.sizes() == s.out, "gradOutput has size [%s], expected [%s]", gradOutput.size_text().c_str(),
           s.out.text().c_str());
  gradInput.resize_as(input);
  Dense g(gradOutput);
  DenseResult r(gradInput);
  const int64_t from = s.first(), to = s.last(), wide = int64_t(s.w.size());
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* pg = g.data<T>();
    T* pr = r.data<T>();
    parallel_for(s.planes, 1 + kGrain / s.out_area(), [&](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) {
        const T* in = pg + k * s.out_area();
        T* plane = pr + k * s.in_area();
        std::fill_n(plane, s.in_area(), T(0));
        for (int64_t t : s.t)
          for (int64_t h : s.h) {
            T* row = plane + (t * s.in_h + h) * s.in_w;
            for (int64_t w = 0; w < from; ++w) row[s.w[size_t(w)]] += in[w];
            T* middle = row + s.w[size_t(from)];
            for (int64_t w = from; w < to; ++w) middle[w - from] += in[w];
            for (int64_t w = to; w < wide; ++w) row[s.w[size_t(w)]] += in[w];
            in += wide;
          }
      }
    });
  });
}

template <Border kBorder>
void spatial(Tensor& x, Tensor& y, int64_t l, int64_t r, int64_t t, int64_t b) { pad(2, x, y, {l, r, t, b}, kBorder); }
template <Border kBorder>
void spatial_gradient(Tensor& x, Tensor& g, Tensor& out, int64_t l, int64_t r, int64_t t, int64_t b) {
  pad_gradient(2, x, g, out, {l, r, t, b}, kBorder);
}
void volumetric(Tensor& x, Tensor& y, int64_t l, int64_t r, int64_t t, int64_t b, int64_t front, int64_t back) {
  pad(3, x, y, {l, r, t, b, front, back}, Border::Repeat);
}
void volumetric_gradient(Tensor& x, Tensor& g, Tensor& out, int64_t l, int64_t r, int64_t t, int64_t b, int64_t front,
                         int64_t back) {
  pad_gradient(3, x, g, out, {l, r, t, b, front, back}, Border::Repeat);
}

}  // namespace
}  // namespace t9::nn

namespace t9 {

using namespace nn;

OpList padding_kernels() {
  return {
      kernel("SpatialReflectionPadding_updateOutput", sig<spatial<Border::Reflect>, "T T int int int int">{}),
      kernel("SpatialReflectionPadding_updateGradInput", sig<spatial_gradient<Border::Reflect>, "T T T int int int int">{}),
      kernel("SpatialReplicationPadding_updateOutput", sig<spatial<Border::Repeat>, "T T int int int int">{}),
      kernel("SpatialReplicationPadding_updateGradInput", sig<spatial_gradient<Border::Repeat>, "T T T int int int int">{}),
      kernel("VolumetricReplicationPadding_updateOutput", sig<volumetric, "T T int int int int int int">{}),
      kernel("VolumetricReplicationPadding_updateGradInput", sig<volumetric_gradient, "T T T int int int int int int">{}),
  };
}

}  // namespace t9
