// Linear algebra through LAPACK. Results are new matrices, mostly column-major, that a given result
// copies and an absent one adopts; inputs stay as they are.
#include <algorithm>
#include <climits>

#include "base/scratch.h"
#include "ops/blas_library.h"
#include "ops/copy.h"
#include "ops/matrix.h"
#include "ops/op.h"

namespace t9 {

namespace {

void check_matrix(const Tensor& a, const char* name) {
  T9_CHECK(a.nDimension == 2, "%s should be 2 dimensional, but is %dD", name, a.nDimension);
  T9_CHECK(a.size[0] <= INT_MAX && a.size[1] <= INT_MAX, "%s is too large", name);
}

void check_square(const Tensor& a) {
  check_matrix(a, "A");
  T9_CHECK(a.size[0] == a.size[1], "A should be square, but is %lldx%lld", (long long)a.size[0], (long long)a.size[1]);
}

// A negative status: the argument of that number is wrong. Sizes are checked before, so it is a NaN.
void check_status(int status, const char* routine) {
  T9_CHECK(status >= 0, "Lapack Error in %s : Illegal Argument %d (does the matrix hold a NaN?)", routine, -status);
}

// For the routines that never end, or read outside of the matrix, when a value is not finite.
template <class T>
void check_finite(const T* p, int64_t n, const char* routine) {
  T bad = 0;  // stays 0 while all are finite
  for (int64_t k = 0; k < n; ++k) bad += p[k] * 0;
  T9_CHECK(bad == 0, "Lapack Error in %s : A holds a NaN or an infinity", routine);
}

// The matrix that a right-hand side stands for: a vector is one column.
TensorRef right_hand_side(Tensor& b, const Tensor& a) {
  TensorRef out = TensorRef::share(&b);
  if (b.nDimension == 1) {
    out = alias(b);
    out->set_geometry({b.size[0], 1}, {b.stride[0], 1});
  }
  check_matrix(*out, "B");
  T9_CHECK(out->size[0] == a.size[0], "A,B size incompatible - A has %lld rows, B has %lld rows", (long long)a.size[0],
           (long long)out->size[0]);
  return out;
}

TensorRef by_columns(Type type, int64_t rows, int64_t cols) {
  TensorRef t = make_tensor(type);
  t->resize({rows, cols}, {1, rows});
  return t;
}
TensorRef by_columns(const Tensor& a) {
  TensorRef t = by_columns(a.type, a.size[0], a.size[1]);
  copy(*t, a);
  return t;
}

// A copy in the order that a lies in. Where that is row by row, LAPACK sees the transposed.
struct Copy {
  TensorRef t;
  bool transposed;
  explicit Copy(const Tensor& a) : transposed(!matrix<char>(a).t().by_rows()) {
    t = transposed ? clone(a) : by_columns(a);
  }
  char uplo(char given) const { return transposed ? (given == 'U' ? 'L' : 'U') : given; }
};

void deliver(Tensor& res, const TensorRef& t) {
  if (!res.storage) return res.set(*t);
  res.resize_as(*t);
  copy(res, *t);
}

// Calls routine(work, size) twice: for the size it wants, and with that much.
template <class T, class F>
void with_work(F routine) {
  T wanted = 0;
  routine(&wanted, -1);
  const int size = int(std::max<double>(double(wanted), 1));
  Scratch<T> work(size);
  routine(static_cast<T*>(work), size);
}

// Zeroes the triangle beside the one that `uplo` names. t lies by rows or by columns, without gaps.
void keep_triangle(Tensor& t, char uplo) {
  dispatch<kFloating>(t.type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    auto m = matrix<T>(t);
    bool upper = uplo == 'U';
    if (m.row < m.col) m = m.t(), upper = !upper;  // in the order of memory
    for (int64_t i = 0; i < m.rows; ++i)
      if (const int64_t from = upper ? 0 : i + 1, to = upper ? std::min(i, m.cols) : m.cols; from < to)
        std::fill(&m(i, from), &m(i, to), T(0));
  });
}

template <class F>
void floating(const Tensor& t, F f) {
  dispatch<kFloating>(t.type, [&](auto tag) { f(tag, blas<typename decltype(tag)::type>()); });
}
#define T9_ELEMENT(tag) typename decltype(tag)::type

void gesv(Tensor& rx, Tensor& rlu, Tensor& b, Tensor& a) {
  check_square(a);
  const int n = int(a.size[0]);
  TensorRef x = by_columns(*right_hand_side(b, a)), lu = by_columns(a);
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    Scratch<int> pivots(n);
    int status = 0;
    lapack.gesv(n, int(x->size[1]), lu->data<T>(), n, pivots, x->data<T>(), n, status);
    check_status(status, "gesv");
    T9_CHECK(status == 0, "Lapack Error in gesv : U(%d,%d) is zero, singular U.", status, status);
  });
  deliver(rx, x);
  deliver(rlu, lu);
}

