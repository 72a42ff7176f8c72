// What kernels share: dense operands, results, and the checks with Torch7's texts.
#pragma once

#include "base/threads.h"
#include "ops/copy.h"
#include "ops/iterate.h"
#include "ops/op.h"

namespace t9::nn {

// An operand as contiguous memory: the tensor itself, or a copy where it is strided.
class Dense {
 public:
  explicit Dense(const Tensor& t) : t_(&t) {
    if (!t.contiguous()) {
      held_ = contiguous(t);
      t_ = held_.get();
    }
  }
  template <class T>
  T* data() const { return t_->data<T>(); }
  const Tensor* operator->() const { return t_; }
  const Tensor& operator*() const { return *t_; }

 private:
  const Tensor* t_;
  TensorRef held_;
};

// A result as contiguous memory, copied back at the end where the tensor is strided. `keep` reads
// the old elements first.
class DenseResult {
 public:
  explicit DenseResult(Tensor& t, bool keep = false) : real_(t) {
    if (!t.contiguous()) {
      held_ = make_workspace(t.type, t.sizes());
      if (keep) copy(*held_, t);
    }
  }
  ~DenseResult() {
    if (held_) copy(real_, *held_);
  }
  DenseResult(const DenseResult&) = delete;
  template <class T>
  T* data() const { return held_ ? held_->data<T>() : real_.data<T>(); }

 private:
  Tensor& real_;
  TensorRef held_;
};

// f(std::type_identity<float or double>{})
template <class F>
decltype(auto) floating(const Tensor& t, F&& f) {
  return dispatch<kFloating>(t.type, std::forward<F>(f));
}

inline void check_same_count(const Tensor& a, const Tensor& b, const char* name_a, const char* name_b) {
  T9_CHECK(a.numel() == b.numel(),
           "%s and %s have different number of elements: %s[%s] has %lld elements, while %s[%s] has %lld elements",
           name_a, name_b, name_a, a.size_text().c_str(), (long long)a.numel(), name_b, b.size_text().c_str(),
           (long long)b.numel());
}

// Sizes from a caller, small enough that products of a few of them fit.
inline constexpr int64_t kLargest = 1 << 20;

// Backward passes run on what the caller says was the forward's input.
inline void check_gradient(const Tensor& output_like, const Tensor& gradient) {
  check_same_count(output_like, gradient, "input", "gradOutput");
}

}  // namespace t9::nn
