#include "nn/families.h"

namespace t9 {

OpList nn_ops() {
  OpList out;
  for (OpList (*family)() : kKernelFamilies)
    for (const Op& o : family()) out.push_back(o);
  return out;
}

}  // namespace t9
