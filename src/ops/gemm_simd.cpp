#include "ops/gemm_simd.h"

// It does not understand the macros in front of loops and bodies.
// clang-format off

#include <algorithm>

#include "base/scratch.h"

// Vectors of a size that the compiler does not know (SVE) cannot stand in arrays; AVX3_DL would add nothing.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/gemm_simd.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace t9::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Arrays of vectors stay in registers only when the loops over them are unrolled.
#undef T9_UNROLL
#if defined(__clang__) && defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define T9_UNROLL  // it takes clang 14 a quarter of an hour
#endif
#endif
#ifndef T9_UNROLL
#define T9_UNROLL HWY_UNROLL(16)
#endif

// Wide registers come in twos: 32 of them hold 24 sums, 16 hold 12.
constexpr bool kManyRegisters = HWY_TARGET <= HWY_AVX3 || HWY_TARGET == HWY_NEON;
constexpr int kWide = kManyRegisters ? 4 : 2;  // vectors across a tile

// Rows of a tile that is `vectors` wide.
constexpr int tile_rows(int vectors) {
  if (kManyRegisters) return vectors >= 4 ? 6 : vectors == 2 ? 12 : 14;
  return vectors == 2 ? 6 : 10;
}

// One tile of C: kRows x kVectors vectors of sums stay in registers over the whole of k. kPart: the last
// vector has only `last` lanes in use.
template <int kRows, int kVectors, bool kPart, class T>
HWY_INLINE void tile(int64_t k, T alpha, const T* HWY_RESTRICT a, int64_t row, int64_t col, const T* HWY_RESTRICT b,
                     int64_t ldb, T beta, T* HWY_RESTRICT c, int64_t ldc, int64_t last) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const auto used = hn::FirstN(d, size_t(last));
  auto load = [&](const T* p, int v) HWY_ATTR {
    if constexpr (kPart)
      if (v == kVectors - 1) return hn::MaskedLoad(used, d, p + v * lanes);
    return hn::LoadU(d, p + v * lanes);
  };
  V sum[kRows][kVectors];
  T9_UNROLL for (int i = 0; i < kRows; ++i)
    T9_UNROLL for (int v = 0; v < kVectors; ++v) sum[i][v] = hn::Zero(d);
  for (int64_t p = 0; p < k; ++p) {
    V y[kVectors];
    T9_UNROLL for (int v = 0; v < kVectors; ++v) y[v] = load(b, v);
    const T* x = a;
    T9_UNROLL for (int i = 0; i < kRows; ++i, x += row) {
      const V xi = hn::Set(d, *x);
      T9_UNROLL for (int v = 0; v < kVectors; ++v) sum[i][v] = hn::MulAdd(xi, y[v], sum[i][v]);
    }
    a += col;
    b += ldb;
  }
  const V scale = hn::Set(d, alpha), keep = hn::Set(d, beta);
  T9_UNROLL for (int i = 0; i < kRows; ++i, c += ldc)
    T9_UNROLL for (int v = 0; v < kVectors; ++v) {
      V out = hn::Mul(scale, sum[i][v]);
      if (beta != T(0)) out = hn::MulAdd(keep, load(c, v), out);
      if (kPart && v == kVectors - 1) hn::BlendedStore(out, used, d, c + v * lanes);
      else hn::StoreU(out, d, c + v * lanes);
    }
}

// Calls the tile of `rows` rows, at most kRows.
template <int kRows, int kVectors, bool kPart, class T>
HWY_INLINE void strip(int rows, int64_t k, T alpha, const T* a, int64_t row, int64_t col, const T* b, int64_t ldb,
                      T beta, T* c, int64_t ldc, int64_t last) {
  if (rows == kRows) return tile<kRows, kVectors, kPart>(k, alpha, a, row, col, b, ldb, beta, c, ldc, last);
  if constexpr (kRows > 1)
    strip<kRows - 1, kVectors, kPart>(rows, k, alpha, a, row, col, b, ldb, beta, c, ldc, last);
}