void trtrs(Tensor& rx, Tensor& ra, Tensor& b, Tensor& a, char uplo, char trans, char diag) {
  check_square(a);
  const int n = int(a.size[0]);
  TensorRef x = by_columns(*right_hand_side(b, a)), held = by_columns(a);
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    int status = 0;
    lapack.trtrs(uplo, trans, diag, n, int(x->size[1]), held->data<T>(), n, x->data<T>(), n, status, 1, 1, 1);
    check_status(status, "trtrs");
    T9_CHECK(status == 0, "Lapack Error in trtrs : A(%d,%d) is zero, singular A", status, status);
  });
  deliver(rx, x);
  deliver(ra, held);
}

void symeig(Tensor& re, Tensor& rv, Tensor& a, char job, char uplo) {
  check_square(a);
  const int n = int(a.size[0]);
  TensorRef v = by_columns(a), e = make_tensor(a.type, {n});
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    T *pv = v->data<T>(), *pe = e->data<T>();
    int status = 0, integers = 1;
    T wanted = 0;
    lapack.syevd(job, uplo, n, pv, n, pe, &wanted, -1, &integers, -1, status, 1, 1);
    const int size = int(std::max<double>(double(wanted), 1));
    Scratch<T> work(size);
    Scratch<int> more(std::max(integers, 1));
    lapack.syevd(job, uplo, n, pv, n, pe, work, size, more, integers, status, 1, 1);
    check_status(status, "syevd");
    T9_CHECK(status == 0, "Lapack Error in syevd : %d off-diagonal elements did not converge to zero", status);
  });
  deliver(re, e);
  deliver(rv, v);
}

void eig(Tensor& re, Tensor& rv, Tensor& a, char job) {
  check_square(a);
  const int n = int(a.size[0]);
  TensorRef held = by_columns(a), e = by_columns(a.type, n, 2), v;
  if (job == 'V') v = by_columns(a.type, n, n);
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    T *real = e->data<T>(), *imaginary = real + n;
    check_finite(held->data<T>(), int64_t(n) * n, "geev");
    int status = 0;
    with_work<T>([&](T* work, int size) {
      lapack.geev('N', job, n, held->data<T>(), n, real, imaginary, nullptr, 1, v ? v->data<T>() : nullptr, n, work,
                  size, status, 1, 1);
    });
    check_status(status, "geev");
    T9_CHECK(status == 0, "Lapack Error in geev : %d off-diagonal elements did not converge to zero", status);
  });
  deliver(re, contiguous(*e));
  if (v) deliver(rv, v);
}

void svd(Tensor& ru, Tensor& rs, Tensor& rv, Tensor& a, char job) {
  check_matrix(a, "A");
  Copy held(a);
  // A lying by rows is its transposed to LAPACK: V comes in the place of U, and reversed.
  const int m = int(a.size[held.transposed ? 1 : 0]), n = int(a.size[held.transposed ? 0 : 1]), k = std::min(m, n);
  const int left_cols = job == 'S' ? k : m, right_rows = job == 'S' ? k : n;
  TensorRef s = make_tensor(a.type, {k});
  TensorRef left = by_columns(a.type, m, left_cols);
  TensorRef right = make_tensor(a.type, {n, right_rows});  // LAPACK's V', by columns
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    check_finite(held.t->data<T>(), int64_t(m) * n, "gesdd");
    Scratch<int> integers(8 * int64_t(k));
    int status = 0;
    with_work<T>([&](T* work, int size) {
      lapack.gesdd(job, m, n, held.t->data<T>(), m, s->data<T>(), left->data<T>(), m, right->data<T>(), right_rows,
                   work, size, integers, status, 1);
    });
    check_status(status, "gesdd");
    T9_CHECK(status == 0, "Lapack Error in gesdd : %d superdiagonals did not converge", status);
  });
  deliver(ru, held.transposed ? right : left);
  deliver(rs, s);
  deliver(rv, held.transposed ? left : right);
}

