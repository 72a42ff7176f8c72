// Transfer functions on contiguous memory, the fastest variant of this processor.
#pragma once

#include <cstdint>

namespace t9::nn {

enum class ActivationKind {
  Abs, Square, Sqrt, Sigmoid, Tanh, Elu, HardTanh, HardShrink, SoftShrink, LeakyRelu, Threshold, SoftPlus,
  LogSigmoid, Silu, GeluTanh
};
inline constexpr int kActivationCount = 15;

struct Activation {  // [0] float, [1] double; p0 and p1 are the function's parameters
  void (*forward[2])(const void* x, void* y, int64_t n, double p0, double p1);
  // `a` is the forward's input or output, as the function likes
  void (*backward[2])(const void* a, const void* gradient, void* result, int64_t n, double p0, double p1);
};

const Activation& activation(ActivationKind kind);

}  // namespace t9::nn
