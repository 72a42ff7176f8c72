#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/integer_loops.cpp"
#include <hwy/foreach_target.h>

#include "ops/loops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {
const LoopRow* integer_loops() { return table_of(formula::IntegerLoops{}); }
}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9 {
HWY_EXPORT(integer_loops);
const LoopRow* loops_of(formula::IntegerLoops) {
  static const LoopRow* table = HWY_DYNAMIC_DISPATCH(integer_loops)();
  return table;
}
}  // namespace t9
#endif
