// The rows of the convolutions: Torch7's argument orders and checks, over the three passes.
#include "nn/convolution.h"
#include "nn/families.h"
#include "nn/kernel.h"

namespace t9::nn {

namespace {

std::string shape(const Tensor& t) { return format("[%s]", t.size_text().c_str()); }

// Axis order T, H, W; two dimensions leave T alone.
struct Geometry {
  int dims;
  int64_t k[3] = {1, 1, 1}, stride[3] = {1, 1, 1}, pad[3] = {0, 0, 0}, dilation[3] = {1, 1, 1}, adj[3] = {0, 0, 0};
};

Geometry flat(int64_t kW, int64_t kH, int64_t dW, int64_t dH, int64_t padW, int64_t padH, int64_t dilW = 1,
              int64_t dilH = 1, int64_t adjW = 0, int64_t adjH = 0) {
  return {2, {1, kH, kW}, {1, dH, dW}, {0, padH, padW}, {1, dilH, dilW}, {0, adjH, adjW}};
}

void check(const Geometry& g) {
  for (int a = 3 - g.dims; a < 3; ++a) {
    T9_CHECK(std::max({g.k[a], g.stride[a], g.pad[a], g.dilation[a], g.adj[a]}) <= kLargest && g.adj[a] >= -kLargest,
             "kernel sizes, strides, paddings and dilations must be at most %lld", (long long)kLargest);
    T9_CHECK(g.k[a] > 0, "kernel size should be greater than zero, but got kH: %lld kW: %lld", (long long)g.k[1],
             (long long)g.k[2]);
    T9_CHECK(g.stride[a] > 0, "stride should be greater than zero, but got dH: %lld dW: %lld", (long long)g.stride[1],
             (long long)g.stride[2]);
    T9_CHECK(g.dilation[a] > 0, "dilation should be greater than zero, but got dilationH: %lld, dilationW: %lld",
             (long long)g.dilation[1], (long long)g.dilation[2]);
    T9_CHECK(g.pad[a] >= 0, "padding should not be negative, but got padH: %lld padW: %lld", (long long)g.pad[1],
             (long long)g.pad[2]);
  }
}

void check_input(const Geometry& g, const Tensor& x, int64_t planes) {
  const int single = g.dims + 1;
  T9_CHECK(x.nDimension == single || x.nDimension == single + 1, "%dD or %dD input tensor expected but got: %s", single,
           single + 1, shape(x).c_str());
  const int at = x.nDimension - single;
  T9_CHECK(x.size[at] == planes,
           "Need input of dimension %d and input.size[%d] == %lld but got input to be of shape: %s", x.nDimension, at,
           (long long)planes, shape(x).c_str());
}

Sizes result_sizes(const Tensor& x, int dims, int64_t planes, const int64_t* size) {
  Sizes out;
  if (x.nDimension == dims + 2) out.push(x.size[0]);
  out.push(planes);
  for (int a = 3 - dims; a < 3; ++a) out.push(size[a]);
  return out;
}

// Weights are o x c x k, or a matrix of the same elements.
ConvShape plain_shape(const Geometry& g, const Tensor& x, const Tensor& weight, int64_t groups = 1) {
  check(g);
  ConvShape s;
  s.dims = g.dims;
  s.groups = groups;
  std::copy(g.k, g.k + 3, s.k);
  std::copy(g.stride, g.stride + 3, s.stride);
  std::copy(g.pad, g.pad + 3, s.pad);
  std::copy(g.dilation, g.dilation + 3, s.dilation);
  T9_CHECK(weight.nDimension == 2 || weight.nDimension == g.dims + 2, "%dD or 2D weight tensor expected, but got: %s",
           g.dims + 2, shape(weight).c_str());
  s.o = weight.size[0];
  s.c = weight.numel() / s.o / s.taps();
  check_input(g, x, s.c);
  const int first = x.nDimension - g.dims;
  s.n = first == 2 ? x.size[0] : 1;
  bool small = false;
  for (int a = 3 - g.dims, d = first; a < 3; ++a, ++d) {
    s.in[a] = x.size[d];
    int64_t span = s.in[a] + 2 * s.pad[a] - s.dilation[a] * (s.k[a] - 1) - 1;
    s.out[a] = span < 0 ? 0 : span / s.stride[a] + 1;
    small = small || s.out[a] < 1;
  }
  if (small) {
    auto text = [&](int64_t planes, const int64_t* size) { return result_sizes(x, g.dims, planes, size); };
    Sizes in = text(s.c, s.in), out = text(s.o, s.out);
    if (x.nDimension == g.dims + 2) {
      in = Sizes(in.d + 1, in.n - 1);
      out = Sizes(out.d + 1, out.n - 1);
    }
    fail("Given input size: (%s). Calculated output size: (%s). Output size is too small", in.text().c_str(),
         out.text().c_str());
  }
  return s;
}

// The plain convolution that a transposed one is the gradient of: its output is our input.
ConvShape transposed_shape(const Geometry& g, const Tensor& x, const Tensor& weight) {
  check(g);
  for (int a = 3 - g.dims; a < 3; ++a)
    T9_CHECK(g.adj[a] < g.stride[a] || g.adj[a] < g.dilation[a],
             "output adjustment must be smaller than stride, but got adjH: %lld adjW: %lld dH: %lld dW: %lld",
             (long long)g.adj[1], (long long)g.adj[2], (long long)g.stride[1], (long long)g.stride[2]);
  T9_CHECK(weight.nDimension == g.dims + 2 || weight.nDimension == 2, "%dD weight tensor expected, but got: %s", g.dims + 2,
           shape(weight).c_str());
  ConvShape s;
  s.dims = g.dims;
  std::copy(g.k, g.k + 3, s.k);
  std::copy(g.stride, g.stride + 3, s.stride);
  std::copy(g.pad, g.pad + 3, s.pad);
  std::copy(g.dilation, g.dilation + 3, s.dilation);
  s.o = weight.size[0];
  s.c = weight.numel() / s.o / s.taps();
  check_input(g, x, s.o);
  const int first = x.nDimension - g.dims;
  s.n = first == 2 ? x.size[0] : 1;
  for (int a = 3 - g.dims, d = first; a < 3; ++a, ++d) {
    s.out[a] = x.size[d];
    T9_CHECK(s.out[a] <= INT64_MAX / (4 * kLargest), "Given input of shape %s. The output would be too large", shape(x).c_str());
    s.in[a] = (s.out[a] - 1) * s.stride[a] - 2 * s.pad[a] + s.dilation[a] * (s.k[a] - 1) + 1 + g.adj[a];
    T9_CHECK(s.in[a] > 0, "Given input of shape %s. The output would be empty", shape(x).c_str());
  }
  return s;
}

void check_gradient_size(const ConvShape& s, const Tensor& gy, int64_t planes, const int64_t* size) {
  Sizes want = result_sizes(gy, int(s.dims), planes, size);
  T9_CHECK((gy.nDimension == s.dims + 1 || gy.nDimension == s.dims + 2) && want == gy.sizes() &&
               gy.numel() == s.n * planes * size[0] * size[1] * size[2],
           "gradOutput has size %s, expected [%s]", shape(gy).c_str(), want.text().c_str());
}

void check_bias(const Tensor* bias, int64_t planes) {
  T9_CHECK(!bias || bias->numel() == planes, "bias has %lld elements, expected %lld",
           bias ? (long long)bias->numel() : 0ll, (long long)planes);
}

void forward(const ConvShape& s, Tensor& x, Tensor& y, Tensor& weight, Tensor* bias) {
  check_bias(bias, s.o);
  y.resize(result_sizes(x, int(s.dims), s.o, s.out));
  conv_forward(s, x, weight, bias, y);
}
void backward(const ConvShape& s, Tensor& x, Tensor& gy, Tensor& gx, Tensor& weight) {
  check_gradient_size(s, gy, s.o, s.out);
  gx.resize_as(x);
  conv_backward_data(s, gy, weight, nullptr, gx);
}
void weights(const ConvShape& s, Tensor& x, Tensor& gy, Tensor& gw, Tensor* gb, double scale) {
  check_gradient_size(s, gy, s.o, s.out);
  check_bias(gb, s.o);
  conv_backward_weights(s, x, gy, gw, gb, scale);
}

// ---- two dimensions ----

#define T9_FLAT int64_t kW, int64_t kH, int64_t dW, int64_t dH, int64_t padW, int64_t padH
#define T9_FLAT_NAMES kW, kH, dW, dH, padW, padH

void mm_output(Tensor& x, Tensor& y, Tensor& w, Tensor* b, Tensor&, Tensor&, T9_FLAT) {
  forward(plain_shape(flat(T9_FLAT_NAMES), x, w), x, y, w, b);
}
void mm_input(Tensor& x, Tensor& gy, Tensor& gx, Tensor& w, Tensor&, Tensor&, T9_FLAT) {
  backward(plain_shape(flat(T9_FLAT_NAMES), x, w), x, gy, gx, w);
}
void mm_weights(Tensor& x, Tensor& gy, Tensor& gw, Tensor* gb, Tensor&, Tensor&, T9_FLAT, double scale) {
  weights(plain_shape(flat(T9_FLAT_NAMES), x, gw), x, gy, gw, gb, scale);
}

void dilated_output(Tensor& x, Tensor& y, Tensor& w, Tensor* b, Tensor&, Tensor&, T9_FLAT, int64_t dilW, int64_t dilH) {
  forward(plain_shape(flat(T9_FLAT_NAMES, dilW, dilH), x, w), x, y, w, b);
}
void dilated_input(Tensor& x, Tensor& gy, Tensor& gx, Tensor& w, Tensor&, T9_FLAT, int64_t dilW, int64_t dilH) {
  backward(plain_shape(flat(T9_FLAT_NAMES, dilW, dilH), x, w), x, gy, gx, w);
}
void dilated_weights(Tensor& x, Tensor& gy, Tensor& gw, Tensor* gb, Tensor&, Tensor&, T9_FLAT, int64_t dilW,
                     int64_t dilH, double scale) {
  weights(plain_shape(flat(T9_FLAT_NAMES, dilW, dilH), x, gw), x, gy, gw, gb, scale);
}

void transposed_forward(const ConvShape& s, Tensor& x, Tensor& y, Tensor& w, Tensor* b) {
  check_bias(b, s.c);
  y.resize(result_sizes(x, int(s.dims), s.c, s.in));
  conv_backward_data(s, x, w, b, y);
}
void transposed_backward(const ConvShape& s, Tensor& x, Tensor& gy, Tensor& gx, Tensor& w) {
  check_gradient_size(s, gy, s.c, s.in);
  gx.resize_as(x);
  conv_forward(s, gy, w, nullptr, gx);
}
void transposed_weights(const ConvShape& s, Tensor& x, Tensor& gy, Tensor& gw, Tensor* gb, double scale) {
  check_gradient_size(s, gy, s.c, s.in);
  check_bias(gb, s.c);
  conv_backward_weights(s, gy, x, gw, nullptr, scale);
  if (gb) sum_planes(gy, s.n, s.c, s.in_area(), *gb, scale);
}

void full_output(Tensor& x, Tensor& y, Tensor& w, Tensor* b, Tensor&, Tensor&, T9_FLAT, int64_t adjW, int64_t adjH) {
  transposed_forward(transposed_shape(flat(T9_FLAT_NAMES, 1, 1, adjW, adjH), x, w), x, y, w, b);
}
void full_input(Tensor& x, Tensor& gy, Tensor& gx, Tensor& w, Tensor&, T9_FLAT, int64_t adjW, int64_t adjH) {
  transposed_backward(transposed_shape(flat(T9_FLAT_NAMES, 1, 1, adjW, adjH), x, w), x, gy, gx, w);
}
void full_weights(Tensor& x, Tensor& gy, Tensor& gw, Tensor* gb, Tensor&, Tensor&, T9_FLAT, int64_t adjW, int64_t adjH,
                  double scale) {
  transposed_weights(transposed_shape(flat(T9_FLAT_NAMES, 1, 1, adjW, adjH), x, gw), x, gy, gw, gb, scale);
}

// Depth-wise weights lie as multiplier x planes x k, the convolution's as (planes multiplier) x 1 x k.
TensorRef swapped(const Tensor& t, int64_t rows, int64_t columns) {
  TensorRef dense = contiguous(t);
  const int64_t rest = t.numel() / (rows * columns);
  TensorRef turned = alias(*dense);
  turned->set_geometry({columns, rows, rest}, {rest, columns * rest, 1});
  return rows == 1 || columns == 1 ? turned : clone(*turned);
}
ConvShape depthwise_shape(Tensor& x, const Tensor& w, T9_FLAT) {
  Geometry g = flat(T9_FLAT_NAMES);
  check(g);
  T9_CHECK(!w.empty(), "weight is empty");
  const int64_t multiplier = w.size[0], planes = w.numel() / multiplier / (kH * kW);
  T9_CHECK(w.numel() == multiplier * planes * kH * kW, "weight has size %s", shape(w).c_str());
  check_input(g, x, planes);
  TensorRef as_one = make_tensor(w.type);  // only the sizes matter
  as_one->set_geometry({1, planes, kH, kW}, {0, 0, 0, 0});
  ConvShape s = plain_shape(g, x, *as_one);
  s.o = planes * multiplier;
  s.groups = planes;
  return s;
}

void depthwise_output(Tensor& x, Tensor& y, Tensor& w, Tensor* b, Tensor&, Tensor&, T9_FLAT) {
  ConvShape s = depthwise_shape(x, w, T9_FLAT_NAMES);
  TensorRef tw = swapped(w, w.size[0], s.c), tb = b ? swapped(*b, w.size[0], s.c) : TensorRef();
  forward(s, x, y, *tw, tb.get());
}
void depthwise_input(Tensor& x, Tensor& gy, Tensor& gx, Tensor& w, Tensor&, Tensor&, T9_FLAT) {
  ConvShape s = depthwise_shape(x, w, T9_FLAT_NAMES);
  backward(s, x, gy, gx, *swapped(w, w.size[0], s.c));
}
void depthwise_weights(Tensor& x, Tensor& gy, Tensor& gw, Tensor* gb, Tensor&, Tensor&, T9_FLAT, double scale) {
  ConvShape s = depthwise_shape(x, gw, T9_FLAT_NAMES);
  const int64_t multiplier = gw.size[0];
  auto back = [&](Tensor& to, const Tensor& from) { copy(to, *swapped(from, s.c, multiplier)); };
  TensorRef tw = clone(*swapped(gw, multiplier, s.c)), tb = gb ? clone(*swapped(*gb, multiplier, s.c)) : TensorRef();
  weights(s, x, gy, *tw, tb.get(), scale);
  back(gw, *tw);
  if (gb) back(*gb, *tb);
}

// ---- three dimensions ----

#define T9_DEEP                                                                                                  \
  int64_t kT, int64_t kW, int64_t kH, int64_t dT, int64_t dW, int64_t dH, int64_t padT, int64_t padW, int64_t padH
#define T9_DEEP_GEOMETRY {3, {kT, kH, kW}, {dT, dH, dW}, {padT, padH, padW}}

void deep_output(Tensor& x, Tensor& y, Tensor& w, Tensor* b, Tensor&, T9_DEEP) {
  forward(plain_shape(T9_DEEP_GEOMETRY, x, w), x, y, w, b);
}
void deep_input(Tensor& x, Tensor& gy, Tensor& gx, Tensor& w, Tensor&, T9_DEEP) {
  backward(plain_shape(T9_DEEP_GEOMETRY, x, w), x, gy, gx, w);
}
void deep_weights(Tensor& x, Tensor& gy, Tensor& gw, Tensor* gb, Tensor&, T9_DEEP, double scale) {
  weights(plain_shape(T9_DEEP_GEOMETRY, x, gw), x, gy, gw, gb, scale);
}

#define T9_DEEP_DILATED {3, {kT, kH, kW}, {dT, dH, dW}, {padT, padH, padW}, {dilT, dilH, dilW}}
void deep_dilated_output(Tensor& x, Tensor& y, Tensor& w, Tensor* b, Tensor&, Tensor&, T9_DEEP, int64_t dilT,
                         int64_t dilW, int64_t dilH) {
  forward(plain_shape(T9_DEEP_DILATED, x, w), x, y, w, b);
}
void deep_dilated_input(Tensor& x, Tensor& gy, Tensor& gx, Tensor& w, Tensor&, T9_DEEP, int64_t dilT, int64_t dilW,
                        int64_t dilH) {
  backward(plain_shape(T9_DEEP_DILATED, x, w), x, gy, gx, w);
}
void deep_dilated_weights(Tensor& x, Tensor& gy, Tensor& gw, Tensor* gb, Tensor&, Tensor&, T9_DEEP, int64_t dilT,
                          int64_t dilW, int64_t dilH, double scale) {
  weights(plain_shape(T9_DEEP_DILATED, x, gw), x, gy, gw, gb, scale);
}

#define T9_DEEP_FULL                                                                                                    \
  int64_t dT, int64_t dW, int64_t dH, int64_t padT, int64_t padW, int64_t padH, int64_t adjT, int64_t adjW, int64_t adjH
ConvShape deep_full_shape(Tensor& x, Tensor& w, T9_DEEP_FULL) {
  T9_CHECK(w.nDimension == 5, "5D weight tensor expected, but got: %s", shape(w).c_str());
  return transposed_shape({3, {w.size[2], w.size[3], w.size[4]}, {dT, dH, dW}, {padT, padH, padW}, {1, 1, 1}, {adjT, adjH, adjW}}, x, w);
}
#define T9_DEEP_FULL_NAMES dT, dW, dH, padT, padW, padH, adjT, adjW, adjH
void deep_full_output(Tensor& x, Tensor& y, Tensor& w, Tensor* b, Tensor&, Tensor&, T9_DEEP_FULL) {
  transposed_forward(deep_full_shape(x, w, T9_DEEP_FULL_NAMES), x, y, w, b);
}
void deep_full_input(Tensor& x, Tensor& gy, Tensor& gx, Tensor& w, Tensor&, Tensor&, T9_DEEP_FULL) {
  transposed_backward(deep_full_shape(x, w, T9_DEEP_FULL_NAMES), x, gy, gx, w);
}
void deep_full_weights(Tensor& x, Tensor& gy, Tensor& gw, Tensor* gb, Tensor&, Tensor&, T9_DEEP_FULL, double scale) {
  transposed_weights(deep_full_shape(x, gw, T9_DEEP_FULL_NAMES), x, gy, gw, gb, scale);
}

}  // namespace
}  // namespace t9::nn

