#include "tensor/views.h"

namespace t9 {

namespace {
// Makes `out` the view of t with this geometry.
void point(Tensor& out, const Tensor& t, ptrdiff_t offset, const Sizes& sizes, const Sizes& strides) {
  t.make_plain();
  if (&out != &t) {
    out.make_plain();
    Storage* s = t.storage;
    if (s) s->retain();
    if (out.storage) out.storage->release();
    out.storage = s;
  }
  out.storageOffset = offset;
  out.set_geometry(sizes, strides);
}
}  // namespace

void narrow(Tensor& out, const Tensor& t, int dim, int64_t first, int64_t length) {
  T9_CHECK_ARG(dim >= 0 && dim < t.nDimension, 2, "out of range");
  T9_CHECK_ARG(first >= 0 && first < t.size[dim], 3, "out of range");
  T9_CHECK_ARG(length > 0 && length <= t.size[dim] - first, 4, "out of range");
  Sizes size = t.sizes(), stride = t.strides();
  size[dim] = length;
  point(out, t, t.storageOffset + first * stride[dim], size, stride);
}

void select(Tensor& out, const Tensor& t, int dim, int64_t index) {
  T9_CHECK_ARG(t.nDimension > 1, 1, "cannot select on a vector");
  T9_CHECK_ARG(dim >= 0 && dim < t.nDimension, 2, "out of range");
  T9_CHECK_ARG(index >= 0 && index < t.size[dim], 3, "out of range");
  Sizes size, stride;
  for (int k = 0; k < t.nDimension; ++k)
    if (k != dim) size.push(t.size[k]), stride.push(t.stride[k]);
  point(out, t, t.storageOffset + index * t.stride[dim], size, stride);
}

void transpose(Tensor& out, const Tensor& t, int a, int b) {
  T9_CHECK_ARG(a >= 0 && a < t.nDimension, 2, "out of range");
  T9_CHECK_ARG(b >= 0 && b < t.nDimension, 3, "out of range");
  Sizes size = t.sizes(), stride = t.strides();
  std::swap(size[a], size[b]);
  std::swap(stride[a], stride[b]);
  point(out, t, t.storageOffset, size, stride);
}

void unfold(Tensor& out, const Tensor& t, int dim, int64_t size, int64_t step) {
  T9_CHECK_ARG(t.nDimension > 0, 1, "cannot unfold an empty tensor");
  T9_CHECK_ARG(dim >= 0 && dim < t.nDimension, 2, "out of range");
  T9_CHECK_ARG(size > 0 && size <= t.size[dim], 3, "out of range");
  T9_CHECK_ARG(step > 0, 4, "invalid step");
  Sizes sizes = t.sizes(), strides = t.strides();
  sizes.push(size);
  strides.push(strides[dim]);
  sizes[dim] = (sizes[dim] - size) / step + 1;
  strides[dim] = int64_t(uint64_t(strides[dim]) * uint64_t(step));  // wraps only where there is one window
  sizes.product();  // refuses counts that overflow
  point(out, t, t.storageOffset, sizes, strides);
}

void expand(Tensor& out, const Tensor& t, const Sizes& sizes) {
  T9_CHECK(sizes.n == t.nDimension, "the number of dimensions provided must equal tensor:dim()");
  Sizes size = t.sizes(), stride = t.strides();
  for (int k = 0; k < sizes.n; ++k) {
    if (size[k] == 1 && sizes[k] > 0) {
      size[k] = sizes[k];
      if (sizes[k] != 1) stride[k] = 0;
    } else {
      T9_CHECK(size[k] == sizes[k], "incorrect size: only supporting singleton expansion (size=1)");
    }
  }
  size.product();  // refuses counts that overflow
  point(out, t, t.storageOffset, size, stride);
}

void view(Tensor& out, const Tensor& t, const Sizes& wanted) {
  T9_CHECK(t.contiguous(), "expecting a contiguous tensor");
  Sizes sizes = wanted;
  int inferred = -1;
  int64_t covered = 1;
  for (int k = 0; k < sizes.n; ++k) {
    if (sizes[k] == -1) {
      T9_CHECK(inferred < 0, "Only one of torch.view dimensions can be -1.");
      inferred = k;
    } else if (sizes[k] < 0 || __builtin_mul_overflow(covered, sizes[k], &covered)) {
      covered = -1;  // matches no count
      break;
    }
  }
  int64_t n = t.numel();
  if (inferred >= 0) {
    T9_CHECK(covered > 0 && n % covered == 0, "The number of covered elements is not a multiple of all elements.");
    sizes[inferred] = n / covered;
  } else {
    T9_CHECK(covered == n && (n == 0 || sizes.n > 0), "Wrong size for view. Input size: %s. Output size: %s",
             t.sizes().text("x").c_str(), sizes.text("x").c_str());
  }
  if (n == 0) sizes.n = 0;
  point(out, t, t.storageOffset, sizes, contiguous_strides(sizes));
}

void permute(Tensor& out, const Tensor& t, const Sizes& order) {
  T9_CHECK(order.n == t.nDimension, "Invalid permutation");
  Sizes size = t.sizes(), stride = t.strides();
  uint64_t seen = 0;
  for (int k = 0; k < order.n; ++k) {
    int64_t from = order[k];
    T9_CHECK(from >= 0 && from < t.nDimension && !(seen >> from & 1), "Invalid permutation");
    seen |= uint64_t(1) << from;
    size[k] = t.size[from];
    stride[k] = t.stride[from];
  }
  point(out, t, t.storageOffset, size, stride);
}

void squeeze(Tensor& out, const Tensor& t) {
  Sizes size, stride;
  for (int k = 0; k < t.nDimension; ++k)
    if (t.size[k] != 1) size.push(t.size[k]), stride.push(t.stride[k]);
  if (size.n == 0 && t.nDimension > 0) size.push(1), stride.push(1);
  point(out, t, t.storageOffset, size, stride);
}

void squeeze(Tensor& out, const Tensor& t, int dim) {
  T9_CHECK_ARG(dim >= 0 && dim < t.nDimension, 2, "dimension out of range");
  Sizes size, stride;
  for (int k = 0; k < t.nDimension; ++k)
    if (k != dim || t.size[k] != 1 || t.nDimension == 1) size.push(t.size[k]), stride.push(t.stride[k]);
  point(out, t, t.storageOffset, size, stride);
}

}  // namespace t9
