#include "lua/address_map.h"

#include <algorithm>
#include <cstdint>

namespace t9::lua {

namespace {
// Objects that were made together lie together, and should do so here.
size_t hash(const void* p) { return (uintptr_t(p) >> 4) + (uintptr_t(p) >> 20); }
}  // namespace

int AddressMap::find_or_add(const void* p, int number) {
  if (2 * used_ >= slots_.size()) grow();
  size_t mask = slots_.size() - 1;
  for (size_t k = hash(p) & mask;; k = (k + 1) & mask) {
    if (slots_[k].p == p) return slots_[k].number;
    if (!slots_[k].p) {
      slots_[k] = {p, number};
      ++used_;
      return 0;
    }
  }
}

void AddressMap::grow() {
  std::vector<Slot> old(std::max<size_t>(64, slots_.size() * 4), Slot{nullptr, 0});
  old.swap(slots_);
  size_t mask = slots_.size() - 1;
  for (const Slot& s : old) {
    if (!s.p) continue;
    size_t k = hash(s.p) & mask;
    while (slots_[k].p) k = (k + 1) & mask;
    slots_[k] = s;
  }
}

}  // namespace t9::lua
