#include "ops/index.h"

#include <cstring>

#include "base/scratch.h"
#include "ops/lanes.h"
#include "ops/output.h"
#include "tensor/views.h"

namespace t9 {

namespace {

// How far from the first slice of t each picked one is.
class Distances {
 public:
  Distances(const Tensor& t, int dim, const Tensor& index) : values_(checked(t, dim, index)) {
    const int64_t n = index.size[0], step = index.stride[0];
    const int64_t* at = index.data<int64_t>();
    bool wrong = false;
    for (int64_t k = 0; k < n; ++k) {
      uint64_t pick = uint64_t(at[k * step]) - 1;
      wrong |= pick >= uint64_t(t.size[dim]);
      values_[k] = int64_t(pick * uint64_t(t.stride[dim]));
    }
    T9_CHECK_ARG(!wrong, 3, "index out of range");
  }
  operator const int64_t*() const { return values_; }

 private:
  static int64_t checked(const Tensor& t, int dim, const Tensor& index) {
    T9_CHECK_ARG(index.nDimension == 1, 3, "Index is supposed to be a vector");
    T9_CHECK_ARG(dim >= 0 && dim < t.nDimension, 2, "Indexing dim %d is out of bounds of tensor", dim + 1);
    return index.size[0];
  }
  Scratch<int64_t> values_;
};

// The picked slices beside those of another tensor: f(picked offset, other offset, distances, steps, count).
struct Slices {
  Slices(const Tensor& t, int dim, const Tensor& index, const Tensor& other)
      : slices(still(t, dim, index.size[0])), choice(still(t, dim, index.size[0])), walk(beside(dim, other)) {}

  Geometry slices, choice;
  Walk<3> walk;  // picked slices, the other tensor, distances

 private:
  Walk<3> beside(int dim, const Tensor& other) {
    Sizes steps = choice.sizes();
    for (int k = 0; k < steps.n; ++k) steps[k] = k == dim;
    choice.set_geometry(choice.sizes(), steps);
    return Walk<3>({&slices, &other, &choice});
  }
};

// `source` with the shape of t's picked slices. Like theirs, only the counts of its slices must agree.
TensorRef slices_for(const Tensor& t, int dim, const Tensor& index, const Tensor& source) {
  T9_CHECK_ARG(dim >= 0 && dim < t.nDimension, 2, "Indexing dim %d is out of bounds of tensor", dim + 1);
  T9_CHECK_ARG(dim < source.nDimension, 4, "Source dim %d is out of bounds of tensor", dim + 1);
  T9_CHECK(index.numel() == source.size[dim], "Number of indices should be equal to source:size(dim)");
  Sizes sizes = t.sizes();
  sizes[dim] = source.size[dim];
  T9_CHECK(sizes.product() == source.numel(), "inconsistent tensor size, expected tensor [%s] and src [%s] to have slices of the same size",
           t.size_text().c_str(), source.size_text().c_str());
  if (source.sizes() == sizes) return overlaps(t, source) ? clone(source) : TensorRef::share(const_cast<Tensor*>(&source));
  TensorRef out = make_tensor(t.type, sizes), to = make_tensor(t.type), from = make_tensor(t.type);
  for (int64_t k = 0; k < sizes[dim]; ++k) {
    narrow(*to, *out, dim, k, 1);
    narrow(*from, source, dim, k, 1);
    copy(*to, *from);
  }
  return out;
}

// f(picked element, source element) over all slices, in order.
template <class U, class F>
void update(Tensor& t, int dim, const Tensor& index, const Tensor& source, F&& f) {
  const Distances distance(t, dim, index);
  Slices slices(t, dim, index, source);
  U* to = t.data<U>();
  const U* from = source.data<U>();
  slices.walk.run(0, slices.walk.total, [&](const auto& offset, const auto& step, int64_t n) {
    U* x = to + offset[0];
    const U* y = from + offset[1];
    const int64_t* d = distance + offset[2];
    if (step[2] == 0) {
      x += *d;
      if (step[0] == 1 && step[1] == 1) {
        for (int64_t k = 0; k < n; ++k) f(x[k], y[k]);
      } else {
        for (int64_t k = 0; k < n; ++k) f(x[k * step[0]], y[k * step[1]]);
      }
    } else {
      for (int64_t k = 0; k < n; ++k) f(x[k * step[0] + d[k * step[2]]], y[k * step[1]]);
    }
  });
}

}  // namespace

void index_select(Tensor& res, Tensor& t, int dim, Tensor& index) {
  const Distances distance(t, dim, index);
  Output out(res, {&t, &index});
  Sizes sizes = t.sizes();
  sizes[dim] = index.size[0];
  out->resize(sizes);
  Slices slices(t, dim, index, *out);
  by_size(t.type, [&](auto type) {
    using U = typename decltype(type)::type;
    const U* from = t.data<U>();
    U* to = out->data<U>();
    slices.walk.parallel(kGrain, [&](const auto& offset, const auto& step, int64_t n) {
      const U* x = from + offset[0];
      U* r = to + offset[1];
      const int64_t* d = distance + offset[2];
      if (step[2] == 0) {
        x += *d;
        if (step[0] == 1 && step[1] == 1) std::memcpy(r, x, size_t(n) * sizeof(U));
        else for (int64_t k = 0; k < n; ++k) r[k * step[1]] = x[k * step[0]];
      } else if (step[0] == 0 && step[1] == 1 && step[2] == 1) {
        for (int64_t k = 0; k < n; ++k) r[k] = x[d[k]];
      } else {
        for (int64_t k = 0; k < n; ++k) r[k * step[1]] = x[k * step[0] + d[k * step[2]]];
      }
    });
  });
  out.finish();
}

void index_copy(Tensor& t, int dim, Tensor& index, Tensor& source) {
  TensorRef from = slices_for(t, dim, index, source);
  by_size(t.type, [&](auto type) {
    using U = typename decltype(type)::type;
    update<U>(t, dim, index, *from, [](U& x, U y) { x = y; });
  });
}

void index_add(Tensor& t, int dim, Tensor& index, Tensor& source) {
  TensorRef from = slices_for(t, dim, index, source);
  dispatch(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    using W = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;  // integers wrap
    update<T>(t, dim, index, *from, [](T& x, T y) { x = T(W(x) + W(y)); });
  });
}

void index_fill(Tensor& t, int dim, Tensor& index, Scalar value) {
  dispatch(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    const T v = value.to<T>();
    const Distances distance(t, dim, index);
    Slices slices(t, dim, index, still(t, dim, index.size[0]));
    T* to = t.data<T>();
    slices.walk.run(0, slices.walk.total, [&](const auto& offset, const auto& step, int64_t n) {
      const int64_t* d = distance + offset[2];
      for (int64_t k = 0; k < n; ++k) to[offset[0] + k * step[0] + d[k * step[2]]] = v;
    });
  });
}

}  // namespace t9
