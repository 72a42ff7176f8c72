// Matrices in memory with any strides, and their products.
#pragma once

#include <memory>
#include <type_traits>

#include "base/scratch.h"
#include "ops/gemm.h"
#include "torch9/tensor.h"

namespace t9 {

template <class T>
struct Matrix {
  T* data;
  int64_t rows, cols;
  int64_t row, col;  // distance of rows, of columns

  Matrix t() const { return {data, cols, rows, col, row}; }
  T& operator()(int64_t i, int64_t j) const { return data[i * row + j * col]; }
  operator Matrix<const T>() const requires(!std::is_const_v<T>) { return {data, rows, cols, row, col}; }

  // Whether rows lie contiguous, one behind the other, as BLAS wants them.
  bool by_rows() const { return (col == 1 || cols == 1) && (row >= cols || rows == 1); }
  int64_t ld() const { return rows == 1 && row < cols ? cols : row; }
};

template <class T>
Matrix<T> matrix(const Tensor& t) {
  return {t.data<std::remove_const_t<T>>(), t.size[0], t.size[1], t.stride[0], t.stride[1]};
}
// The p-th matrix of a batch.
template <class T>
Matrix<T> matrix(const Tensor& t, int64_t p) {
  return {t.data<std::remove_const_t<T>>() + p * t.stride[0], t.size[1], t.size[2], t.stride[1], t.stride[2]};
}
template <class T>
Matrix<T> column(const Tensor& v) {
  return {v.data<std::remove_const_t<T>>(), v.size[0], 1, v.stride[0], 1};
}

template <class T>
void copy_matrix(Matrix<T> to, Matrix<const T> from) {
  if (from.row < from.col) to = to.t(), from = from.t();
  for (int64_t i = 0; i < to.rows; ++i)
    for (int64_t j = 0; j < to.cols; ++j) to(i, j) = from(i, j);
}

// A matrix that BLAS can read by rows, perhaps of the transposed: the given one where possible, else a copy.
template <class T>
struct Operand {
  bool transposed;
  int64_t ld;
  const T* data;
  std::unique_ptr<Scratch<T>> copy;

  explicit Operand(Matrix<const T> m) : transposed(false), data(m.data) {
    if (m.by_rows()) {
      ld = m.ld();
    } else if (m.t().by_rows()) {
      ld = m.t().ld();
      transposed = true;
    } else {
      copy = std::make_unique<Scratch<T>>(m.rows * m.cols);
      data = *copy;
      ld = m.cols;
      copy_matrix<T>({*copy, m.rows, m.cols, m.cols, 1}, m);
    }
  }
};

// Unsigned arithmetic for integers T: it wraps, and narrow types do not meet the overflow of int.
template <class T>
using Wrapping = std::conditional_t<sizeof(T) <= 4, uint32_t, uint64_t>;

// C = alpha * A * B + beta * C. C overlaps neither operand.
template <class T>
void multiply(T alpha, Matrix<const T> a, Matrix<const T> b, T beta, Matrix<T> c) {
  if constexpr (std::is_floating_point_v<T>) {
    if (!c.by_rows()) {
      if (c.t().by_rows()) return multiply(alpha, b.t(), a.t(), beta, c.t());
      Scratch<T> held(c.rows * c.cols);
      Matrix<T> out{held, c.rows, c.cols, c.cols, 1};
      if (beta != T(0)) copy_matrix<T>(out, c);
      multiply(alpha, a, b, beta, out);
      return copy_matrix<T>(c, out);
    }
    Operand<T> left(a), right(b);
    gemm<T>(left.transposed, right.transposed, c.rows, c.cols, a.cols, alpha, left.data, left.ld, right.data, right.ld,
            beta, c.data, c.ld());
  } else {
    using U = Wrapping<T>;
    Scratch<U> sum(c.cols);
    for (int64_t i = 0; i < c.rows; ++i) {
      for (int64_t j = 0; j < c.cols; ++j) sum[j] = 0;
      for (int64_t p = 0; p < a.cols; ++p) {
        const U x = U(a(i, p));
        const T* y = b.data + p * b.row;
        if (b.col == 1)
          for (int64_t j = 0; j < c.cols; ++j) sum[j] += x * U(y[j]);
        else
          for (int64_t j = 0; j < c.cols; ++j) sum[j] += x * U(y[j * b.col]);
      }
      for (int64_t j = 0; j < c.cols; ++j) {
        U old = beta == T(0) ? U(0) : U(beta) * U(c(i, j));
        c(i, j) = T(old + U(alpha) * sum[j]);
      }
    }
  }
}

}  // namespace t9
