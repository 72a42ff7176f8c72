#pragma once

#include <cstdint>

namespace t9::nn {

// The memory of one sample. Gates in the order input, forget, output, candidate.
template <class T>
struct LstmRow {
  T* sums[4];             // read; in the backward pass their gradients, written
  const T* more[4] = {};  // added to them, or none
  T* gates[4];            // after their functions
  T* cell;
  T* next_cell;  // written; in the backward pass the gradient of `cell`
  T* squashed;   // tanh of the next cell
  T* next_output;
  const T* grad_output = nullptr;  // of next_output and next_cell, or none
  const T* grad_next = nullptr;
};

}  // namespace t9::nn