template <int kVectors, bool kPart, class T>
HWY_NOINLINE void panel(int64_t m, int64_t k, T alpha, const T* a, int64_t row, int64_t col, const T* b, int64_t ldb,
                        T beta, T* c, int64_t ldc, int64_t last) {
  constexpr int kRows = tile_rows(kVectors);
  // Strips of even height: 16 rows are 8 + 8, not 14 + 2.
  int64_t strips = (m + kRows - 1) / kRows;
  for (int64_t s = 0, i = 0; s < strips; ++s) {
    const int rows = int((m - i + strips - s - 1) / (strips - s));
    strip<kRows, kVectors, kPart>(rows, k, alpha, a + i * row, row, col, b, ldb, beta, c + i * ldc, ldc, last);
    i += rows;
  }
}

template <class T>
void gemm_plain(int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t row, int64_t col, const T* b, int64_t ldb,
              T beta, T* c, int64_t ldc) {
  const int64_t lanes = int64_t(hn::Lanes(hn::ScalableTag<T>()));
  int64_t j = 0;
  for (; j + kWide * lanes <= n; j += kWide * lanes)
    panel<kWide, false>(m, k, alpha, a, row, col, b + j, ldb, beta, c + j, ldc, lanes);
  int64_t rest = n - j;
  if (rest == 0) return;
#if HWY_TARGET <= HWY_AVX2
  const int64_t last = (rest - 1) % lanes + 1;
  if constexpr (kWide == 4) {
    if (rest > 3 * lanes) return panel<4, true>(m, k, alpha, a, row, col, b + j, ldb, beta, c + j, ldc, last);
    if (rest > 2 * lanes) {
      panel<2, false>(m, k, alpha, a, row, col, b + j, ldb, beta, c + j, ldc, lanes);
      j += 2 * lanes, rest -= 2 * lanes;
    }
  }
  if (rest > lanes) panel<2, true>(m, k, alpha, a, row, col, b + j, ldb, beta, c + j, ldc, last);
  else panel<1, true>(m, k, alpha, a, row, col, b + j, ldb, beta, c + j, ldc, last);
#else
  // Without masked loads, which must not touch what lies behind a row, the rest goes by single elements.
  for (; rest >= lanes; rest -= lanes, j += lanes)
    panel<1, false>(m, k, alpha, a, row, col, b + j, ldb, beta, c + j, ldc, lanes);
  for (; j < n; ++j)
    for (int64_t i = 0; i < m; ++i) {
      T sum = 0;
      for (int64_t p = 0; p < k; ++p) sum += a[i * row + p * col] * b[p * ldb + j];
      T& out = c[i * ldc + j];
      out = beta == T(0) ? alpha * sum : beta * out + alpha * sum;
    }
#endif
}

