// Copies of tensors in another arrangement: reshape, tril, triu, diag; squeeze.
#include <optional>

#include "ops/lanes.h"
#include "ops/op.h"
#include "ops/output.h"
#include "tensor/views.h"

namespace t9 {

namespace {

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
      op("reshape", kNumeric, sig<reshape, "[*T*] T SIZES">{}),
      op("squeeze", kNumeric, sig<squeeze_all, "[*T*] T">{}, sig<squeeze_one, "[*T*] T index">{}),
      op("tril", kNumeric, sig<triangle<true>, "[*T*] T [int=0]">{}),
      op("triu", kNumeric, sig<triangle<false>, "[*T*] T [int=0]">{}),
      op("diag", kNumeric, sig<diag, "[*T*] T [long=0]">{}),
  };
}

}  // namespace t9
