// Values from random words: every value takes one.
#pragma once

#include <cstdint>

namespace t9 {

template <class T>
struct WordLoops {
  // U * width + a, scale * log(1 - U), with U = word / 2^32; in double, then rounded.
  void (*uniform)(const uint32_t* words, T* out, int64_t n, double a, double width);
  void (*exponential)(const uint32_t* words, T* out, int64_t n, double scale);
  void (*affine)(const double* values, T* out, int64_t n, double mean, double stdv);  // value * stdv + mean
};
template <class T>
const WordLoops<T>& word_loops();

}  // namespace t9
