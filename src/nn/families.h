// The families of nn kernels, one function a source file. A new file adds a line to each list.
#pragma once

#include "ops/op.h"

namespace t9 {

OpList activation_kernels();
OpList attention_kernels();
OpList blocked_kernels();
OpList convolution_kernels();
OpList convolution_more_kernels();
OpList criterion_kernels();
OpList fused_recurrent_kernels();
OpList index_linear_kernels();
OpList linear_kernels();
OpList lookup_table_kernels();
OpList lstm_gates_kernels();
OpList normalization_kernels();
OpList padding_kernels();
OpList parameters_kernels();
OpList pooling_kernels();
OpList pooling_more_kernels();
OpList softmax_kernels();
OpList sparse_linear_kernels();
OpList upsampling_kernels();

inline constexpr OpList (*kKernelFamilies[])() = {
    activation_kernels,
    attention_kernels,
    blocked_kernels,
    convolution_kernels,
    convolution_more_kernels,
    criterion_kernels,
    fused_recurrent_kernels,
    index_linear_kernels,
    linear_kernels,
    lookup_table_kernels,
    lstm_gates_kernels,
    normalization_kernels,
    padding_kernels,
    parameters_kernels,
    pooling_kernels,
    pooling_more_kernels,
    softmax_kernels,
    sparse_linear_kernels,
    upsampling_kernels,
};

}  // namespace t9
