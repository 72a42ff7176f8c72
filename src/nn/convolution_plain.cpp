// Convolutions as matrix products of unfolded images: doubles, and machines without oneDNN.
#include "nn/convolution.h"
#include "nn/kernel.h"
#include "ops/gemm.h"

namespace t9::nn {

namespace {

// columns[c][taps][out area] from one image of c planes; with kFold, adds columns back into the image.
template <bool kFold, class T>
void unfold(const ConvShape& s, int64_t planes, std::conditional_t<kFold, T*, const T*> image,
            std::conditional_t<kFold, const T*, T*> columns) {
  const int64_t taps = s.taps(), area = s.out_area();
  parallel_for(planes, 1 + kGrain / (taps * area), [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c) {
      auto plane = image + c * s.in_area();
      auto column = columns + c * taps * area;
      for (int64_t kt = 0; kt < s.k[0]; ++kt)
        for (int64_t kh = 0; kh < s.k[1]; ++kh)
          for (int64_t kw = 0; kw < s.k[2]; ++kw)
            for (int64_t ot = 0; ot < s.out[0]; ++ot) {
              const int64_t it = ot * s.stride[0] - s.pad[0] + kt * s.dilation[0];
              for (int64_t oh = 0; oh < s.out[1]; ++oh, column += s.out[2]) {
                const int64_t ih = oh * s.stride[1] - s.pad[1] + kh * s.dilation[1];
                const bool outside = it < 0 || it >= s.in[0] || ih < 0 || ih >= s.in[1];
                if (outside) {
                  if constexpr (!kFold) std::fill_n(column, s.out[2], T(0));
                  continue;
                }
                auto row = plane + (it * s.in[1] + ih) * s.in[2];
                const int64_t iw0 = kw * s.dilation[2] - s.pad[2];
                for (int64_t ow = 0; ow < s.out[2]; ++ow) {
                  const int64_t iw = iw0 + ow * s.stride[2];
                  const bool inside = iw >= 0 && iw < s.in[2];
                  if constexpr (kFold) {
                    if (inside) row[iw] += column[ow];
                  } else {
                    column[ow] = inside ? row[iw] : T(0);
                  }
                }
              }
            }
    }
  });
}

bool pointwise(const ConvShape& s) {
  return s.taps() == 1 && s.in_area() == s.out_area() && s.stride[0] * s.stride[1] * s.stride[2] == 1 &&
         s.pad[0] + s.pad[1] + s.pad[2] == 0;
}

template <class T>
void plain_forward(const ConvShape& s, const T* x, const T* w, const T* b, T* y) {
  const int64_t rows = s.c / s.groups * s.taps(), area = s.out_area(), out = s.o / s.groups;
  TensorRef columns = pointwise(s) ? TensorRef() : make_workspace(kTypeOf<T>, {s.c * s.taps(), area});
  for (int64_t n = 0; n < s.n; ++n) {
    const T* image = x + n * s.c * s.in_area();
    if (columns) unfold<false, T>(s, s.c, image, columns->data<T>());
    const T* from = columns ? columns->data<T>() : image;
    T* to = y + n * s.o * area;
    if (b)
      for (int64_t o = 0; o < s.o; ++o) std::fill_n(to + o * area, area, b[o]);
    for (int64_t g = 0; g < s.groups; ++g)
      gemm<T>(false, false, out, area, rows, T(1), w + g * out * rows, rows, from + g * rows * area, area, T(b ? 1 : 0),
              to + g * out * area, area);
  }
}

template <class T>
void plain_data(const ConvShape& s, const T* gy, const T* w, T* gx) {
  const int64_t rows = s.c / s.groups * s.taps(), area = s.out_area(), out = s.o / s.groups;
  TensorRef columns = pointwise(s) ? TensorRef() : make_workspace(kTypeOf<T>, {s.c * s.taps(), area});
  for (int64_t n = 0; n < s.n; ++n) {
    T* image = gx + n * s.c * s.in_area();
    T* to = columns ? columns->data<T>() : image;
    for (int64_t g = 0; g < s.groups; ++g)
      gemm<T>(true, false, rows, area, out, T(1), w + g * out * rows, rows, gy + (n * s.o + g * out) * area, area, T(0),
              to + g * rows * area, area);
    if (columns) {
      std::fill_n(image, s.c * s.in_area(), T(0));
      unfold<true, T>(s, s.c, image, columns->data<T>());
    }
  }
}

template <class T>
void plain_weights(const ConvShape& s, const T* x, const T* gy, T* gw, T scale) {
  const int64_t rows = s.c / s.groups * s.taps(), area = s.out_area(), out = s.o / s.groups;
  TensorRef columns = pointwise(s) ? TensorRef() : make_workspace(kTypeOf<T>, {s.c * s.taps(), area});
  for (int64_t n = 0; n < s.n; ++n) {
    const T* image = x + n * s.c * s.in_area();
    if (columns) unfold<false, T>(s, s.c, image, columns->data<T>());
    const T* from = columns ? columns->data<T>() : image;
    for (int64_t g = 0; g < s.groups; ++g)
      gemm<T>(false, true, out, rows, area, scale, gy + (n * s.o + g * out) * area, area, from + g * rows * area, area,
              T(1), gw + g * out * rows, rows);
  }
}

template <class T>
void add_planes(T* x, int64_t n, int64_t planes, int64_t area, const T* b) {
  for (int64_t k = 0; k < n * planes; ++k)
    for (int64_t i = 0; i < area; ++i) x[k * area + i] += b[k % planes];
}

}  // namespace

