#include "ops/iterate.h"

#include "ops/copy.h"

namespace t9 {

void fail_counts(const Tensor& a, const Tensor& b) {
  fail("inconsistent tensor size, expected %s [%s] and %s [%s] to have the same number of elements, "
       "but got %lld and %lld elements respectively",
       "r_", a.size_text().c_str(), "t", b.size_text().c_str(), (long long)a.numel(), (long long)b.numel());
}

TensorRef with_shape(const Tensor& t, const Tensor& like) {
  if (t.same_size(like)) return TensorRef::share(const_cast<Tensor*>(&t));
  check_counts(like, t);
  TensorRef out = contiguous(t);
  Sizes sizes = like.sizes();
  out->set_geometry(sizes, contiguous_strides(sizes));
  return out;
}

namespace {
// First and last byte that a tensor's elements touch.
std::pair<const char*, const char*> extent(const Tensor& t) {
  const char* low = t.bytes();
  const char* high = low;
  int64_t width = info(t.type).size;
  for (int k = 0; k < t.nDimension; ++k) {
    int64_t span = (t.size[k] - 1) * t.stride[k] * width;
    (span < 0 ? low : high) += span;
  }
  return {low, high + width};
}
}  // namespace

bool overlaps(const Tensor& a, const Tensor& b) {
  if (a.empty() || b.empty()) return false;
  auto [a0, a1] = extent(a);
  auto [b0, b1] = extent(b);
  return a0 < b1 && b0 < a1;
}

bool overlaps_unsafely(const Tensor& result, const Tensor& operand) {
  const Storage *a = result.storage, *b = operand.storage;
  if (&result == &operand || result.empty() || operand.empty() || !a || !b) return false;
  if (a != b && (a->flag & b->flag & kStorageOwnsData)) return false;  // blocks of their own
  auto [a0, a1] = extent(result);
  auto [b0, b1] = extent(operand);
  if (a1 <= b0 || b1 <= a0) return false;
  if (a0 != b0 || result.type != operand.type || !result.same_size(operand)) return true;
  for (int k = 0; k < result.nDimension; ++k)
    if (result.size[k] > 1 && result.stride[k] != operand.stride[k]) return true;
  return false;
}

}  // namespace t9
