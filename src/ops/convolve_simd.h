// Vector kernel behind conv2 and its kin.
#pragma once

#include <cstdint>

namespace t9::simd {

// out[x] += the sum of in[l * plane + i * row + x + j] * kernel[l][i][j], for x < n.
template <class T>
void correlate_row(int64_t n, const T* in, int64_t plane, int64_t row, const T* kernel, const int64_t (&size)[3],
                   T* out);

}  // namespace t9::simd
