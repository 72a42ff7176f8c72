#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/arithmetic_loops.cpp"
#include <hwy/foreach_target.h>

#include "ops/loops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {
const LoopRow* arithmetic_loops() { return table_of(formula::ArithmeticLoops{}); }
}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9 {
HWY_EXPORT(arithmetic_loops);
const LoopRow* loops_of(formula::ArithmeticLoops) {
  static const LoopRow* table = HWY_DYNAMIC_DISPATCH(arithmetic_loops)();
  return table;
}
}  // namespace t9
#endif
