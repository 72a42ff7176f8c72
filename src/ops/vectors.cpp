// Cross products, and distances between rows.
#include "ops/lanes.h"
#include "ops/op.h"
#include "ops/output.h"

namespace t9 {

namespace {

void cross(Tensor& res, Tensor& a, Tensor& b, int dim) {
  T9_CHECK(a.nDimension == b.nDimension, "inconsistent tensor dimension %dD, %dD", a.nDimension, b.nDimension);
  T9_CHECK(a.same_size(b), "inconsistent tensor sizes [%s], [%s]", a.size_text().c_str(), b.size_text().c_str());
  for (int k = 0; dim == -1 && k < a.nDimension; ++k)
    if (a.size[k] == 3) dim = k;
  T9_CHECK_ARG(dim != -1, 1, "no dimension of size 3 in a: [%s]", a.size_text().c_str());
  T9_CHECK_ARG(dim >= 0 && dim < a.nDimension, 3, "dimension %d out of range", dim + 1);
  T9_CHECK_ARG(a.size[dim] == 3, 3, "dimension %d does not have size 3", dim + 1);
  Output out(res, {&a, &b}, Output::kElementwise);
  out->resize_as(a);
  dispatch(a.type, [&](auto t) {
    using T = typename decltype(t)::type;
    using W = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;  // integers wrap
    const int64_t sr = out->stride[dim], sa = a.stride[dim], sb = b.stride[dim];
    T* pr = out->data<T>();
    const T *pa = a.data<T>(), *pb = b.data<T>();
    lanes<3>({&*out, &a, &b}, dim).parallel(kGrain, [=](const auto& offset, const auto& step, int64_t n) {
      for (int64_t k = 0; k < n; ++k) {
        const T *x = pa + offset[1] + k * step[1], *y = pb + offset[2] + k * step[2];
        const W x0 = W(x[0]), x1 = W(x[sa]), x2 = W(x[2 * sa]), y0 = W(y[0]), y1 = W(y[sb]), y2 = W(y[2 * sb]);
        T* r = pr + offset[0] + k * step[0];
        r[0] = T(x1 * y2 - x2 * y1);
        r[sr] = T(x2 * y0 - x0 * y2);
        r[2 * sr] = T(x0 * y1 - x1 * y0);
      }
    });
  });
  out.finish();
}

// res[i][j] = gain * |a_i - b_j|^2
void match(Tensor& res, Tensor& a, Tensor& b, Scalar gain) {
  T9_CHECK_ARG(!a.empty(), 1, "empty tensor");
  T9_CHECK_ARG(!b.empty(), 2, "empty tensor");
  const int64_t rows = a.size[0], cols = b.size[0], depth = a.numel() / rows;
  T9_CHECK(depth == b.numel() / cols, "m1 and m2 must have the same inner vector dim");
  TensorRef left = contiguous(a), right = contiguous(b);
  Output out(res, {&*left, &*right});
  out->resize({rows, cols});
  dispatch(a.type, [&](auto t) {
    using T = typename decltype(t)::type;
    using W = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;
    T* r = out->data<T>();
    const T *x = left->data<T>(), *y = right->data<T>();
    const int64_t down = out->stride[0], across = out->stride[1];
    const W g = W(gain.to<T>());
    parallel_for(rows, std::max<int64_t>(1, kGrain / (cols * depth)), [=](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        for (int64_t j = 0; j < cols; ++j) {
          W sum = 0;
          for (int64_t k = 0; k < depth; ++k) {
            W d = W(x[i * depth + k]) - W(y[j * depth + k]);
            sum += d * d;
          }
          r[i * down + j * across] = T(g * sum);
        }
    });
  });
  out.finish();
}

}  // namespace

OpList vectors_ops() {
  return {
      op("cross", kNumeric, sig<cross, "[*T*] T T [index=0]">{}),
      op<Form::Given>("match", kNumeric, sig<match, "[*T*] T T [real=1]">{}),
  };
}

}  // namespace t9
