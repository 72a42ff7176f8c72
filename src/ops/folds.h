// Folds: the formulas of reductions, and their loops for several instruction sets.
//
// Sums of floats are kept in double, those of integers in 64 bits, as Torch7's accumulators are.
#pragma once

#include <array>

#include "ops/formulas.h"
#include "torch9/types.h"

namespace t9 {

namespace formula {

// of(accumulator, element, p); kStart begins it.
struct Sum { static constexpr int kStart = 0; template <class A> T9_FORMULA A of(A a, A x, double) { return Add::of(a, x); } };
struct Product { static constexpr int kStart = 1; template <class A> T9_FORMULA A of(A a, A x, double) { return Mul::of(a, x); } };
struct Squares { static constexpr int kStart = 0; template <class A> T9_FORMULA A of(A a, A x, double) { return a + x * x; } };
struct Magnitudes { static constexpr int kStart = 0; template <class A> T9_FORMULA A of(A a, A x, double) { return a + std::fabs(x); } };
struct Nonzeros { static constexpr int kStart = 0; template <class A> T9_FORMULA A of(A a, A x, double) { return a + (x != 0 ? 1 : 0); } };
struct Largest {  // magnitude; NaN wins
  static constexpr int kStart = 0;
  template <class A>
  T9_FORMULA A of(A a, A x, double) { A m = std::fabs(x); return m <= a || a != a ? a : m; }
};
struct Powers { static constexpr int kStart = 0; template <class A> T9_FORMULA A of(A a, A x, double p) { return a + std::pow(std::fabs(x), p); } };

// better(x, y): x replaces y. The first among equals stays, NaN wins.
struct Maximum { template <class T> T9_FORMULA bool better(T x, T y) { return !(x <= y) & (y == y); } };
struct Minimum { template <class T> T9_FORMULA bool better(T x, T y) { return !(x >= y) & (y == y); } };

}  // namespace formula

// Accumulators are of type Accumulator<T>; x points to T.
struct Fold {
  void (*row)(const void* x, int64_t n, double p, void* accumulator);
  // n columns of `rows` elements, a row every `stride` elements
  void (*columns)(const void* x, int64_t rows, int64_t stride, int64_t n, double p, void* accumulators);
};
enum class FoldKind { Sum, Product, Squares, Magnitudes, Nonzeros, Largest, Powers };
inline constexpr int kFoldCount = 7;
const Fold& fold(FoldKind kind, Type type);

// Sum of products of two rows, added to an accumulator.
using Dot = void (*)(const void* x, const void* y, int64_t n, void* accumulator);
Dot dot_kernel(Type type);

// Adds sums of deviations from a shift and of their squares: one sound pass, when the shift is one of
// the samples (for columns, their first row).
struct Moments {
  void (*row)(const void* x, int64_t n, double shift, double* first, double* second);
  void (*columns)(const void* x, int64_t rows, int64_t stride, int64_t n, double* first, double* second);
};
const Moments& moments(Type type);

struct Extremum {
  void (*row)(const void* x, int64_t n, void* value);  // n > 0; value: of x's type
  int64_t (*find)(const void* x, int64_t n, const void* value);  // its first place
  // values and indices (from 0) so far are replaced by better ones; `first` is the row's index
  void (*columns)(const void* x, int64_t rows, int64_t stride, int64_t n, void* values, int32_t* indices, int32_t first);
};
enum class ExtremumKind { Maximum, Minimum };
const Extremum& extremum(ExtremumKind kind, Type type);

}  // namespace t9
