// Runs the loops of formulas (loops.h) over tensors: shapes, results, layouts, overlap and threads.
#pragma once

#include <initializer_list>

#include "ops/iterate.h"
#include "ops/loops.h"

namespace t9 {

// Elements that pay for a second thread: what a thread's start costs over what an element costs.
enum Grain : int64_t { kLight = 131072, kHeavy = 16384 };

// res = loop(operands..., numbers...), in the shape of the first operand. Operands of other shapes
// and equal counts pair in row-major order. The result may be, or overlap, any operand. `with_number`, if
// given, is the loop of one operand and a number, for a second operand that is expanded.
void pointwise(Loop loop, Tensor& res, std::initializer_list<Tensor*> operands,
               std::initializer_list<Scalar> numbers = {}, int64_t grain = kLight, Loop with_number = nullptr);

// The same for a result that has the operands' shape and overlaps none of them.
void run_loop(Loop loop, Tensor& res, const Tensor* const* operands, int count, const Scalar* numbers, int64_t grain,
              Loop with_number = nullptr);

}  // namespace t9
