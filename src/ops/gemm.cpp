#include "ops/gemm.h"

#include <algorithm>
#include <climits>

#include "base/threads.h"
#include "ops/blas_library.h"
#include "torch9/error.h"

namespace t9 {

namespace {

template <class... I>
void check_range(I... values) {
  T9_CHECK(((values <= INT_MAX) && ...), "matrices of more than 2^31-1 rows or columns are not supported");
}

// beta * C, for products without terms.
template <class T>
void scale(int64_t m, int64_t n, T beta, T* c, int64_t ldc) {
  if (beta == T(1)) return;
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) c[i * ldc + j] = beta == T(0) ? T(0) : beta * c[i * ldc + j];
}

}  // namespace

template <class T>
void gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t lda, const T* b,
          int64_t ldb, T beta, T* c, int64_t ldc) {
  if (m <= 0 || n <= 0) return;
  if (k <= 0 || alpha == T(0)) return scale(m, n, beta, c, ldc);
  check_range(m, n, k, lda, ldb, ldc);
  // Row-major C = A B is column-major C' = B' A'.
  lda = std::max(lda, trans_a ? m : k);  // of a single row it may be anything
  ldb = std::max(ldb, trans_b ? k : n);
  ldc = std::max(ldc, n);
  blas<T>().gemm(trans_b ? 'T' : 'N', trans_a ? 'T' : 'N', int(n), int(m), int(k), alpha, b, int(ldb), a, int(lda),
                 beta, c, int(ldc), 1, 1);
}

void gemm(Type type, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, double alpha, const void* a,
          int64_t lda, const void* b, int64_t ldb, double beta, void* c, int64_t ldc) {
  dispatch<kFloating>(type, [&](auto t) {
    using T = typename decltype(t)::type;
    gemm<T>(trans_a, trans_b, m, n, k, T(alpha), static_cast<const T*>(a), lda, static_cast<const T*>(b), ldb, T(beta),
            static_cast<T*>(c), ldc);
  });
}

template <class T>
void gemm_batch(int64_t count, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha, const T* a,
                int64_t lda, int64_t next_a, const T* b, int64_t ldb, int64_t next_b, T beta, T* c, int64_t ldc,
                int64_t next_c) {
  for (int64_t p = 0; p < count; ++p)
    gemm(trans_a, trans_b, m, n, k, alpha, a + p * next_a, lda, b + p * next_b, ldb, beta, c + p * next_c, ldc);
}

template <class T>
void gemv(bool trans, int64_t m, int64_t n, T alpha, const T* a, int64_t lda, const T* x, int64_t incx, T beta, T* y,
          int64_t incy) {
  const int64_t out = trans ? n : m, in = trans ? m : n;
  if (out <= 0) return;
  if (beta == T(0)) scale(out, 1, T(0), y, incy);  // some versions keep NaN
  if (in <= 0) return scale(out, 1, beta, y, incy);
  check_range(m, n, lda, incx, incy);
  // BLAS reads a vector of negative step from its other end.
  const T* first_x = incx < 0 ? x + (in - 1) * incx : x;
  T* first_y = incy < 0 ? y + (out - 1) * incy : y;
  blas<T>().gemv(trans ? 'N' : 'T', int(n), int(m), alpha, a, int(std::max(lda, n)), first_x, int(incx),
                 beta == T(0) ? T(1) : beta, first_y, int(incy), 1);
}

template <class T>
void ger(int64_t m, int64_t n, T alpha, const T* x, int64_t incx, const T* y, int64_t incy, T* a, int64_t lda,
         T beta) {
  for (int64_t i = 0; i < m; ++i) {
    const T scale = alpha * x[i * incx];
    T* row = a + i * lda;
    for (int64_t j = 0; j < n; ++j) row[j] = (beta == T(0) ? T(0) : beta * row[j]) + scale * y[j * incy];
  }
}

template <class T>
double dot(int64_t n, const T* x, int64_t incx, const T* y, int64_t incy) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += double(x[i * incx]) * double(y[i * incy]);
  return sum;
}

template <class T>
void axpy(int64_t n, T alpha, const T* x, int64_t incx, T* y, int64_t incy) {
  for (int64_t i = 0; i < n; ++i) y[i * incy] += alpha * x[i * incx];
}

#define T9_INSTANTIATE(T)                                                                                              \
  template void gemm<T>(bool, bool, int64_t, int64_t, int64_t, T, const T*, int64_t, const T*, int64_t, T, T*, int64_t); \
  template void gemm_batch<T>(int64_t, bool, bool, int64_t, int64_t, int64_t, T, const T*, int64_t, int64_t, const T*,  \
                              int64_t, int64_t, T, T*, int64_t, int64_t);                                              \
  template void gemv<T>(bool, int64_t, int64_t, T, const T*, int64_t, const T*, int64_t, T, T*, int64_t);              \
  template void ger<T>(int64_t, int64_t, T, const T*, int64_t, const T*, int64_t, T*, int64_t, T);                     \
  template double dot<T>(int64_t, const T*, int64_t, const T*, int64_t);                                               \
  template void axpy<T>(int64_t, T, const T*, int64_t, T*, int64_t);
T9_INSTANTIATE(float)
T9_INSTANTIATE(double)

}  // namespace t9
