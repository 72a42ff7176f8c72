#include "ops/reduce.h"

namespace t9 {

namespace {

Walk<3> walk_lines(const Tensor& x, int d, const Tensor& r, const Tensor& r2) {
  TensorRef starts = alias(x);
  starts->size[d] = 1;
  Walk<3> walk({starts.get(), &r, &r2});
  walk.reorder();
  return walk;
}

// A copy of x in which the lines along d are contiguous.
TensorRef with_dense_lines(const Tensor& x, int d) {
  TensorRef view = alias(x);
  const int last = x.nDimension - 1;
  std::swap(view->size[d], view->size[last]);
  std::swap(view->stride[d], view->stride[last]);
  TensorRef dense = clone(*view);
  std::swap(dense->size[d], dense->size[last]);
  std::swap(dense->stride[d], dense->stride[last]);
  return dense;
}

}  // namespace

Lines::Lines(const Tensor& x, int d, const Tensor& r, const Tensor& r2)
    : source_(alias(x)), length_(x.size[d]), step_(x.stride[d]), walk_(walk_lines(x, d, r, r2)) {
  const int inner = walk_.dims - 1;
  columns_ = step_ != 1 && walk_.stride[0][inner] == 1 && walk_.size[inner] >= 8 && length_ <= INT32_MAX;
  if (columns_ || step_ == 1 || length_ == 1) return;
  source_ = with_dense_lines(x, d);
  step_ = 1;
  walk_ = walk_lines(*source_, d, r, r2);
}

}  // namespace t9
