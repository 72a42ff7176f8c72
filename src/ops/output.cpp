#include "ops/output.h"

#include "ops/iterate.h"

namespace t9 {

namespace {
bool same_elements(const Tensor& a, const Tensor& b) {
  return a.type == b.type && a.storage == b.storage && a.storageOffset == b.storageOffset && a.same_size(b) &&
         a.strides() == b.strides();
}
}  // namespace

Output::Output(Tensor& wanted, std::initializer_list<const Tensor*> operands, Order order) : wanted_(wanted) {
  for (const Tensor* t : operands) {
    bool shared = wanted.storage && t->storage && (wanted.storage == t->storage || overlaps(wanted, *t));
    if (!shared || (order == kElementwise && same_elements(wanted, *t))) continue;
    temporary_ = make_tensor(wanted.type);
    return;
  }
}

void Output::finish() {
  if (!temporary_) return;
  wanted_.resize_as(*temporary_);
  copy(wanted_, *temporary_);
}

}  // namespace t9
