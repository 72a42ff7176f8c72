#include "ops/gemm.h"

#include <algorithm>
#include <climits>
#include <memory>

#include "base/scratch.h"
#include "base/threads.h"
#include "ops/blas_library.h"
#include "ops/gemm_simd.h"
#include "torch9/error.h"

namespace t9 {

namespace {

constexpr int64_t kGrain = 32768;          // elements that pay for a second thread
constexpr int64_t kParallelWork = 262144;  // products that do

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

// Largest m * n * k that the own kernels take, by measurement.
template <class T>
constexpr int64_t kSmall = std::is_same_v<T, float> ? 64 * 64 * 64 : 160 * 160 * 160;

// Rows a multiple of 2 KiB apart, gathered across, fall into a few sets of the caches: oneDNN's copies are then up to
// three times slower than OpenBLAS's.
bool copies_conflict(bool trans_a, bool trans_b, int64_t k, int64_t lda, int64_t ldb) {
  constexpr int64_t kPeriod = 512, kDeep = 256;  // floats
  return k >= kDeep && ((trans_a && lda % kPeriod == 0) || (!trans_b && ldb % kPeriod == 0));
}

template <class T>
void gemm_large(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t lda,
                const T* b, int64_t ldb, T beta, T* c, int64_t ldc) {
  if constexpr (std::is_same_v<T, float>)
    if (DnnlSgemm sgemm = dnnl_sgemm(); sgemm && !copies_conflict(trans_a, trans_b, k, lda, ldb)) {
      sgemm(trans_a ? 'T' : 'N', trans_b ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
      return;
    }
  check_range(m, n, k, lda, ldb, ldc);
  // Row-major C = A B is column-major C' = B' A'.
  blas<T>().gemm(trans_b ? 'T' : 'N', trans_a ? 'T' : 'N', int(n), int(m), int(k), alpha, b, int(ldb), a, int(lda),
                 beta, c, int(ldc), 1, 1);
}

}  // namespace

template <class T>
void gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t lda, const T* b,
          int64_t ldb, T beta, T* c, int64_t ldc) {
  if (m <= 0 || n <= 0) return;
  if (k <= 0 || alpha == T(0)) return scale(m, n, beta, c, ldc);
  lda = std::max(lda, trans_a ? m : k);  // of a single row it may be anything
  ldb = std::max(ldb, trans_b ? k : n);
  ldc = std::max(ldc, n);
  if (n == 1) return gemv(trans_a, trans_a ? k : m, trans_a ? m : k, alpha, a, lda, b, trans_b ? 1 : ldb, beta, c, ldc);
  if (m == 1) return gemv(!trans_b, trans_b ? n : k, trans_b ? k : n, alpha, b, ldb, a, trans_a ? lda : 1, beta, c, 1);
  if (m * n * k <= kSmall<T>) {
    const int64_t row = trans_a ? 1 : lda, col = trans_a ? lda : 1;
    return parallel_for(m, 4 * kParallelWork / (n * k) + 1, [=](int64_t begin, int64_t end) {
      simd::gemm(end - begin, n, k, alpha, a + begin * row, row, col, trans_b, b, ldb, beta, c + begin * ldc, ldc);
    });
  }
  gemm_large(trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
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
  auto some = [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p)
      gemm(trans_a, trans_b, m, n, k, alpha, a + p * next_a, lda, b + p * next_b, ldb, beta, c + p * next_c, ldc);
  };
  // Threads share the products, or each product when those are few and large.
  const int64_t work = m * n * k;
  if (count < num_threads() && work > kSmall<T>) some(0, count);
  else parallel_for(count, kParallelWork / (work + 1) + 1, some);
}

template <class T>
void gemv(bool trans, int64_t m, int64_t n, T alpha, const T* a, int64_t lda, const T* x, int64_t incx, T beta, T* y,
          int64_t incy) {
  const int64_t out = trans ? n : m, in = trans ? m : n;
  if (out <= 0) return;
  if (in <= 0) return scale(out, 1, beta, y, incy);
  std::unique_ptr<Scratch<T>> held;
  if (!trans) {
    if (incx != 1) {
      held = std::make_unique<Scratch<T>>(n);
      for (int64_t j = 0; j < n; ++j) (*held)[j] = x[j * incx];
      x = *held;
    }
    parallel_for(m, kGrain / n + 1, [=](int64_t begin, int64_t end) {
      simd::gemv_rows(end - begin, n, alpha, a + begin * lda, lda, x, beta, y + begin * incy, incy);
    });
    return;
  }
  T* sums = y;
  if (incy != 1) {
    held = std::make_unique<Scratch<T>>(n);
    sums = *held;
    if (beta != T(0))
      for (int64_t j = 0; j < n; ++j) sums[j] = y[j * incy];
  }
  parallel_for(n, std::max<int64_t>(kGrain / m, 64), [=](int64_t begin, int64_t end) {
    simd::gemv_columns(m, end - begin, alpha, a + begin, lda, x, incx, beta, sums + begin);
  });
  if (incy != 1)
    for (int64_t j = 0; j < n; ++j) y[j * incy] = sums[j];
}

template <class T>
void ger(int64_t m, int64_t n, T alpha, const T* x, int64_t incx, const T* y, int64_t incy, T* a, int64_t lda, T beta) {
  if (m <= 0 || n <= 0) return;
  std::unique_ptr<Scratch<T>> held;
  if (incy != 1) {
    held = std::make_unique<Scratch<T>>(n);
    for (int64_t j = 0; j < n; ++j) (*held)[j] = y[j * incy];
    y = *held;
  }
  parallel_for(m, kGrain / n + 1, [=](int64_t begin, int64_t end) {
    simd::outer(end - begin, n, alpha, x + begin * incx, incx, y, beta, a + begin * lda, lda);
  });
}

template <class T>
double dot(int64_t n, const T* x, int64_t incx, const T* y, int64_t incy) {
  if (incx == 1 && incy == 1) return simd::dot(n, x, y);
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += double(x[i * incx]) * double(y[i * incy]);
  return sum;
}

template <class T>
void axpy(int64_t n, T alpha, const T* x, int64_t incx, T* y, int64_t incy) {
  if (incx == 1 && incy == 1) return simd::scaled_sum(n, T(1), y, alpha, x);
  for (int64_t i = 0; i < n; ++i) y[i * incy] += alpha * x[i * incx];
}

#define T9_INSTANTIATE(T)                                                                                              \
  template void gemm<T>(bool, bool, int64_t, int64_t, int64_t, T, const T*, int64_t, const T*, int64_t, T, T*,         \
                        int64_t);                                                                                      \
  template void gemm_batch<T>(int64_t, bool, bool, int64_t, int64_t, int64_t, T, const T*, int64_t, int64_t, const T*, \
                              int64_t, int64_t, T, T*, int64_t, int64_t);                                              \
  template void gemv<T>(bool, int64_t, int64_t, T, const T*, int64_t, const T*, int64_t, T, T*, int64_t);              \
  template void ger<T>(int64_t, int64_t, T, const T*, int64_t, const T*, int64_t, T*, int64_t, T);                     \
  template double dot<T>(int64_t, const T*, int64_t, const T*, int64_t);                                               \
  template void axpy<T>(int64_t, T, const T*, int64_t, T*, int64_t);
T9_INSTANTIATE(float)
T9_INSTANTIATE(double)

}  // namespace t9