void inverse(Tensor& res, Tensor& a) {
  check_matrix(a, "A");
  T9_CHECK(a.size[0] == a.size[1], "A should be square");
  const int n = int(a.size[0]);
  Copy held(a);  // the inverse of the transposed is the inverse, transposed
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    T* p = held.t->data<T>();
    Scratch<int> pivots(n);
    int status = 0;
    lapack.getrf(n, n, p, n, pivots, status);
    check_status(status, "getrf");
    T9_CHECK(status == 0, "Lapack Error in getrf : U(%d,%d) is 0, U is singular", status, status);
    with_work<T>([&](T* work, int size) { lapack.getri(n, p, n, pivots, work, size, status); });
    check_status(status, "getri");
    T9_CHECK(status == 0, "Lapack Error in getri : U(%d,%d) is 0, U is singular", status, status);
  });
  deliver(res, held.t);
}

void potrf(Tensor& res, Tensor& a, char uplo) {
  check_square(a);
  const int n = int(a.size[0]);
  // OpenBLAS is half again as fast with 'L'; by rows, that is the upper factor.
  TensorRef t = uplo == 'L' ? by_columns(a) : clone(a);
  floating(a, [&](auto tag, auto& lapack) {
    int status = 0;
    lapack.potrf('L', n, t->template data<T9_ELEMENT(tag)>(), n, status, 1);
    check_status(status, "potrf");
    T9_CHECK(status == 0, "Lapack Error in potrf : the leading minor of order %d is not positive definite", status);
  });
  keep_triangle(*t, uplo);
  deliver(res, t);
}

void potrs(Tensor& res, Tensor& b, Tensor& a, char uplo) {
  check_square(a);
  const int n = int(a.size[0]);
  TensorRef x = by_columns(*right_hand_side(b, a));
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    const Operand<T> factor(matrix<const T>(a));  // by rows: the transposed to LAPACK
    const char side = factor.transposed ? uplo : uplo == 'U' ? 'L' : 'U';
    int status = 0;
    lapack.potrs(side, n, int(x->size[1]), factor.data, int(factor.ld), x->data<T>(), n, status, 1);
    check_status(status, "potrs");
  });
  deliver(res, x);
}

void potri(Tensor& res, Tensor& a, char uplo) {
  check_square(a);
  const int n = int(a.size[0]);
  Copy held(a);
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    int status = 0;
    lapack.potri(held.uplo(uplo), n, held.t->data<T>(), n, status, 1);
    check_status(status, "potri");
    T9_CHECK(status == 0, "Lapack Error in potri : the factor is zero at (%d,%d), A is singular", status, status);
    const auto m = matrix<T>(*held.t);
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = i + 1; j < n; ++j) (uplo == 'U' ? m(j, i) : m(i, j)) = uplo == 'U' ? m(i, j) : m(j, i);
  });
  deliver(res, held.t);
}

void pstrf(Tensor& res, Tensor& pivots, Tensor& a, char uplo, Scalar tolerance) {
  check_square(a);
  const int n = int(a.size[0]);
  Copy held(a);
  TensorRef order = make_tensor(Type::Int, {n});
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    Scratch<T> work(2 * int64_t(n));
    int status = 0, rank = 0;
    lapack.pstrf(held.uplo(uplo), n, held.t->data<T>(), n, order->data<int>(), rank, tolerance.to<T>(), work, status,
                 1);
    check_status(status, "pstrf");
    T9_CHECK(status == 0, "Lapack Error in pstrf : matrix is rank deficient or not positive semidefinite");
  });
  keep_triangle(*held.t, uplo);
  deliver(res, held.t);
  deliver(pivots, order);
}

// QR factors of a as LAPACK packs them: R, below it the reflectors, whose scales are tau.
struct Reflectors {
  TensorRef packed, tau;
  int m, n, k;
  // geqrt keeps to blocks where geqrf, below 128 columns, does not; and it leaves the blocks' triangular
  // factors (`block` x k), which save work later.
  int block;
  TensorRef factors;