void sum_planes(const Tensor& gy, int64_t n, int64_t planes, int64_t area, Tensor& gradBias, double scale) {
  Dense g(gy);
  DenseResult r(gradBias, true);
  floating(gy, [&](auto t) {
    using T = typename decltype(t)::type;
    const T* p = g.data<T>();
    T* out = r.data<T>();
    for (int64_t k = 0; k < n * planes; ++k) {
      double sum = 0;
      for (int64_t i = 0; i < area; ++i) sum += p[k * area + i];
      out[k % planes] += T(scale * sum);
    }
  });
}

void conv_forward(const ConvShape& s, const Tensor& x, const Tensor& weight, const Tensor* bias, Tensor& y) {
  if (fast::conv_forward(s, x, weight, bias, y)) return;
  Dense dx(x), dw(weight), db(bias ? *bias : weight);
  DenseResult out(y);
  floating(x, [&](auto t) {
    using T = typename decltype(t)::type;
    plain_forward<T>(s, dx.data<T>(), dw.data<T>(), bias ? db.data<T>() : nullptr, out.data<T>());
  });
}

void conv_backward_data(const ConvShape& s, const Tensor& gy, const Tensor& weight, const Tensor* bias, Tensor& gx) {
  const bool done = fast::conv_backward_data(s, gy, weight, gx);
  if (done && !bias) return;
  Dense dy(gy), dw(weight), db(bias ? *bias : weight);
  DenseResult out(gx, done);
  floating(gy, [&](auto t) {
    using T = typename decltype(t)::type;
    if (!done) plain_data<T>(s, dy.data<T>(), dw.data<T>(), out.data<T>());
    if (bias) add_planes<T>(out.data<T>(), s.n, s.c, s.in_area(), db.data<T>());
  });
}

void conv_backward_weights(const ConvShape& s, const Tensor& x, const Tensor& gy, Tensor& gradWeight, Tensor* gradBias,
                           double scale) {
  if (fast::conv_backward_weights(s, x, gy, gradWeight, gradBias, scale)) return;
  Dense dx(x), dy(gy);
  {
    DenseResult gw(gradWeight, true);
    floating(x, [&](auto t) {
      using T = typename decltype(t)::type;
      plain_weights<T>(s, dx.data<T>(), dy.data<T>(), gw.data<T>(), T(scale));
    });
  }
  if (gradBias) sum_planes(gy, s.n, s.o, s.out_area(), *gradBias, scale);
}

}  // namespace t9::nn