template <class T>
HWY_INLINE void transpose_block(int64_t rows, int64_t cols, const T* from, int64_t ld, T* to, int64_t ld_to) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < cols; ++j) to[j * ld_to + i] = from[i * ld + j];
}
#if HWY_TARGET == HWY_SCALAR
template <class T>
void transpose_square(const T* from, int64_t, T* to, int64_t) { *to = *from; }
#else
#if HWY_TARGET <= HWY_AVX2
// 8x8 floats or 4x4 doubles: rows r and r + half of a side share a register of 256 bits.
HWY_INLINE void transpose_square(const float* f, int64_t ld, float* t, int64_t ld_to) {
  const hn::Full256<float> d;
  const hn::Full256<double> pair;
  const hn::Full128<float> half;
  T9_UNROLL for (int side = 0; side < 2; ++side, f += 4, t += 4 * ld_to) {
    auto two = [&](int r) HWY_ATTR {
      return hn::Combine(d, hn::LoadU(half, f + (r + 4) * ld), hn::LoadU(half, f + r * ld));
    };
    const auto a = two(0), b = two(1), c = two(2), e = two(3);
    const auto ab0 = hn::BitCast(pair, hn::InterleaveLower(d, a, b));
    const auto ab1 = hn::BitCast(pair, hn::InterleaveUpper(d, a, b));
    const auto ce0 = hn::BitCast(pair, hn::InterleaveLower(d, c, e));
    const auto ce1 = hn::BitCast(pair, hn::InterleaveUpper(d, c, e));
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pair, ab0, ce0)), d, t);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pair, ab0, ce0)), d, t + ld_to);
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pair, ab1, ce1)), d, t + 2 * ld_to);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pair, ab1, ce1)), d, t + 3 * ld_to);
  }
}
HWY_INLINE void transpose_square(const double* f, int64_t ld, double* t, int64_t ld_to) {
  const hn::Full256<double> d;
  const hn::Full128<double> half;
  T9_UNROLL for (int side = 0; side < 2; ++side, f += 2, t += 2 * ld_to) {
    auto two = [&](int r) HWY_ATTR {
      return hn::Combine(d, hn::LoadU(half, f + (r + 2) * ld), hn::LoadU(half, f + r * ld));
    };
    const auto a = two(0), b = two(1);
    hn::StoreU(hn::InterleaveLower(d, a, b), d, t);
    hn::StoreU(hn::InterleaveUpper(d, a, b), d, t + ld_to);
  }
}
#else
// 4x4 floats or 2x2 doubles through 128-bit registers.
HWY_INLINE void transpose_square(const float* f, int64_t ld, float* t, int64_t ld_to) {
  const hn::Full128<float> d;
  const hn::Full128<double> pair;
  const auto a = hn::LoadU(d, f), b = hn::LoadU(d, f + ld);
  const auto c = hn::LoadU(d, f + 2 * ld), e = hn::LoadU(d, f + 3 * ld);
  const auto ab0 = hn::BitCast(pair, hn::InterleaveLower(d, a, b));
  const auto ab1 = hn::BitCast(pair, hn::InterleaveUpper(d, a, b));
  const auto ce0 = hn::BitCast(pair, hn::InterleaveLower(d, c, e));
  const auto ce1 = hn::BitCast(pair, hn::InterleaveUpper(d, c, e));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pair, ab0, ce0)), d, t);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pair, ab0, ce0)), d, t + ld_to);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pair, ab1, ce1)), d, t + 2 * ld_to);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pair, ab1, ce1)), d, t + 3 * ld_to);
}
HWY_INLINE void transpose_square(const double* f, int64_t ld, double* t, int64_t ld_to) {
  const hn::Full128<double> d;
  const auto a = hn::LoadU(d, f), b = hn::LoadU(d, f + ld);
  hn::StoreU(hn::InterleaveLower(d, a, b), d, t);
  hn::StoreU(hn::InterleaveUpper(d, a, b), d, t + ld_to);
}
#endif
#endif

template <class T>
void transpose_any(int64_t rows, int64_t cols, const T* from, int64_t ld, T* to, int64_t ld_to) {
  constexpr int64_t kBlock = HWY_TARGET == HWY_SCALAR ? 1 : (HWY_TARGET <= HWY_AVX2 ? 32 : 16) / sizeof(T);
  const int64_t whole_rows = rows / kBlock * kBlock, whole_cols = cols / kBlock * kBlock;
  for (int64_t i = 0; i < whole_rows; i += kBlock)
    for (int64_t j = 0; j < whole_cols; j += kBlock) transpose_square(from + i * ld + j, ld, to + j * ld_to + i, ld_to);
  transpose_block(whole_rows, cols - whole_cols, from + whole_cols, ld, to + whole_cols * ld_to, ld_to);
  transpose_block(rows - whole_rows, cols, from + whole_rows * ld, ld, to + whole_rows, ld_to);
}
// Blocks that stay in the second-level cache (A) and the first (a panel of B, packed).
constexpr int64_t kBlockRows = 240, kBlockDepth = 256;