namespace t9 {

using namespace nn;

OpList convolution_kernels() {
  return {
      kernel("SpatialConvolutionMM_updateOutput", sig<mm_output, "T T T T? T T int int int int int int">{}),
      kernel("SpatialConvolutionMM_updateGradInput", sig<mm_input, "T T T T T T int int int int int int">{}),
      kernel("SpatialConvolutionMM_accGradParameters", sig<mm_weights, "T T T T? T T int int int int int int double">{}),
      kernel("SpatialDilatedConvolution_updateOutput",
             sig<dilated_output, "T T T T? T T int int int int int int int int">{}),
      kernel("SpatialDilatedConvolution_updateGradInput",
             sig<dilated_input, "T T T T T int int int int int int int int">{}),
      kernel("SpatialDilatedConvolution_accGradParameters",
             sig<dilated_weights, "T T T T? T T int int int int int int int int double">{}),
      kernel("SpatialFullConvolution_updateOutput",
             sig<full_output, "T T T T? T T int int int int int int int int">{}),
      kernel("SpatialFullConvolution_updateGradInput", sig<full_input, "T T T T T int int int int int int int int">{}),
      kernel("SpatialFullConvolution_accGradParameters",
             sig<full_weights, "T T T T? T T int int int int int int int int double">{}),
      kernel("SpatialDepthWiseConvolution_updateOutput",
             sig<depthwise_output, "T T T T? T T int int int int int int">{}),
      kernel("SpatialDepthWiseConvolution_updateGradInput",
             sig<depthwise_input, "T T T T T T int int int int int int">{}),
      kernel("SpatialDepthWiseConvolution_accGradParameters",
             sig<depthwise_weights, "T T T T? T T int int int int int int double">{}),
      kernel("VolumetricConvolutionMM_updateOutput",
             sig<deep_output, "T T T T? T int int int int int int int int int">{}),
      kernel("VolumetricConvolutionMM_updateGradInput",
             sig<deep_input, "T T T T T int int int int int int int int int">{}),
      kernel("VolumetricConvolutionMM_accGradParameters",
             sig<deep_weights, "T T T T? T int int int int int int int int int double">{}),
      kernel("VolumetricDilatedConvolution_updateOutput",
             sig<deep_dilated_output, "T T T T? T T int int int int int int int int int int int int">{}),
      kernel("VolumetricDilatedConvolution_updateGradInput",
             sig<deep_dilated_input, "T T T T T int int int int int int int int int int int int">{}),
      kernel("VolumetricDilatedConvolution_accGradParameters",
             sig<deep_dilated_weights, "T T T T? T T int int int int int int int int int int int int double">{}),
      kernel("VolumetricFullConvolution_updateOutput",
             sig<deep_full_output, "T T T T? T T int int int int int int int int int">{}),
      kernel("VolumetricFullConvolution_updateGradInput",
             sig<deep_full_input, "T T T T T T int int int int int int int int int">{}),
      kernel("VolumetricFullConvolution_accGradParameters",
             sig<deep_full_weights, "T T T T? T T int int int int int int int int int double">{}),
  };
}

}  // namespace t9
