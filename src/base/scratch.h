// Uninitialised memory for the length of a call.
#pragma once

#include "base/allocator.h"

namespace t9 {

template <class T>
class Scratch {
 public:
  explicit Scratch(int64_t n) : bytes_(size_t(n) * sizeof(T)), data_(static_cast<T*>(allocate(bytes_))) {}
  ~Scratch() { release(data_, bytes_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  operator T*() const { return data_; }

 private:
  size_t bytes_;
  T* data_;
};

}  // namespace t9
