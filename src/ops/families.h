// The families of operations, one function a source file. A new file adds a line to each list.
#pragma once

#include "ops/op.h"

namespace t9 {

OpList unary_ops();
OpList arithmetic_ops();
OpList compare_ops();
OpList reduce_ops();
OpList statistics_ops();
OpList blas_ops();
OpList lapack_ops();
OpList convolve_ops();
OpList optimize_ops();
OpList sort_ops();
OpList scan_ops();
OpList gather_ops();
OpList mask_ops();
OpList construct_ops();
OpList rearrange_ops();
OpList vectors_ops();
OpList cat_ops();
OpList histogram_ops();
OpList random_ops();
OpList multinomial_ops();
OpList nn_ops();  // the kernels, src/nn/families.h

inline constexpr OpList (*kFamilies[])() = {
    unary_ops,
    arithmetic_ops,
    compare_ops,
    reduce_ops,
    statistics_ops,
    blas_ops,
    lapack_ops,
    convolve_ops,
    optimize_ops,
    sort_ops,
    scan_ops,
    gather_ops,
    mask_ops,
    construct_ops,
    rearrange_ops,
    vectors_ops,
    cat_ops,
    histogram_ops,
    random_ops,
    multinomial_ops,
    nn_ops,
};

}  // namespace t9