  explicit Reflectors(const Tensor& a) {
    check_matrix(a, "A");
    m = int(a.size[0]), n = int(a.size[1]), k = std::min(m, n);
    packed = by_columns(a);
    tau = make_tensor(a.type, {k});
    block = k < 64 ? 0 : k < 300 ? 16 : 32;
    floating(a, [&](auto tag, auto& lapack) {
      using T = T9_ELEMENT(tag);
      T *p = packed->data<T>(), *scales = tau->data<T>();
      int status = 0;
      if (!block) {
        with_work<T>([&](T* work, int size) { lapack.geqrf(m, n, p, m, scales, work, size, status); });
        return;
      }
      factors = by_columns(a.type, block, k);
      Scratch<T> work(int64_t(block) * n);
      lapack.geqrt(m, n, block, p, m, factors->data<T>(), block, work, status);
      for (int j = 0; j < k; ++j) scales[j] = factors->data<T>()[j * block + j % block];
    });
  }

  TensorRef upper() const {
    TensorRef r = by_columns(packed->type, k, n), top = alias(*packed);
    top->set_geometry({k, n}, {1, m});
    copy(*r, *top);
    keep_triangle(*r, 'U');
    return r;
  }

  // The first k columns of Q. Overwrites `packed` where that has as many.
  TensorRef expand() const {
    TensorRef q = packed;
    if (k < n) {
      TensorRef left = alias(*packed);
      left->set_geometry({m, k}, {1, m});
      q = by_columns(*left);
    }
    floating(*q, [&](auto tag, auto& lapack) {
      using T = T9_ELEMENT(tag);
      T *p = q->data<T>(), *scales = tau->data<T>();
      int status = 0;
      if (!block) {
        with_work<T>([&](T* work, int size) { lapack.orgqr(m, k, k, p, m, scales, work, size, status); });
        return;
      }
      // From the last block of columns to the first: reflect those behind it, then expand it.
      Scratch<T> work(int64_t(block) * std::max(m, k));
      for (int j = (k - 1) / block * block; j >= 0; j -= block) {
        const int cols = std::min(block, k - j), behind = k - j - cols;
        T* corner = p + int64_t(j) * m + j;
        if (behind)
          lapack.larfb('L', 'N', 'F', 'C', m - j, behind, cols, corner, m, factors->data<T>() + int64_t(j) * block,
                       block, corner + int64_t(cols) * m, m, work, behind, 1, 1, 1, 1);
        lapack.org2r(m - j, cols, cols, corner, m, scales + j, work, status);
        for (int c = 0; c < cols; ++c) std::fill_n(corner - j + int64_t(c) * m, j, T(0));
      }
    });
    return q;
  }
};

void geqrf(Tensor& res, Tensor& rtau, Tensor& a) {
  Reflectors qr(a);
  deliver(res, qr.packed);
  deliver(rtau, qr.tau);
}

void qr(Tensor& rq, Tensor& rr, Tensor& a) {
  Reflectors qr(a);
  TensorRef r = qr.upper();
  deliver(rq, qr.expand());
  deliver(rr, r);
}

void gels(Tensor& rx, Tensor& rqr, Tensor& b, Tensor& a) {
  check_matrix(a, "A");
  const int m = int(a.size[0]), n = int(a.size[1]), rows = std::max(m, n);
  TensorRef given = right_hand_side(b, a), qr;
  const int cols = int(given->size[1]);
  // x starts as b in its upper rows and ends as the solution there.
  TensorRef x = by_columns(a.type, rows, cols);
  x->set_geometry({m, cols}, {1, rows});
  copy(*x, *given);
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    T* p = x->data<T>();
    int status = 0;
    if (m >= n && n >= 64) {
      Reflectors f(a);
      qr = f.packed;
      Scratch<T> work(int64_t(f.block) * cols);
      lapack.gemqrt('L', 'T', m, cols, n, f.block, qr->data<T>(), m, f.factors->data<T>(), f.block, p, m, work, status,
                    1, 1);
      lapack.trtrs('U', 'N', 'N', n, cols, qr->data<T>(), m, p, m, status, 1, 1, 1);
    } else {
      qr = by_columns(a);
      with_work<T>(
          [&](T* work, int size) { lapack.gels('N', m, n, cols, qr->data<T>(), m, p, rows, work, size, status, 1); });
    }
    check_status(status, "gels");
    T9_CHECK(status == 0, "Lapack Error in gels : A has no full rank, its factor is zero at (%d,%d)", status, status);
  });
  x->set_geometry({n, cols}, {1, rows});
  deliver(rx, x);
  deliver(rqr, qr);
}

