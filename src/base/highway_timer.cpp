// Highway's shared library times its clock for 2.5 ms when it is loaded, for a benchmark harness that is not used here.
// This definition stands in the way of that one.
#include <cstdint>

namespace hwy::platform {
__attribute__((visibility("default"))) uint64_t TimerResolution();
uint64_t TimerResolution() { return 1; }
}  // namespace hwy::platform