// Larger products: B is copied panel by panel, so that its rows lie close together.
template <class T>
void gemm_packed(int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t row, int64_t col, bool trans_b,
                 const T* b, int64_t ldb, T beta, T* c, int64_t ldc) {
  const int64_t width = kWide * int64_t(hn::Lanes(hn::ScalableTag<T>()));
  const Scratch<T> packed(kBlockDepth * width);
  for (int64_t i = 0; i < m; i += kBlockRows)
    for (int64_t p = 0; p < k; p += kBlockDepth) {
      const int64_t rows = std::min(kBlockRows, m - i), depth = std::min(kBlockDepth, k - p);
      for (int64_t j = 0; j < n; j += width) {
        const int64_t cols = std::min(width, n - j);
        if (trans_b) transpose_any(cols, depth, b + j * ldb + p, ldb, static_cast<T*>(packed), width);
        else
          for (int64_t r = 0; r < depth; ++r) std::copy_n(b + (p + r) * ldb + j, cols, packed + r * width);
        gemm_plain<T>(rows, cols, depth, alpha, a + i * row + p * col, row, col, packed, width, p ? T(1) : beta,
                   c + i * ldc + j, ldc);
      }
    }
}

template <class T>
void gemm_any(int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t row, int64_t col, bool trans_b, const T* b,
              int64_t ldb, T beta, T* c, int64_t ldc) {
  constexpr int64_t kNear = 64 * 64;
  if (m * n * k > 64 * kNear || (trans_b && n * k > kNear))
    return gemm_packed(m, n, k, alpha, a, row, col, trans_b, b, ldb, beta, c, ldc);
  if (!trans_b) return gemm_plain(m, n, k, alpha, a, row, col, b, ldb, beta, c, ldc);
  HWY_ALIGN T turned[kNear];
  transpose_any(n, k, b, ldb, turned, n);
  gemm_plain<T>(m, n, k, alpha, a, row, col, turned, n, beta, c, ldc);
}

void gemm_float(int64_t m, int64_t n, int64_t k, float alpha, const float* a, int64_t row, int64_t col, bool trans_b,
                const float* b, int64_t ldb, float beta, float* c, int64_t ldc) {
  gemm_any(m, n, k, alpha, a, row, col, trans_b, b, ldb, beta, c, ldc);
}
void gemm_double(int64_t m, int64_t n, int64_t k, double alpha, const double* a, int64_t row, int64_t col,
                 bool trans_b, const double* b, int64_t ldb, double beta, double* c, int64_t ldc) {
  gemm_any(m, n, k, alpha, a, row, col, trans_b, b, ldb, beta, c, ldc);
}

template <int kRows, class T>
HWY_INLINE void row_products(int64_t n, T alpha, const T* HWY_RESTRICT a, int64_t lda, const T* HWY_RESTRICT x, T beta,
                             T* y, int64_t incy) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = int64_t(hn::Lanes(d));
  V sum[kRows][2];
  T9_UNROLL for (int i = 0; i < kRows; ++i) sum[i][0] = sum[i][1] = hn::Zero(d);
  int64_t j = 0;
  for (; j + 2 * lanes <= n; j += 2 * lanes) {
    const V x0 = hn::LoadU(d, x + j), x1 = hn::LoadU(d, x + j + lanes);
    T9_UNROLL for (int i = 0; i < kRows; ++i) {
      sum[i][0] = hn::MulAdd(hn::LoadU(d, a + i * lda + j), x0, sum[i][0]);
      sum[i][1] = hn::MulAdd(hn::LoadU(d, a + i * lda + j + lanes), x1, sum[i][1]);
    }
  }
  if (j + lanes <= n) {
    const V x0 = hn::LoadU(d, x + j);
    T9_UNROLL for (int i = 0; i < kRows; ++i) sum[i][0] = hn::MulAdd(hn::LoadU(d, a + i * lda + j), x0, sum[i][0]);
    j += lanes;
  }