TensorRef check_tau(Tensor& tau, const Tensor& a) {
  T9_CHECK(tau.nDimension == 1 && tau.size[0] <= std::min(a.size[0], a.size[1]),
           "tau should be a vector of at most %lld elements", (long long)std::min(a.size[0], a.size[1]));
  return contiguous(tau);
}

void orgqr(Tensor& res, Tensor& a, Tensor& tau) {
  check_matrix(a, "A");
  TensorRef scales = check_tau(tau, a), q = by_columns(a);
  const int64_t m = a.size[0], n = std::min(m, a.size[1]);  // no more columns than rows
  q->set_geometry({m, n}, {1, m});
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    int status = 0;
    with_work<T>([&](T* work, int size) {
      lapack.orgqr(int(m), int(n), int(scales->size[0]), q->data<T>(), int(m), scales->data<T>(), work, size, status);
    });
    check_status(status, "orgqr");
  });
  deliver(res, q);
}

void ormqr(Tensor& res, Tensor& a, Tensor& tau, Tensor& c, char side, char trans) {
  check_matrix(a, "A");
  TensorRef scales = check_tau(tau, a), held = by_columns(a);
  TensorRef out = by_columns(*right_hand_side(c, side == 'L' ? a : c));
  const int m = int(out->size[0]), n = int(out->size[1]), k = int(scales->size[0]);
  T9_CHECK(a.size[0] == (side == 'L' ? m : n), "A,C size incompatible - A has %lld rows, C is %dx%d",
           (long long)a.size[0], m, n);
  floating(a, [&](auto tag, auto& lapack) {
    using T = T9_ELEMENT(tag);
    int status = 0;
    with_work<T>([&](T* work, int size) {
      lapack.ormqr(side, trans, m, n, k, held->data<T>(), int(a.size[0]), scales->data<T>(), out->data<T>(), m, work,
                   size, status, 1, 1);
    });
    check_status(status, "ormqr");
  });
  deliver(res, out);
}

}  // namespace

OpList lapack_ops() {
  constexpr Form kForm = Form::FunctionOnly;
  return {
      op<kForm>("gesv", kFloating, sig<gesv, "[*T*] [*T*] T T">{}),
      op<kForm>("gels", kFloating, sig<gels, "[*T*] [*T*] T T">{}),
      op<kForm>("trtrs", kFloating, sig<trtrs, "[*T*] [*T*] T T [(U|L)] [(N|T)] [(N|U)]">{}),
      op<kForm>("symeig", kFloating, sig<symeig, "[*T*] [*T*] T [(N|V)] [(U|L)]">{}),
      op<kForm>("eig", kFloating, sig<eig, "[*T*] [*T*] T [(N|V)]">{}),
      op<kForm>("svd", kFloating, sig<svd, "[*T*] [*T*] [*T*] T [(A|S)=S]">{}),
      op<kForm>("inverse", kFloating, sig<inverse, "[*T*] T">{}),
      op<kForm>("potrf", kFloating, sig<potrf, "[*T*] T [(U|L)]">{}),
      op<kForm>("potrs", kFloating, sig<potrs, "[*T*] T T [(U|L)]">{}),
      op<kForm>("potri", kFloating, sig<potri, "[*T*] T [(U|L)]">{}),
      op<kForm>("pstrf", kFloating, sig<pstrf, "[*T*] [*IntTensor*] T [(U|L)] [real=-1]">{}),
      op<kForm>("qr", kFloating, sig<qr, "[*T*] [*T*] T">{}),
      op<kForm>("geqrf", kFloating, sig<geqrf, "[*T*] [*T*] T">{}),
      op<kForm>("orgqr", kFloating, sig<orgqr, "[*T*] T T">{}),
      op<kForm>("ormqr", kFloating, sig<ormqr, "[*T*] T T T [(L|R)] [(N|T)]">{}),
  };
}

}  // namespace t9
