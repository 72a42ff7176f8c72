// Windows of pooling layers.
#pragma once

#include "nn/kernel.h"

namespace t9::nn {

// One axis of a pooling: sizes, and the part of the input that a cell sees.
struct Axis {
  int64_t in, k, stride, pad, dilation, out;

  Axis(int64_t in_, int64_t k_, int64_t stride_, int64_t pad_, int64_t dilation_, bool ceil)
      : in(in_), k(k_), stride(stride_), pad(pad_), dilation(dilation_), out(0) {
    T9_CHECK(std::max({k, stride, pad, dilation}) <= kLargest && pad >= 0,
             "kernel sizes, strides, paddings and dilations must be at most %lld", (long long)kLargest);
    T9_CHECK(k > 0, "kernel size should be greater than zero");
    T9_CHECK(stride > 0, "stride should be greater than zero");
    T9_CHECK(dilation > 0, "dilation should be greater than zero");
    const int64_t span = in + 2 * pad - dilation * (k - 1) - 1;
    const int64_t up = span + (ceil ? stride - 1 : 0);
    out = (up >= 0 ? up / stride : -((-up + stride - 1) / stride)) + 1;  // floor of a negative span too
  }
  // A last window that starts in the padding at the end is dropped.
  void drop_outside() {
    if (out > 0 && (out - 1) * stride >= in + pad) --out;
  }
  // First position inside, and the end.
  int64_t begin(int64_t o) const {
    int64_t b = o * stride - pad;
    if (b < 0) b += (-b + dilation - 1) / dilation * dilation;
    return b;
  }
  int64_t end(int64_t o) const { return std::min(o * stride - pad + dilation * (k - 1) + 1, in); }
};

// Two dimensions are three with a depth of 1.
struct Pool {
  int dims;
  int64_t planes;
  Axis t, h, w;
  int64_t in_area() const { return t.in * h.in * w.in; }
  int64_t out_area() const { return t.out * h.out * w.out; }
  int64_t grain() const { return 1 + 8192 / std::max<int64_t>(1, out_area()); }
};

// Maximum pooling of an image that a convolution left blocked; sizes are the output's. False: not blocked so.
bool max_pool_blocked(const Pool& p, const Sizes& sizes, Tensor& input, Tensor& output, Tensor& indices);
bool max_pool_blocked_gradient(const Pool& p, Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& indices);

}  // namespace t9::nn
