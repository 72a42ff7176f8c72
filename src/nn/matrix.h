// A matrix operand of gemm: used where it lies when one of its strides is 1, else copied.
#pragma once

#include "nn/kernel.h"

namespace t9::nn {

class Matrix {
 public:
  // A vector counts as one row.
  explicit Matrix(const Tensor& t) {
    const bool vector = t.nDimension == 1;
    rows = vector ? 1 : t.size[0];
    cols = t.size[t.nDimension - 1];
    const int64_t down = vector ? cols : t.stride[0], across = t.stride[t.nDimension - 1];
    bytes_ = t.bytes();
    if ((across == 1 || cols == 1) && (down >= cols || rows == 1)) {
      ld = rows == 1 ? cols : down;
    } else if ((down == 1 || rows == 1) && (across >= rows || cols == 1)) {
      transposed = true;
      ld = cols == 1 ? rows : across;
    } else {
      held_ = contiguous(t);
      bytes_ = held_->bytes();
      ld = cols;
    }
  }
  template <class T>
  const T* data() const { return reinterpret_cast<const T*>(bytes_); }

  int64_t rows, cols, ld;
  bool transposed = false;  // it lies as cols x rows

 private:
  char* bytes_;
  TensorRef held_;
};

}  // namespace t9::nn
