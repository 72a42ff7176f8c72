// Uninitialised memory for the length of a call.
#pragma once

#include "base/allocator.h"

namespace t9 {

template <class T>
class Scratch {
 public:
  explicit Scratch(int64_t n) : bytes_(bytes_of(n)), data_(static_cast<T*>(allocate(bytes_, Use::Workspace))) {}
  ~Scratch() { release(data_, bytes_, Use::Workspace); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  operator T*() const { return data_; }

 private:
  static size_t bytes_of(int64_t n) {  // allocate() refuses what is too large
    return uint64_t(n) > SIZE_MAX / sizeof(T) ? SIZE_MAX : size_t(n) * sizeof(T);
  }

  size_t bytes_;
  T* data_;
};

}  // namespace t9
