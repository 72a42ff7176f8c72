#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/unary_loops.cpp"
#include <hwy/foreach_target.h>

#include "ops/loops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {
const LoopRow* unary_loops() { return table_of(formula::UnaryLoops{}); }
}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9 {
HWY_EXPORT(unary_loops);
const LoopRow* loops_of(formula::UnaryLoops) {
  static const LoopRow* table = HWY_DYNAMIC_DISPATCH(unary_loops)();
  return table;
}
}  // namespace t9
#endif
