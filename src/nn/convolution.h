// The three passes of convolutions in two and three dimensions, which the transposed ones share.
#pragma once

#include "torch9/tensor.h"

namespace t9::nn {

// Sizes are those of the plain convolution: from c planes of `in` to o planes of `out`. Two dimensions
// have a depth of 1. Weights lie as o x c/groups x k.
struct ConvShape {
  int64_t dims = 2;  // 2 or 3
  int64_t n = 1, c = 0, o = 0, groups = 1;
  int64_t in[3] = {1, 1, 1}, out[3] = {1, 1, 1}, k[3] = {1, 1, 1};
  int64_t stride[3] = {1, 1, 1}, pad[3] = {0, 0, 0}, dilation[3] = {1, 1, 1};

  int64_t in_area() const { return in[0] * in[1] * in[2]; }
  int64_t out_area() const { return out[0] * out[1] * out[2]; }
  int64_t taps() const { return k[0] * k[1] * k[2]; }
  bool operator==(const ConvShape&) const = default;
};

// Results are resized by the caller. Weights are taken as they lie.
void conv_forward(const ConvShape& s, const Tensor& x, const Tensor& weight, const Tensor* bias, Tensor& y);
// bias: added to gx (for transposed convolutions), or null
void conv_backward_data(const ConvShape& s, const Tensor& gy, const Tensor& weight, const Tensor* bias, Tensor& gx);
// gradWeight += scale * ..., gradBias (may be null) += scale * sums of gy
void conv_backward_weights(const ConvShape& s, const Tensor& x, const Tensor& gy, Tensor& gradWeight, Tensor* gradBias,
                           double scale);

// gradBias[plane] += scale * sum, for n x planes x area
void sum_planes(const Tensor& gy, int64_t n, int64_t planes, int64_t area, Tensor& gradBias, double scale);

namespace fast {  // oneDNN; false: not this shape, type or machine
bool conv_forward(const ConvShape& s, const Tensor& x, const Tensor& weight, const Tensor* bias, Tensor& y);
bool conv_backward_data(const ConvShape& s, const Tensor& gy, const Tensor& weight, Tensor& gx);
bool conv_backward_weights(const ConvShape& s, const Tensor& x, const Tensor& gy, Tensor& gradWeight, Tensor* gradBias,
                           double scale);
}  // namespace fast

}  // namespace t9::nn
