// Vector kernels behind gemm.h, compiled for several instruction sets. One thread; `row`, `col`: strides.
#pragma once

#include <cstdint>

namespace t9::simd {

// C = alpha * A * op(B) + beta * C, A with any strides. With trans_b, B lies as n x k.
template <class T>
void gemm(int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t row, int64_t col, bool trans_b, const T* b,
          int64_t ldb, T beta, T* c, int64_t ldc);

// y[i] = alpha * (row i of A) * x + beta * y[i]
template <class T>
void gemv_rows(int64_t m, int64_t n, T alpha, const T* a, int64_t lda, const T* x, T beta, T* y, int64_t incy);

// y (n) = alpha * A' * x + beta * y
template <class T>
void gemv_columns(int64_t m, int64_t n, T alpha, const T* a, int64_t lda, const T* x, int64_t incx, T beta, T* y);

// A (m x n) = beta * A + alpha * x * y'
template <class T>
void outer(int64_t m, int64_t n, T alpha, const T* x, int64_t incx, const T* y, T beta, T* a, int64_t lda);

// y = beta * y + alpha * x
template <class T>
void scaled_sum(int64_t n, T beta, T* y, T alpha, const T* x);

template <class T>
double dot(int64_t n, const T* x, const T* y);

}  // namespace t9::simd
