// Tensors joined along a dimension.
#include <cstring>
#include <vector>

#include "ops/copy.h"
#include "ops/iterate.h"
#include "ops/op.h"
#include "tensor/views.h"

namespace t9 {

namespace {

constexpr int kLargest = -9;  // a cat without a dimension: see the row

int64_t size_of(const Tensor& t, int dim) { return dim < t.nDimension ? t.size[dim] : 1; }

// Contiguous tensors: what they hold from `dim` inwards follows each other in the result.
bool join_runs(Tensor& res, TensorList list, int dim) {
  bool plain = res.contiguous();
  for (Tensor* t : list) plain = plain && t->contiguous();
  if (!plain) return false;
  struct Run {
    const char* from;
    size_t bytes;
  };
  std::vector<Run> runs;
  int64_t outer = 1;
  for (int k = 0; k < dim && k < res.nDimension; ++k) outer *= res.size[k];
  for (Tensor* t : list)
    if (!t->empty()) runs.push_back({t->bytes(), size_t(t->numel() / outer) * info(t->type).size});
  const size_t line = res.empty() ? 0 : size_t(res.numel() / outer) * info(res.type).size;
  char* to = res.bytes();
  parallel_for(outer, std::max<int64_t>(1, int64_t(size_t(4 * kGrain) / std::max<size_t>(line, 1))), [&](int64_t begin, int64_t end) {
    char* next = to + size_t(begin) * line;
    for (int64_t i = begin; i < end; ++i)
      for (const Run& r : runs) {
        std::memcpy(next, r.from + size_t(i) * r.bytes, r.bytes);
        next += r.bytes;
      }
  });
  return true;
}

void join_parts(Tensor& res, TensorList list, int dim) {
  TensorRef part = make_tensor(res.type), source = make_tensor(res.type);
  int64_t at = 0;
  for (Tensor* t : list) {
    if (t->empty()) continue;
    int64_t n = size_of(*t, dim);
    narrow(*part, res, dim, at, n);
    source->set(*t);
    if (t->nDimension < res.nDimension) {
      Sizes size = t->sizes(), stride = t->strides();
      while (size.n < res.nDimension) size.push(1), stride.push(1);
      source->set_geometry(size, stride);
    }
    copy(*part, *source);
    at += n;
  }
}

void cat_list(Tensor& res, TensorList list, int dim) {
  int dims = 0;
  for (Tensor* t : list) dims = std::max(dims, t->nDimension);
  if (dim == kLargest - 1) dim = std::max(dims, 1) - 1;
  T9_CHECK_ARG(dim >= 0 && dim < kMaxDims, 3, "invalid dimension %d", dim + 1);
  Sizes sizes;
  bool first = true;
  for (Tensor* t : list) {
    if (t->empty()) continue;
    for (int k = 0; k < std::max(dims, dim + 1); ++k) {
      int64_t n = size_of(*t, k);
      if (first) sizes.push(n);
      else if (k == dim) T9_CHECK(!__builtin_add_overflow(sizes[k], n, &sizes[k]), "cat: the result would be too large");
      else T9_CHECK(sizes[k] == n, "inconsistent tensor sizes");
    }
    first = false;
  }
  // Results that share memory with any input are assembled apart.
  TensorRef target = TensorRef::share(&res);
  for (Tensor* t : list)
    if (t == &res || (res.storage && (t->storage == res.storage || overlaps(*t, res)))) {
      target = make_tensor(res.type);
      break;
    }
  target->resize(sizes);
  if (!join_runs(*target, list, dim)) join_parts(*target, list, dim);
  if (target.get() != &res) {
    res.resize_as(*target);
    copy(res, *target);
  }
}

void cat_pair(Tensor& res, Tensor& a, Tensor& b, int dim) {
  Tensor* const list[] = {&a, &b};
  cat_list(res, list, dim);
}

}  // namespace

OpList cat_ops() {
  return {op("cat", kNumeric, sig<cat_pair, "[*T*] T T [index=-9]">{}, sig<cat_list, "[*T*] {T+} [index=-9]">{})};
}

}  // namespace t9
