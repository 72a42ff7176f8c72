// Copies of tensors in another arrangement: cat, reshape, tril, triu, diag; squeeze.
#include <cstring>
#include <optional>
#include <vector>

#include "ops/lanes.h"
#include "ops/op.h"
#include "ops/output.h"
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
      else if (k == dim) sizes[k] += n;
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

void reshape(Tensor& res, Tensor& t, const Sizes& sizes) {
  T9_CHECK(sizes.product() == t.numel(), "reshape: the sizes [%s] do not hold the %lld elements of [%s]",
           sizes.text().c_str(), (long long)t.numel(), t.size_text().c_str());
  Output out(res, {&t});
  out->resize(sizes);
  copy(*out, t);
  out.finish();
}

std::optional<double> number_of(const Tensor& t) {
  return get_element(t.type, t.bytes());
}

// A single element is returned as a number.
std::optional<double> squeeze_all(Tensor& res, Tensor& t) {
  squeeze(res, t);
  if (t.numel() == 1) return number_of(res);
  return std::nullopt;
}

std::optional<double> squeeze_one(Tensor& res, Tensor& t, int dim) {
  const bool number = t.nDimension == 1 && t.size[0] == 1;
  squeeze(res, t, dim);
  if (number) return number_of(res);
  return std::nullopt;
}

// Keeps the columns [first, last) of each row i, with both bounds moving by one a row.
template <bool kLower>
void triangle(Tensor& res, Tensor& t, int64_t k) {
  T9_CHECK_ARG(t.nDimension == 2, 1, "expected a matrix");
  Output out(res, {&t}, Output::kElementwise);
  out->resize_as(t);
  const int64_t rows = t.size[0], cols = t.size[1];
  k = std::clamp(k, -rows - 1, cols);
  by_size(t.type, [&](auto type) {
    using U = typename decltype(type)::type;
    U* to = out->data<U>();
    const U* from = t.data<U>();
    const int64_t sr = out->stride[1], sx = t.stride[1];
    for (int64_t i = 0; i < rows; ++i) {
      U* r = to + i * out->stride[0];
      const U* x = from + i * t.stride[0];
      const int64_t edge = std::clamp<int64_t>(kLower ? i + k + 1 : i + k, 0, cols);
      const int64_t first = kLower ? 0 : edge, last = kLower ? edge : cols;
      for (int64_t j = 0; j < first; ++j) r[j * sr] = 0;
      for (int64_t j = first; j < last; ++j) r[j * sr] = x[j * sx];
      for (int64_t j = last; j < cols; ++j) r[j * sr] = 0;
    }
  });
  out.finish();
}

void diag(Tensor& res, Tensor& t, int64_t k) {
  T9_CHECK_ARG(t.nDimension == 1 || t.nDimension == 2, 1, "matrix or a vector expected");
  Output out(res, {&t});
  if (t.nDimension == 1) {
    T9_CHECK(k > -(int64_t(1) << 40) && k < int64_t(1) << 40, "diag: the matrix would be too large");
    const int64_t n = t.size[0], side = n + std::abs(k);
    out->resize({side, side});
    by_size(t.type, [&](auto type) {
      using U = typename decltype(type)::type;
      for_each<U>(*out, [](U& e) { e = 0; });
      U* r = out->data<U>() + (k < 0 ? -k * out->stride[0] : k * out->stride[1]);
      const U* x = t.data<U>();
      for (int64_t i = 0; i < n; ++i) r[i * (out->stride[0] + out->stride[1])] = x[i * t.stride[0]];
    });
  } else {
    const int64_t rows = t.size[0], cols = t.size[1];
    k = std::clamp(k, -rows, cols);
    const int64_t n = k >= 0 ? std::min(rows, cols - k) : std::min(rows + k, cols);
    out->resize(n ? Sizes{n} : Sizes{});
    by_size(t.type, [&](auto type) {
      using U = typename decltype(type)::type;
      const U* x = t.data<U>() + (k < 0 ? -k * t.stride[0] : k * t.stride[1]);
      for (int64_t i = 0; i < n; ++i) out->data<U>()[i * out->stride[0]] = x[i * (t.stride[0] + t.stride[1])];
    });
  }
  out.finish();
}

}  // namespace

OpList rearrange_ops() {
  return {
      op("cat", kNumeric, sig<cat_pair, "[*T*] T T [index=-9]">{}, sig<cat_list, "[*T*] {T+} [index=-9]">{}),
      op("reshape", kNumeric, sig<reshape, "[*T*] T SIZES">{}),
      op("squeeze", kNumeric, sig<squeeze_all, "[*T*] T">{}, sig<squeeze_one, "[*T*] T index">{}),
      op("tril", kNumeric, sig<triangle<true>, "[*T*] T [int=0]">{}),
      op("triu", kNumeric, sig<triangle<false>, "[*T*] T [int=0]">{}),
      op("diag", kNumeric, sig<diag, "[*T*] T [long=0]">{}),
  };
}

}  // namespace t9