#if HWY_TARGET <= HWY_AVX2
  if (j < n) {
    const auto used = hn::FirstN(d, size_t(n - j));
    const V x0 = hn::MaskedLoad(used, d, x + j);
    T9_UNROLL for (int i = 0; i < kRows; ++i)
      sum[i][1] = hn::MulAdd(hn::MaskedLoad(used, d, a + i * lda + j), x0, sum[i][1]);
    j = n;
  }
#endif
  T9_UNROLL for (int i = 0; i < kRows; ++i) {
    T total = hn::GetLane(hn::SumOfLanes(d, hn::Add(sum[i][0], sum[i][1])));
    for (int64_t r = j; r < n; ++r) total += a[i * lda + r] * x[r];
    y[i * incy] = beta == T(0) ? alpha * total : beta * y[i * incy] + alpha * total;
  }
}

template <class T>
void gemv_rows_any(int64_t m, int64_t n, T alpha, const T* a, int64_t lda, const T* x, T beta, T* y, int64_t incy) {
  int64_t i = 0;
  for (; i + 4 <= m; i += 4) row_products<4>(n, alpha, a + i * lda, lda, x, beta, y + i * incy, incy);
  for (; i < m; ++i) row_products<1>(n, alpha, a + i * lda, lda, x, beta, y + i * incy, incy);
}

void gemv_rows_float(int64_t m, int64_t n, float alpha, const float* a, int64_t lda, const float* x, float beta,
                     float* y, int64_t incy) {
  gemv_rows_any(m, n, alpha, a, lda, x, beta, y, incy);
}
void gemv_rows_double(int64_t m, int64_t n, double alpha, const double* a, int64_t lda, const double* x, double beta,
                      double* y, int64_t incy) {
  gemv_rows_any(m, n, alpha, a, lda, x, beta, y, incy);
}

// y += alpha * (kRows rows of A)' * x
template <int kRows, class T>
HWY_INLINE void add_rows(int64_t n, T alpha, const T* HWY_RESTRICT a, int64_t lda, const T* x, int64_t incx,
                         T* HWY_RESTRICT y) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = int64_t(hn::Lanes(d));
  V scale[kRows];
  T9_UNROLL for (int i = 0; i < kRows; ++i) scale[i] = hn::Set(d, alpha * x[i * incx]);
  int64_t j = 0;
  for (; j + lanes <= n; j += lanes) {
    V sum = hn::LoadU(d, y + j);
    T9_UNROLL for (int i = 0; i < kRows; ++i) sum = hn::MulAdd(hn::LoadU(d, a + i * lda + j), scale[i], sum);
    hn::StoreU(sum, d, y + j);
  }
#if HWY_TARGET <= HWY_AVX2
  if (j < n) {
    const auto used = hn::FirstN(d, size_t(n - j));
    V sum = hn::MaskedLoad(used, d, y + j);
    T9_UNROLL for (int i = 0; i < kRows; ++i)
      sum = hn::MulAdd(hn::MaskedLoad(used, d, a + i * lda + j), scale[i], sum);
    hn::BlendedStore(sum, used, d, y + j);
    j = n;
  }
#endif
  for (; j < n; ++j)
    T9_UNROLL for (int i = 0; i < kRows; ++i) y[j] += a[i * lda + j] * (alpha * x[i * incx]);
}

template <class T>
void scaled_sum_any(int64_t n, T beta, T* HWY_RESTRICT y, T alpha, const T* HWY_RESTRICT x) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const auto scale = hn::Set(d, alpha), keep = hn::Set(d, beta);
  int64_t j = 0;
  if (beta == T(0)) {
    for (; j + lanes <= n; j += lanes) hn::StoreU(hn::Mul(scale, hn::LoadU(d, x + j)), d, y + j);
    for (; j < n; ++j) y[j] = alpha * x[j];
  } else {
    for (; j + lanes <= n; j += lanes)
      hn::StoreU(hn::MulAdd(scale, hn::LoadU(d, x + j), hn::Mul(keep, hn::LoadU(d, y + j))), d, y + j);
    for (; j < n; ++j) y[j] = beta * y[j] + alpha * x[j];
  }
}

