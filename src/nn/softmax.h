// Softmax of rows of contiguous memory, the fastest variant of this processor.
#pragma once

#include <cstdint>

namespace t9::nn {

// y = softmax(x), row by row; in place is fine. A row of -inf alone gives NaN.
template <class T>
void softmax_rows(const T* x, T* y, int64_t rows, int64_t n);
// r = y (g - sum(g y)): r may be g.
template <class T>
void softmax_rows_gradient(const T* y, const T* g, T* r, int64_t rows, int64_t n);

}  // namespace t9::nn
