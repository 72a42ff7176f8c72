// Matrix products of raw memory, for kernels. Float and double; matrices are row-major, `ld` is the
// distance of rows as they lie in memory. Beta 0 overwrites: the old content is not read.
// Safe to call inside a parallel region, where they stay on the calling thread.
#pragma once

#include <cstdint>

#include "torch9/types.h"

namespace t9 {

// C (m x n) = alpha * op(A) (m x k) * op(B) (k x n) + beta * C. With trans_a, A lies as k x m.
template <class T>
void gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t lda, const T* b,
          int64_t ldb, T beta, T* c, int64_t ldc);

void gemm(Type type, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, double alpha, const void* a,
          int64_t lda, const void* b, int64_t ldb, double beta, void* c, int64_t ldc);

// `count` products of the same form; matrices follow each other at the given distances (0: one for all).
template <class T>
void gemm_batch(int64_t count, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha, const T* a,
                int64_t lda, int64_t next_a, const T* b, int64_t ldb, int64_t next_b, T beta, T* c, int64_t ldc,
                int64_t next_c);

// y = alpha * op(A) * x + beta * y. A lies as m x n; y has m elements, or n when transposed.
template <class T>
void gemv(bool trans, int64_t m, int64_t n, T alpha, const T* a, int64_t lda, const T* x, int64_t incx, T beta, T* y,
          int64_t incy);

// A (m x n) = beta * A + alpha * x * y'.
template <class T>
void ger(int64_t m, int64_t n, T alpha, const T* x, int64_t incx, const T* y, int64_t incy, T* a, int64_t lda,
         T beta = T(1));

template <class T>
double dot(int64_t n, const T* x, int64_t incx, const T* y, int64_t incy);

// y += alpha * x
template <class T>
void axpy(int64_t n, T alpha, const T* x, int64_t incx, T* y, int64_t incy);

}  // namespace t9