void scaled_sum_float(int64_t n, float beta, float* y, float alpha, const float* x) {
  scaled_sum_any(n, beta, y, alpha, x);
}
void scaled_sum_double(int64_t n, double beta, double* y, double alpha, const double* x) {
  scaled_sum_any(n, beta, y, alpha, x);
}

// Four rows at a time: a vector of y serves them all.
template <class T>
void outer_any(int64_t m, int64_t n, T alpha, const T* x, int64_t incx, const T* HWY_RESTRICT y, T beta,
               T* HWY_RESTRICT a, int64_t lda) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = int64_t(hn::Lanes(d));
  const auto keep = hn::Set(d, beta);
  int64_t i = 0;
  for (; i + 4 <= m; i += 4, a += 4 * lda) {
    const T s[4] = {alpha * x[i * incx], alpha * x[(i + 1) * incx], alpha * x[(i + 2) * incx], alpha * x[(i + 3) * incx]};
    const auto s0 = hn::Set(d, s[0]), s1 = hn::Set(d, s[1]), s2 = hn::Set(d, s[2]), s3 = hn::Set(d, s[3]);
    int64_t j = 0;
    if (beta == T(0)) {
      for (; j + lanes <= n; j += lanes) {
        const auto v = hn::LoadU(d, y + j);
        hn::StoreU(hn::Mul(s0, v), d, a + j);
        hn::StoreU(hn::Mul(s1, v), d, a + lda + j);
        hn::StoreU(hn::Mul(s2, v), d, a + 2 * lda + j);
        hn::StoreU(hn::Mul(s3, v), d, a + 3 * lda + j);
      }
      for (; j < n; ++j)
        for (int r = 0; r < 4; ++r) a[r * lda + j] = s[r] * y[j];
    } else {
      auto add = [&](const auto& factor, const auto& v, T* to) HWY_ATTR {
        hn::StoreU(hn::MulAdd(factor, v, hn::Mul(keep, hn::LoadU(d, to))), d, to);
      };
      for (; j + lanes <= n; j += lanes) {
        const auto v = hn::LoadU(d, y + j);
        add(s0, v, a + j);
        add(s1, v, a + lda + j);
        add(s2, v, a + 2 * lda + j);
        add(s3, v, a + 3 * lda + j);
      }
      for (; j < n; ++j)
        for (int r = 0; r < 4; ++r) a[r * lda + j] = beta * a[r * lda + j] + s[r] * y[j];
    }
  }
  for (; i < m; ++i, a += lda) scaled_sum_any(n, beta, a, alpha * x[i * incx], y);
}

void outer_float(int64_t m, int64_t n, float alpha, const float* x, int64_t incx, const float* y, float beta, float* a,
                 int64_t lda) {
  outer_any(m, n, alpha, x, incx, y, beta, a, lda);
}
void outer_double(int64_t m, int64_t n, double alpha, const double* x, int64_t incx, const double* y, double beta,
                  double* a, int64_t lda) {
  outer_any(m, n, alpha, x, incx, y, beta, a, lda);
}

template <class T>
void gemv_columns_any(int64_t m, int64_t n, T alpha, const T* a, int64_t lda, const T* x, int64_t incx, T beta, T* y) {
  if (beta == T(0)) std::fill(y, y + n, T(0));
  else if (beta != T(1)) for (int64_t j = 0; j < n; ++j) y[j] *= beta;
  int64_t i = 0;
  for (; i + 8 <= m; i += 8) add_rows<8>(n, alpha, a + i * lda, lda, x + i * incx, incx, y);
  for (; i + 2 <= m; i += 2) add_rows<2>(n, alpha, a + i * lda, lda, x + i * incx, incx, y);
  if (i < m) add_rows<1>(n, alpha, a + i * lda, lda, x + i * incx, incx, y);
}

