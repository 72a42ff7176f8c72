// Slices picked by a vector of positions along a dimension, and elements picked by a mask. Dimensions
// count from 0, the positions in the tensors from 1.
#pragma once

#include "torch9/tensor.h"

namespace t9 {

void index_select(Tensor& res, Tensor& t, int dim, Tensor& index);
void index_copy(Tensor& t, int dim, Tensor& index, Tensor& source);
void index_add(Tensor& t, int dim, Tensor& index, Tensor& source);
void index_fill(Tensor& t, int dim, Tensor& index, Scalar value);

void masked_select(Tensor& res, Tensor& t, Tensor& mask);
void masked_fill(Tensor& t, Tensor& mask, Scalar value);
void masked_copy(Tensor& t, Tensor& mask, Tensor& source);

}  // namespace t9
