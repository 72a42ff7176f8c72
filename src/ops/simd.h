// Vector loops over contiguous memory, for kernels outside this folder. Loops of one's own are written
// with Highway in a *_simd.cpp or *_loops.cpp file, over the functions of vector_math-inl.h.
#pragma once

#include "ops/loops.h"

namespace t9::simd {

// y[k] = F(x[k]); F is one of formula::MathLoops: Exp, Log, Tanh, Sigmoid... y may be x.
template <class F, class T>
void map(const T* x, T* y, int64_t n) {
  loop<formula::MathLoops, F, 1>(kTypeOf<T>)(n, y, x, nullptr, nullptr, nullptr);
}

template <class T>
void exp(const T* x, T* y, int64_t n) { map<formula::Exp>(x, y, n); }
template <class T>
void log(const T* x, T* y, int64_t n) { map<formula::Log>(x, y, n); }
template <class T>
void tanh(const T* x, T* y, int64_t n) { map<formula::Tanh>(x, y, n); }
template <class T>
void sigmoid(const T* x, T* y, int64_t n) { map<formula::Sigmoid>(x, y, n); }

}  // namespace t9::simd
