// Sums, products, norms and products of tensors: over all elements, and along a dimension.
#include "ops/reduce.h"

#include "ops/folds.h"
#include "ops/op.h"

namespace t9 {

namespace {

using namespace formula;

constexpr int start_of(FoldKind kind) { return kind == FoldKind::Product ? 1 : 0; }

template <class A>
void join(FoldKind kind, A& total, A part) {
  if (kind == FoldKind::Product) total = Product::of(total, part, 0);
  else if (kind == FoldKind::Largest) total = A(Largest::of(double(total), double(part), 0));
  else total = Sum::of(total, part, 0);
}

double fold_all(const Tensor& x, FoldKind kind, double p = 0) {
  const Fold& f = fold(kind, x.type);
  return dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    using A = Accumulator<T>;
    return double(over_all<T>(
        x, A(start_of(kind)), [&](A& part, const T* e, int64_t n) { f.row(e, n, p, &part); },
        [&](A& total, const A& part) { join(kind, total, part); }));
  });
}

// finish(accumulator) is stored.
template <Types kSet = kFloating, class Finish>
void fold_along(Tensor& res, const Tensor& x, int d, FoldKind kind, double p, Finish finish) {
  const Fold& f = fold(kind, x.type);
  into_result(res, x, reduced_sizes(x, d), [&](Tensor& r) {
    dispatch<kSet>(x.type, [&](auto t) {
      using T = typename decltype(t)::type;
      using A = Accumulator<T>;
      const Lines lines(x, d, r, r);
      T* pr = r.data<T>();
      lines.visit<T>(
          [&](const T* at, int64_t to, int64_t) {
            A a = A(start_of(kind));
            f.row(at, lines.length(), p, &a);
            pr[to] = T(finish(a));
          },
          [&](const T* at, int64_t stride, int64_t n, int64_t to, int64_t step, int64_t, int64_t) {
            alignas(64) A a[Lines::kColumns];
            std::fill_n(a, n, A(start_of(kind)));
            f.columns(at, lines.length(), stride, n, p, a);
            for (int64_t k = 0; k < n; ++k) pr[to + k * step] = T(finish(a[k]));
          });
    });
  });
}

template <FoldKind kKind>
double all(Tensor& x) {
  return fold_all(x, kKind);
}
template <FoldKind kKind>
void along(Tensor& res, Tensor& x, int d) {
  check_dimension(x, d, "dimension %d out of range");
  fold_along<kNumeric>(res, x, d, kKind, 0, [](auto a) { return a; });
}

double mean(Tensor& x) {
  T9_CHECK(!x.empty(), "empty Tensor");
  return fold_all(x, FoldKind::Sum) / double(x.numel());
}
void mean_along(Tensor& res, Tensor& x, int d) {
  check_dimension(x, d, "invalid dimension %d");
  const double n = double(x.size[d]);
  fold_along(res, x, d, FoldKind::Sum, 0, [n](double a) { return a / n; });
}

// ---- norms ----

FoldKind norm_kind(double p) {
  if (p == 2) return FoldKind::Squares;
  if (p == 1) return FoldKind::Magnitudes;
  if (p == 0) return FoldKind::Nonzeros;
  return std::isinf(p) ? FoldKind::Largest : FoldKind::Powers;
}
double norm_of(double fold, double p) {
  if (p == 2) return std::sqrt(fold);
  if (p == 1 || p == 0 || std::isinf(p)) return fold;
  return std::pow(fold, 1 / p);
}
double norm_all(const Tensor& x, double p) {
  const FoldKind kind = norm_kind(p);
  const double sum = fold_all(x, kind, p);
  // Torch7 takes the root of a float's sum in float
  if (kind == FoldKind::Powers && x.type == Type::Float) return std::pow(float(sum), float(1 / p));
  return norm_of(sum, p);
}

double norm(Tensor& x, double p) { return norm_all(x, p); }
void norm_along(Tensor& res, Tensor& x, double p, int d) {
  check_dimension(x, d, "invalid dimension %d");
  fold_along(res, x, d, norm_kind(p), p, [p](double a) { return norm_of(a, p); });
}

double dist(Tensor& x, Tensor& y, double p) {
  check_counts(x, y);
  TensorRef difference = make_tensor(x.type);
  pointwise(loop<ArithmeticLoops, Sub, 2>(x.type), *difference, {&x, &y});
  const double out = norm_all(*difference, p);
  return x.type == Type::Float ? double(float(out)) : out;
}

TensorRef slice(const Tensor& x, int d, int64_t i) {
  TensorRef out = alias(x);
  out->storageOffset += i * x.stride[d];
  out->size[d] = 1;
  return out;
}

void renorm(Tensor& res, Tensor& x, double p, int d, double maxnorm) {
  T9_CHECK(p > 0, "non-positive-norm not supported");
  T9_CHECK(x.nDimension > 1, "need at least 2 dimensions, got %d dimensions", x.nDimension);
  check_dimension(x, d, "invalid dimension %d");
  if (&res != &x) {
    res.resize_as(x);
    copy(res, x);
  }
  const Loop scale = loop<ArithmeticLoops, Mul, 1, 1>(res.type);
  for (int64_t i = 0; i < res.size[d]; ++i) {
    TensorRef part = slice(res, d, i);
    const double norm = norm_all(*part, p);
    if (norm > maxnorm) pointwise(scale, *part, {part.get()}, {maxnorm / (norm + 1e-7)});
  }
}

// ---- products ----

double dot(Tensor& x, Tensor& y) {
  check_counts(x, y);
  TensorRef a = contiguous(x), b = contiguous(y);
  const Dot kernel = dot_kernel(x.type);
  return dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    using A = Accumulator<T>;
    const T *pa = a->data<T>(), *pb = b->data<T>();
    return double(over_all<T>(
        *a, A(0), [&](A& part, const T* e, int64_t n) { kernel(e, pb + (e - pa), n, &part); },
        [&](A& total, const A& part) { total = Add::of(total, part); }));
  });
}

double trace(Tensor& x) {
  T9_CHECK(x.nDimension == 2, "expected a matrix");
  double out = 0;
  dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    Accumulator<T> total = 0;
    const T* p = x.data<T>();
    for (int64_t k = 0; k < std::min(x.size[0], x.size[1]); ++k) total = Add::of(total, Accumulator<T>(p[k * (x.stride[0] + x.stride[1])]));
    out = double(total);
  });
  return out;
}

int64_t numel(Tensor& x) { return x.numel(); }

}  // namespace

OpList reduce_ops() {
  return {
      op("sum", kNumeric, sig<all<FoldKind::Sum>, "T">{}, sig<along<FoldKind::Sum>, "[*T*] T index">{}),
      op("prod", kNumeric, sig<all<FoldKind::Product>, "T">{}, sig<along<FoldKind::Product>, "[*T*] T index">{}),
      op("mean", kFloating, sig<mean, "T">{}, sig<mean_along, "[*T*] T index">{}),
      op("norm", kFloating, sig<norm, "T [real=2]">{}, sig<norm_along, "[*T*] T real index">{}),
      op<Form::Self>("renorm", kFloating, sig<renorm, "[*T*] T real index real">{}),
      op("dist", kFloating, sig<dist, "T T [real=2]">{}),
      op("dot", kNumeric, sig<dot, "T T">{}),
      op("trace", kNumeric, sig<trace, "T">{}),
      op("numel", kNumeric, sig<numel, "T">{}),
  };
}

}  // namespace t9
