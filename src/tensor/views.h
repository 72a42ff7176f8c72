// Views: geometry that shares elements. Dimensions and indices count from 0.
#pragma once

#include "torch9/tensor.h"

namespace t9 {

// Each sets `out` (which may be `t` itself) to a view of t.
void narrow(Tensor& out, const Tensor& t, int dim, int64_t first, int64_t length);
void select(Tensor& out, const Tensor& t, int dim, int64_t index);  // drops the dimension
void transpose(Tensor& out, const Tensor& t, int a, int b);
void unfold(Tensor& out, const Tensor& t, int dim, int64_t size, int64_t step);
void expand(Tensor& out, const Tensor& t, const Sizes& sizes);
void view(Tensor& out, const Tensor& t, const Sizes& sizes);  // one size may be -1
void permute(Tensor& out, const Tensor& t, const Sizes& order);
void squeeze(Tensor& out, const Tensor& t);
void squeeze(Tensor& out, const Tensor& t, int dim);

}  // namespace t9
