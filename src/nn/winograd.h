// Convolutions of 3 x 3 kernels with Winograd's methods F(4 x 4, 3 x 3) and F(2 x 2, 3 x 3), which save three quarters
// or half of the multiplications. A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", 2015,
// https://arxiv.org/abs/1509.09308
//
// Images stand in blocks of 8 planes (blocked.h), kernels lie as o x c x 3 x 3.
#pragma once

#include "nn/convolution.h"

namespace t9::nn::winograd {

bool suits(const ConvShape& s);
// 4 or 2 where one of the methods should be faster than the plain convolution, else 0. Always 0 on machines whose
// blocks do not have 8 planes.
int tile(const ConvShape& s);

void forward(const ConvShape& s, int tile, const float* x, const float* weight, const float* bias,
             float* y);  // bias or null
void backward_data(const ConvShape& s, int tile, const float* gy, const float* weight, float* gx);
// The results are overwritten; gradBias may be null.
void backward_weights(const ConvShape& s, int tile, const float* x, const float* gy, float* gradWeight,
                      float* gradBias);

}  // namespace t9::nn::winograd
