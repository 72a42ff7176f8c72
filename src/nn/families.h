// The families of nn kernels, one function a source file. A new file adds a line to each list.
#pragma once

#include "ops/op.h"

namespace t9 {

OpList activation_kernels();

inline constexpr OpList (*kKernelFamilies[])() = {
    activation_kernels,
};

}  // namespace t9
