// From addresses to small numbers: which objects were written, under which index.
#pragma once

#include <cstddef>
#include <vector>

namespace t9::lua {

class AddressMap {
 public:
  // The number of p; 0 when it is new, and then it gets `number`.
  int find_or_add(const void* p, int number);
  size_t size() const { return used_; }

 private:
  void grow();
  struct Slot {
    const void* p;
    int number;
  };
  std::vector<Slot> slots_;
  size_t used_ = 0;
};

}  // namespace t9::lua
