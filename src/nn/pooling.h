// Windows of pooling layers.
#pragma once

#include "nn/kernel.h"

namespace t9::nn {

// One axis of a pooling: sizes, and the part of the input that a cell sees.
struct Axis {
  int64_t in, k, stride, pad, dilation, out;

  Axis(int64_t in_, int64_t k_, int64_t stride_, int64_t pad_, int64_t dilation_, bool ceil)
      : in(in_), k(k_), stride(stride_), pad(pad_), dilation(dilation_), out(0) {
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

}  // namespace t9::nn
