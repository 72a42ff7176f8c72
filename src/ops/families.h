// The families of operations, one function a source file. A new file adds a line to each list.
#pragma once

#include "ops/op.h"

namespace t9 {

OpList pointwise_ops();
OpList random_ops();
OpList blas_ops();
OpList lapack_ops();
OpList convolve_ops();
OpList optimize_ops();
OpList nn_ops();  // the kernels, src/nn/families.h

inline constexpr OpList (*kFamilies[])() = {
    pointwise_ops,
    random_ops,
    blas_ops,
    lapack_ops,
    convolve_ops,
    optimize_ops,
    nn_ops,
};

}  // namespace t9
