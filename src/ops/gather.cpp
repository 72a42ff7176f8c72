// gather and scatter: elements picked by a tensor of positions along a dimension.
#include <atomic>

#include "ops/lanes.h"
#include "ops/op.h"
#include "ops/output.h"

namespace t9 {

namespace {

void check_geometry(const Tensor& t, int dim, const Tensor& index) {
  T9_CHECK_ARG(index.nDimension == t.nDimension, 3, "Index tensor must have same dimensions as input tensor");
  T9_CHECK_ARG(dim >= 0 && dim < t.nDimension, 2, "Index dimension is out of bounds");
  for (int k = 0; k < t.nDimension; ++k)
    T9_CHECK(k == dim || index.size[k] == t.size[k], "inconsistent tensor size, expected [%s] and index [%s] to agree in all dimensions but %d",
             t.size_text().c_str(), index.size_text().c_str(), dim + 1);
}

// False when a position is not in 1..size. Called with constants for the common steps.
template <class U>
inline bool gather_run(U* r, const U* v, const int64_t* index, int64_t n, int64_t step_r, int64_t step_v, int64_t step_i,
                       uint64_t size, int64_t along) {
  bool bad = false;
  for (int64_t k = 0; k < n; ++k) {
    uint64_t pick = uint64_t(index[k * step_i]) - 1;
    bad |= pick >= size;
    r[k * step_r] = v[k * step_v + (pick < size ? int64_t(pick) * along : 0)];
  }
  return !bad;
}

// The same for a dense vector: the check of a block leaves less to do for each element. In a matrix the next vector
// mostly follows; it will be read in an order that no hardware expects.
template <class U>
bool gather_dense(U* r, const U* v, const int64_t* index, int64_t n, uint64_t size) {
  constexpr int64_t kBlock = 1024;
  constexpr uint64_t kLine = 64 / sizeof(U), kMostLines = 256;
  const uint64_t near = size <= 4 * uint64_t(n) ? std::min(size, kMostLines * kLine) : 0;
  for (uint64_t k = 0; k < near; k += kLine) __builtin_prefetch(v + size + k);
  for (int64_t done = 0; done < n; done += kBlock) {
    const int64_t end = std::min(n, done + kBlock);
    uint64_t sign = 0;
    for (int64_t k = done; k < end; ++k) sign |= (uint64_t(index[k]) - 1) | (size - uint64_t(index[k]));
    if (int64_t(sign) < 0) return false;
    int64_t k = done;
    for (; k + 4 <= end; k += 4) {
      const U a = v[index[k] - 1], b = v[index[k + 1] - 1], c = v[index[k + 2] - 1], d = v[index[k + 3] - 1];
      r[k] = a, r[k + 1] = b, r[k + 2] = c, r[k + 3] = d;
    }
    for (; k < end; ++k) r[k] = v[index[k] - 1];
  }
  return true;
}

void gather(Tensor& res, Tensor& x, int dim, Tensor& index) {
  check_geometry(x, dim, index);
  Output out(res, {&x, &index});
  out->resize_as(index);
  std::atomic<bool> wrong = false;
  by_size(x.type, [&](auto t) {
    using U = typename decltype(t)::type;
    U* to = out->data<U>();
    const U* from = x.data<U>();
    const int64_t* at = index.data<int64_t>();
    const uint64_t size = uint64_t(x.size[dim]);
    const int64_t along = x.stride[dim];
    const Geometry source = still(x, dim, index.size[dim]);
    Walk<3> walk({&*out, &source, &index});
    walk.parallel(kGrain, [=, &wrong](const auto& offset, const auto& step, int64_t n) {
      U* r = to + offset[0];
      const U* v = from + offset[1];
      const int64_t* i = at + offset[2];
      const bool plain = step[0] == 1 && step[2] == 1;
      bool good;
      if (plain && step[1] == 0 && along == 1) good = gather_dense(r, v, i, n, size);
      else if (plain) good = gather_run(r, v, i, n, 1, step[1], 1, size, along);
      else good = gather_run(r, v, i, n, step[0], step[1], step[2], size, along);
      if (!good) wrong = true;
    });
  });
  T9_CHECK(!wrong, "Invalid index in gather");
  out.finish();
}

// t[.., index, ..] = value(k): in row-major order of the index, so that the last of equal indices stays.
template <class U, class Step, class F>
bool scatter_run(U* to, const int64_t* at, const Step& step, int64_t n, uint64_t size, int64_t along, F&& value) {
  for (int64_t k = 0; k < n; ++k) {
    uint64_t pick = uint64_t(at[k * step[1]]) - 1;
    if (pick >= size) return false;
    to[k * step[0] + int64_t(pick) * along] = value(k);
  }
  return true;
}

void scatter(Tensor& t, int dim, Tensor& index, Tensor& x) {
  check_geometry(t, dim, index);
  T9_CHECK_ARG(x.nDimension == t.nDimension, 4, "Input tensor must have same dimensions as output tensor");
  for (int k = 0; k < t.nDimension; ++k)
    T9_CHECK(x.size[k] == index.size[k] || (k == dim && x.size[k] > index.size[k]),
             "inconsistent tensor size, expected index [%s] and src [%s] to have the same size",
             index.size_text().c_str(), x.size_text().c_str());
  TensorRef source = overlaps(t, x) ? clone(x) : TensorRef::share(&x);
  TensorRef picks = overlaps(t, index) ? clone(index) : TensorRef::share(&index);
  by_size(t.type, [&](auto type) {
    using U = typename decltype(type)::type;
    U* to = t.data<U>();
    const U* from = source->data<U>();
    const int64_t* at = picks->data<int64_t>();
    const uint64_t size = uint64_t(t.size[dim]);
    const int64_t along = t.stride[dim];
    const Geometry target = still(t, dim, index.size[dim]), first(index.sizes(), source->strides());
    Walk<3> walk({&target, &*picks, &first});
    walk.run(0, walk.total, [=](const auto& offset, const auto& step, int64_t n) {
      const U* v = from + offset[2];
      T9_CHECK(scatter_run(to + offset[0], at + offset[1], step, n, size, along, [&](int64_t k) { return v[k * step[2]]; }),
               "Invalid index in scatter");
    });
  });
}

void scatter_value(Tensor& t, int dim, Tensor& index, Scalar v) {
  check_geometry(t, dim, index);
  TensorRef picks = overlaps(t, index) ? clone(index) : TensorRef::share(&index);
  dispatch(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    T* to = t.data<T>();
    const T value = v.to<T>();
    const int64_t* at = picks->data<int64_t>();
    const uint64_t size = uint64_t(t.size[dim]);
    const int64_t along = t.stride[dim];
    const Geometry target = still(t, dim, index.size[dim]);
    Walk<2> walk({&target, &*picks});
    walk.run(0, walk.total, [=](const auto& offset, const auto& step, int64_t n) {
      T9_CHECK(scatter_run(to + offset[0], at + offset[1], step, n, size, along, [&](int64_t) { return value; }),
               "Invalid index in scatter");
    });
  });
}

}  // namespace

OpList gather_ops() {
  return {
      op("gather", kNumeric, sig<gather, "[*T*] T index LongTensor">{}),
      op("scatter", kNumeric, sig<scatter, "*T* index LongTensor T">{}, sig<scatter_value, "*T* index LongTensor real">{}),
  };
}

}  // namespace t9
