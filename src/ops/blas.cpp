// mm, mv, ger, bmm, and the forms that add a product to a tensor.
#include "ops/blas.h"

#include "ops/copy.h"
#include "ops/iterate.h"
#include "ops/matrix.h"
#include "ops/op.h"

namespace t9 {

namespace {

std::string shape(const Tensor& t) { return format("[%s]", t.size_text().c_str()); }

// res = beta * t + the product that compute(result) adds. Where res shares memory with an operand, a
// temporary takes the product.
template <class F>
void add_product(Tensor& res, Scalar beta, Tensor& t, const Tensor& a, const Tensor& b, F compute) {
  const bool resized = &res != &t && !res.same_size(t);
  auto conflicts = [&](const Tensor& x) {
    return overlaps(res, x) || (resized && res.storage && res.storage == x.storage);
  };
  if (conflicts(a) || conflicts(b)) {
    TensorRef held = beta.d != 0 ? clone(t) : make_workspace(t.type, t.sizes());
    compute(*held);
    res.resize_as(t);
    return copy(res, *held);
  }
  if (&res != &t) {
    res.resize_as(t);
    if (beta.d != 0) copy(res, t);
  }
  compute(res);
}

// Shapes a result that holds nothing yet; others must fit.
void fit(Tensor& res, const Sizes& want, const char* kind) {
  if (res.empty()) return res.resize(want);
  T9_CHECK(res.nDimension == want.n, "%s expected, got %dD tensor for t", kind, res.nDimension);
  T9_CHECK(res.sizes() == want, "size mismatch, t: %s, product: [%s]", shape(res).c_str(), want.text().c_str());
}

void check_mm(const Tensor& a, const Tensor& b) {
  T9_CHECK(a.nDimension == 2, "matrix expected, got %dD tensor for m1", a.nDimension);
  T9_CHECK(b.nDimension == 2, "matrix expected, got %dD tensor for m2", b.nDimension);
  T9_CHECK(a.size[1] == b.size[0], "size mismatch, m1: %s, m2: %s", shape(a).c_str(), shape(b).c_str());
}

void check_mv(const Tensor& a, const Tensor& x) {
  T9_CHECK(a.nDimension == 2 && x.nDimension == 1, "matrix and vector expected, got %dD, %dD", a.nDimension,
           x.nDimension);
  T9_CHECK(a.size[1] == x.size[0], "size mismatch, %s, %s", shape(a).c_str(), shape(x).c_str());
}

void check_ger(const Tensor& x, const Tensor& y) {
  T9_CHECK(x.nDimension == 1 && y.nDimension == 1, "vector and vector expected, got %dD, %dD tensors", x.nDimension,
           y.nDimension);
}

void check_bmm(const Tensor& a, const Tensor& b) {
  T9_CHECK(a.nDimension == 3 && b.nDimension == 3, "expected 3D tensors, got %dD, %dD", a.nDimension, b.nDimension);
  T9_CHECK(a.size[0] == b.size[0], "equal number of batches expected, got %lld, %lld", (long long)a.size[0],
           (long long)b.size[0]);
  T9_CHECK(a.size[2] == b.size[1], "wrong matrix size, batch1: %lldx%lld, batch2: %lldx%lld", (long long)a.size[1],
           (long long)a.size[2], (long long)b.size[1], (long long)b.size[2]);
}

// The products of operands whose shapes fit.

void add_mm(Tensor& r, Scalar beta, Tensor& t, Scalar alpha, Tensor& a, Tensor& b) {
  add_product(r, beta, t, a, b, [&](Tensor& out) {
    dispatch(out.type, [&](auto tag) {
      using T = typename decltype(tag)::type;
      multiply<T>(alpha.to<T>(), matrix<const T>(a), matrix<const T>(b), beta.to<T>(), matrix<T>(out));
    });
  });
}

void add_mv(Tensor& r, Scalar beta, Tensor& t, Scalar alpha, Tensor& a, Tensor& x) {
  add_product(r, beta, t, a, x, [&](Tensor& out) {
    dispatch(out.type, [&](auto tag) {
      using T = typename decltype(tag)::type;
      multiply<T>(alpha.to<T>(), matrix<const T>(a), column<const T>(x), beta.to<T>(), column<T>(out));
    });
  });
}

template <class T>
void outer(T beta, T alpha, Matrix<const T> x, Matrix<const T> y, Matrix<T> r) {
  if (r.col != 1 && r.row == 1) return outer<T>(beta, alpha, y, x, r.t());
  if constexpr (std::is_floating_point_v<T>)
    if (r.col == 1) return ger<T>(r.rows, r.cols, alpha, x.data, x.row, y.data, y.row, r.data, r.row, beta);
  using U = std::conditional_t<std::is_floating_point_v<T>, T, Wrapping<T>>;
  for (int64_t i = 0; i < r.rows; ++i) {
    const U scale = U(alpha) * U(x.data[i * x.row]);
    for (int64_t j = 0; j < r.cols; ++j) {
      T& out = r(i, j);
      out = T((beta == T(0) ? U(0) : U(beta) * U(out)) + scale * U(y.data[j * y.row]));
    }
  }
}

void add_outer(Tensor& r, Scalar beta, Tensor& t, Scalar alpha, Tensor& x, Tensor& y) {
  add_product(r, beta, t, x, y, [&](Tensor& out) {
    dispatch(out.type, [&](auto tag) {
      using T = typename decltype(tag)::type;
      outer<T>(beta.to<T>(), alpha.to<T>(), column<const T>(x), column<const T>(y), matrix<T>(out));
    });
  });
}

template <class T>
void multiply_batch(T beta, T alpha, Tensor& a, Tensor& b, Tensor& r) {
  const int64_t count = r.size[0];
  if constexpr (std::is_floating_point_v<T>) {
    const Matrix<const T> a0 = matrix<const T>(a, 0), b0 = matrix<const T>(b, 0);
    const Matrix<T> r0 = matrix<T>(r, 0);
    const bool left = a0.by_rows(), right = b0.by_rows();
    if (r0.by_rows() && (left || a0.t().by_rows()) && (right || b0.t().by_rows()))
      return gemm_batch<T>(count, !left, !right, r0.rows, r0.cols, a0.cols, alpha, a0.data,
                           left ? a0.ld() : a0.t().ld(), a.stride[0], b0.data, right ? b0.ld() : b0.t().ld(),
                           b.stride[0], beta, r0.data, r0.ld(), r.stride[0]);
  }
  for (int64_t p = 0; p < count; ++p)
    multiply<T>(alpha, matrix<const T>(a, p), matrix<const T>(b, p), beta, matrix<T>(r, p));
}

void add_bmm(Tensor& r, Scalar beta, Tensor& t, Scalar alpha, Tensor& a, Tensor& b) {
  add_product(r, beta, t, a, b, [&](Tensor& out) {
    dispatch(out.type, [&](auto tag) {
      using T = typename decltype(tag)::type;
      multiply_batch<T>(beta.to<T>(), alpha.to<T>(), a, b, out);
    });
  });
}

// In a method, an empty result is no matrix (functions start from one when none is given).
void check_given(const Tensor& r, const char* kind) { T9_CHECK(!r.empty(), "%s expected, got 0D tensor for t", kind); }
void mm_method(Tensor& r, Tensor& a, Tensor& b) { check_given(r, "matrix"), mm(r, a, b); }
void mv_method(Tensor& r, Tensor& a, Tensor& x) { check_given(r, "vector"), mv(r, a, x); }
void ger_method(Tensor& r, Tensor& x, Tensor& y) { check_given(r, "matrix"), ger(r, x, y); }
void bmm_method(Tensor& r, Tensor& a, Tensor& b) { check_given(r, "3D tensor"), bmm(r, a, b); }

// The methods: t:addmm(a, b) scales the product by a single number, t and the product by two.
template <void (*F)(Tensor&, Scalar, Tensor&, Scalar, Tensor&, Tensor&)>
void scaled(Tensor& r, Tensor& t, Scalar alpha, Tensor& a, Tensor& b) {
  F(r, 1, t, alpha, a, b);
}

}  // namespace

void mm(Tensor& r, Tensor& a, Tensor& b) {
  check_mm(a, b);
  fit(r, {a.size[0], b.size[1]}, "matrix");
  add_mm(r, 0, r, 1, a, b);
}

void mv(Tensor& r, Tensor& a, Tensor& x) {
  check_mv(a, x);
  fit(r, {a.size[0]}, "vector");
  add_mv(r, 0, r, 1, a, x);
}

void ger(Tensor& r, Tensor& x, Tensor& y) {
  check_ger(x, y);
  fit(r, {x.size[0], y.size[0]}, "matrix");
  add_outer(r, 0, r, 1, x, y);
}

void bmm(Tensor& r, Tensor& a, Tensor& b) {
  check_bmm(a, b);
  fit(r, {a.size[0], a.size[1], b.size[2]}, "3D tensor");
  add_bmm(r, 0, r, 1, a, b);
}

void addmm(Tensor& r, Scalar beta, Tensor& t, Scalar alpha, Tensor& a, Tensor& b) {
  check_mm(a, b);
  T9_CHECK(t.sizes() == Sizes({a.size[0], b.size[1]}), "size mismatch, t: %s, m1: %s, m2: %s", shape(t).c_str(),
           shape(a).c_str(), shape(b).c_str());
  add_mm(r, beta, t, alpha, a, b);
}

void addmv(Tensor& r, Scalar beta, Tensor& t, Scalar alpha, Tensor& a, Tensor& x) {
  check_mv(a, x);
  T9_CHECK(t.sizes() == Sizes({a.size[0]}), "size mismatch, t: %s, mat: %s, vec: %s", shape(t).c_str(),
           shape(a).c_str(), shape(x).c_str());
  add_mv(r, beta, t, alpha, a, x);
}

void addr(Tensor& r, Scalar beta, Tensor& t, Scalar alpha, Tensor& x, Tensor& y) {
  check_ger(x, y);
  T9_CHECK(t.sizes() == Sizes({x.size[0], y.size[0]}), "size mismatch, t: %s, vec1: %s, vec2: %s", shape(t).c_str(),
           shape(x).c_str(), shape(y).c_str());
  add_outer(r, beta, t, alpha, x, y);
}

void baddbmm(Tensor& r, Scalar beta, Tensor& t, Scalar alpha, Tensor& a, Tensor& b) {
  check_bmm(a, b);
  T9_CHECK(t.sizes() == Sizes({a.size[0], a.size[1], b.size[2]}), "size mismatch, t: %s, batch1: %s, batch2: %s",
           shape(t).c_str(), shape(a).c_str(), shape(b).c_str());
  add_bmm(r, beta, t, alpha, a, b);
}

void addbmm(Tensor& r, Scalar beta, Tensor& t, Scalar alpha, Tensor& a, Tensor& b) {
  check_bmm(a, b);
  T9_CHECK(t.sizes() == Sizes({a.size[1], b.size[2]}), "size mismatch, t: %s, batch1: %s, batch2: %s", shape(t).c_str(),
           shape(a).c_str(), shape(b).c_str());
  add_product(r, beta, t, a, b, [&](Tensor& out) {
    dispatch(out.type, [&](auto tag) {
      using T = typename decltype(tag)::type;
      for (int64_t p = 0; p < a.size[0]; ++p)
        multiply<T>(alpha.to<T>(), matrix<const T>(a, p), matrix<const T>(b, p), p ? T(1) : beta.to<T>(),
                    matrix<T>(out));
    });
  });
}

OpList blas_ops() {
  constexpr void (*kGer)(Tensor&, Tensor&, Tensor&) = ger;  // not the one of raw memory
  return {
      with_methods(op("mm", kNumeric, sig<mm, "[*T*] T~2D T~2D">{}), sig<mm_method, "*T* T~2D T~2D">{}),
      with_methods(op("mv", kNumeric, sig<mv, "[*T*] T~2D T~1D">{}), sig<mv_method, "*T* T~2D T~1D">{}),
      with_methods(op("ger", kNumeric, sig<kGer, "[*T*] T~1D T~1D">{}), sig<ger_method, "*T* T~1D T~1D">{}),
      with_methods(op("bmm", kNumeric, sig<bmm, "[*T*] T~3D T~3D">{}), sig<bmm_method, "*T* T~3D T~3D">{}),
      with_methods(op("addmm", kNumeric, sig<addmm, "[*T*] [real=1] T~2D [real=1] T~2D T~2D">{}),
                   sig<scaled<addmm>, "*T~2D* [T~2D] [real=1] T~2D T~2D">{},
                   sig<addmm, "*T~2D* real [T~2D] real T~2D T~2D">{}),
      with_methods(op("addmv", kNumeric, sig<addmv, "[*T*] [real=1] T~1D [real=1] T~2D T~1D">{}),
                   sig<scaled<addmv>, "*T~1D* [T~1D] [real=1] T~2D T~1D">{},
                   sig<addmv, "*T~1D* real [T~1D] real T~2D T~1D">{}),
      with_methods(op("addr", kNumeric, sig<addr, "[*T*] [real=1] T~2D [real=1] T~1D T~1D">{}),
                   sig<scaled<addr>, "*T~2D* [T~2D] [real=1] T~1D T~1D">{},
                   sig<addr, "*T~2D* real [T~2D] real T~1D T~1D">{}),
      with_methods(op("addbmm", kNumeric, sig<addbmm, "[*T*] [real=1] T~2D [real=1] T~3D T~3D">{}),
                   sig<scaled<addbmm>, "*T~2D* [T~2D] [real=1] T~3D T~3D">{},
                   sig<addbmm, "*T~2D* real [T~2D] real T~3D T~3D">{}),
      with_methods(op("baddbmm", kNumeric, sig<baddbmm, "[*T*] [real=1] T~3D [real=1] T~3D T~3D">{}),
                   sig<scaled<baddbmm>, "*T~3D* [T~3D] [real=1] T~3D T~3D">{},
                   sig<baddbmm, "*T~3D* real [T~3D] real T~3D T~3D">{}),
  };
}

}  // namespace t9
