// The parts of the generator that are worth vector instructions.
#pragma once

#include <cstdint>

namespace t9 {

struct RandomLoops {
  void (*twist)(uint32_t* state);  // the next 624 words
  void (*temper)(const uint32_t* state, uint32_t* out, int64_t n);
  // Words x, y to normal values rho cos(2 pi x), rho sin(2 pi x) with rho = sqrt(-2 log(1 - y)).
  void (*normal_pairs)(const uint32_t* words, double* out, int64_t pairs);
};
const RandomLoops& random_loops();

}  // namespace t9