void gemv_columns_float(int64_t m, int64_t n, float alpha, const float* a, int64_t lda, const float* x, int64_t incx,
                        float beta, float* y) {
  gemv_columns_any(m, n, alpha, a, lda, x, incx, beta, y);
}
void gemv_columns_double(int64_t m, int64_t n, double alpha, const double* a, int64_t lda, const double* x,
                         int64_t incx, double beta, double* y) {
  gemv_columns_any(m, n, alpha, a, lda, x, incx, beta, y);
}

// Sums of T stay short: each block of them is added up in double.
template <class T>
double dot_any(int64_t n, const T* HWY_RESTRICT x, const T* HWY_RESTRICT y) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = int64_t(hn::Lanes(d));
  double total = 0;
  int64_t j = 0;
  while (j + lanes <= n) {
    const int64_t end = std::min(n, j + 256 * lanes);
    V s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
    for (; j + 4 * lanes <= end; j += 4 * lanes) {
      s0 = hn::MulAdd(hn::LoadU(d, x + j), hn::LoadU(d, y + j), s0);
      s1 = hn::MulAdd(hn::LoadU(d, x + j + lanes), hn::LoadU(d, y + j + lanes), s1);
      s2 = hn::MulAdd(hn::LoadU(d, x + j + 2 * lanes), hn::LoadU(d, y + j + 2 * lanes), s2);
      s3 = hn::MulAdd(hn::LoadU(d, x + j + 3 * lanes), hn::LoadU(d, y + j + 3 * lanes), s3);
    }
    for (; j + lanes <= end; j += lanes) s0 = hn::MulAdd(hn::LoadU(d, x + j), hn::LoadU(d, y + j), s0);
    total += double(hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)))));
  }
  for (; j < n; ++j) total += double(x[j]) * double(y[j]);
  return total;
}

double dot_float(int64_t n, const float* x, const float* y) { return dot_any(n, x, y); }
double dot_double(int64_t n, const double* x, const double* y) { return dot_any(n, x, y); }

}  // namespace t9::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9::simd {

#define T9_ENTRY(R, NAME, T, PARAMETERS, ...)      \
  HWY_EXPORT(NAME##_##T);                          \
  template <>                                      \
  R NAME<T> PARAMETERS { return HWY_DYNAMIC_DISPATCH(NAME##_##T)(__VA_ARGS__); }
#define T9_ENTRIES(T)                                                                                                  \
  T9_ENTRY(void, gemm, T,                                                                                              \
           (int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t row, int64_t col, bool trans_b, const T* b, \
            int64_t ldb, T beta, T* c, int64_t ldc),                                                                   \
           m, n, k, alpha, a, row, col, trans_b, b, ldb, beta, c, ldc)                                                 \
  T9_ENTRY(void, gemv_rows, T,                                                                                         \
           (int64_t m, int64_t n, T alpha, const T* a, int64_t lda, const T* x, T beta, T* y, int64_t incy), m, n,     \
           alpha, a, lda, x, beta, y, incy)                                                                            \
  T9_ENTRY(void, gemv_columns, T,                                                                                      \
           (int64_t m, int64_t n, T alpha, const T* a, int64_t lda, const T* x, int64_t incx, T beta, T* y), m, n,     \
           alpha, a, lda, x, incx, beta, y)                                                                            \
  T9_ENTRY(void, outer, T,                                                                                             \
           (int64_t m, int64_t n, T alpha, const T* x, int64_t incx, const T* y, T beta, T* a, int64_t lda), m, n,     \
           alpha, x, incx, y, beta, a, lda)                                                                            \
  T9_ENTRY(void, scaled_sum, T, (int64_t n, T beta, T* y, T alpha, const T* x), n, beta, y, alpha, x)                  \
  T9_ENTRY(double, dot, T, (int64_t n, const T* x, const T* y), n, x, y)
T9_ENTRIES(float)
T9_ENTRIES(double)

}  // namespace t9::simd
#endif
