// Products of tensors with any strides, also overlapping ones; all numeric types.
#pragma once

#include "torch9/tensor.h"

namespace t9 {

// An empty result is resized, any other must have the right size. It may overlap the operands.
void mm(Tensor& res, Tensor& a, Tensor& b);    // matrix by matrix
void mv(Tensor& res, Tensor& a, Tensor& x);    // matrix by vector
void ger(Tensor& res, Tensor& x, Tensor& y);   // column by row
void bmm(Tensor& res, Tensor& a, Tensor& b);   // matrices one by one

// res = beta * t + alpha * product. With beta 0 the elements of t do not matter.
void addmm(Tensor& res, Scalar beta, Tensor& t, Scalar alpha, Tensor& a, Tensor& b);
void addmv(Tensor& res, Scalar beta, Tensor& t, Scalar alpha, Tensor& a, Tensor& x);
void addr(Tensor& res, Scalar beta, Tensor& t, Scalar alpha, Tensor& x, Tensor& y);
void addbmm(Tensor& res, Scalar beta, Tensor& t, Scalar alpha, Tensor& a, Tensor& b);
void baddbmm(Tensor& res, Scalar beta, Tensor& t, Scalar alpha, Tensor& a, Tensor& b);

}  // namespace t9
