// Copies between tensors of any two types and layouts.
#pragma once

#include "torch9/tensor.h"

namespace t9 {

// Elements in row-major order; counts must agree, shapes need not.
void copy(Tensor& to, const Tensor& from);

// Element conversion of contiguous memory.
void convert(Type to_type, void* to, Type from_type, const void* from, int64_t n);

// Reads and writes one element (byte offset from the storage's start is the caller's affair).
double get_element(Type type, const void* p);
void set_element(Type type, void* p, Scalar v);

}  // namespace t9
