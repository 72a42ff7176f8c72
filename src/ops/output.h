// Results of kernels that must not write over what they still read.
#pragma once

#include <initializer_list>

#include "ops/copy.h"
#include "torch9/tensor.h"

namespace t9 {

// Where a kernel writes: the wanted tensor, or, when that shares memory with an operand, a temporary
// that finish() copies to it.
class Output {
 public:
  // Elementwise kernels read an element before they write the same one: their result may be an operand.
  enum Order { kAny, kElementwise };

  Output(Tensor& wanted, std::initializer_list<const Tensor*> operands, Order order = kAny);
  Tensor& operator*() const { return temporary_ ? *temporary_ : wanted_; }
  Tensor* operator->() const { return &**this; }
  void finish();

 private:
  Tensor& wanted_;
  TensorRef temporary_;
};

}  // namespace t9
