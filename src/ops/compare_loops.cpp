#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/compare_loops.cpp"
#include <hwy/foreach_target.h>

#include "ops/loops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {
const LoopRow* compare_loops() { return table_of(formula::CompareLoops{}); }
}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9 {
HWY_EXPORT(compare_loops);
const LoopRow* loops_of(formula::CompareLoops) {
  static const LoopRow* table = HWY_DYNAMIC_DISPATCH(compare_loops)();
  return table;
}
}  // namespace t9
#endif
