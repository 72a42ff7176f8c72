#include "ops/op.h"

#include "ops/families.h"

namespace t9 {

namespace {
thread_local char error_text[1024];
}

const char* last_error() { return error_text; }
void set_last_error(const char* text) {
  std::strncpy(error_text, text, sizeof error_text - 1);
  error_text[sizeof error_text - 1] = 0;
}

const OpList& all_ops() {
  static const OpList list = [] {
    OpList out;
    for (OpList (*family)() : kFamilies)
      for (const Op& o : family()) out.push_back(o);
    return out;
  }();
  return list;
}

}  // namespace t9
