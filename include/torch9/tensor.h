// Storage and Tensor: a block of elements, and a strided view of one.
//
// Both are reference counted, and the first fields stand in Torch7's order, so that scripts that
// reach them through `t:cdata()` keep working. Fields past `flag` are ours.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "torch9/error.h"
#include "torch9/types.h"

namespace t9 {

class MappedFile;

enum StorageFlag : char {
  kStorageRefcounted = 1,
  kStorageResizable = 2,
  kStorageOwnsData = 4,
  kStorageView = 8,    // data belongs to `parent`
  kStorageMapped = 16,  // data belongs to `mapping`
  kStorageWorkspace = 64  // its block comes from and goes back to those of workspaces
};

struct Storage {
  void* data = nullptr;
  ptrdiff_t size = 0;
  std::atomic<int> refcount{1};
  char flag = kStorageRefcounted | kStorageResizable | kStorageOwnsData;
  Type type;
  ptrdiff_t capacity = 0;  // elements allocated, when it owns its data
  Storage* parent = nullptr;
  MappedFile* mapping = nullptr;

  static Storage* make(Type type, ptrdiff_t size = 0, bool workspace = false);
  static Storage* wrap(Type type, ptrdiff_t size, void* data);  // memory of somebody else
  static Storage* view(Storage* parent, ptrdiff_t offset, ptrdiff_t size);
  // size 0: the whole file. A shared mapping writes through, and makes or extends the file.
  static Storage* map(Type type, const std::string& path, bool shared, ptrdiff_t size,
                      bool shared_memory);

  void resize(ptrdiff_t n);  // keeps the content
  void retain() { refcount.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    // who holds the only count needs no atomic subtraction, the dearest part of a small tensor's end
    if (refcount.load(std::memory_order_acquire) == 1 || refcount.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }
  template <class T>
  T* as() const { return static_cast<T*>(data); }

 private:
  explicit Storage(Type t) : type(t) {}
  ~Storage();
  static void* operator new(size_t bytes);
  static void operator delete(void* p);
};

// A layout that only its maker understands (a blocked convolution result). plain() writes the
// elements in the tensor's own geometry; whoever looks at the elements calls it first.
struct PendingLayout {
  virtual ~PendingLayout() = default;
  virtual void plain(struct Tensor& tensor) = 0;
};

enum TensorFlag : char {
  kTensorRefcounted = 1,
  kTensorPending = 2,
  kTensorSettles = 8  // a pending layout was asked for its elements before, and will be again
};

inline constexpr int kInlineDims = 5;
inline constexpr int kMaxDims = 64;

// Sizes or strides of up to kMaxDims dimensions.
struct Sizes {
  int n = 0;
  int64_t d[kMaxDims];
  Sizes() = default;
  Sizes(std::initializer_list<int64_t> list) {
    for (int64_t v : list) d[n++] = v;
  }
  Sizes(const int64_t* values, int count) : n(count) {
    T9_CHECK(count <= kMaxDims, "%d dimensions are too many, the limit is %d", count, kMaxDims);
    for (int k = 0; k < count; ++k) d[k] = values[k];
  }
  int64_t operator[](int k) const { return d[k]; }
  int64_t& operator[](int k) { return d[k]; }
  void push(int64_t v) {
    T9_CHECK(n < kMaxDims, "too many dimensions, the limit is %d", kMaxDims);
    d[n++] = v;
  }
  bool operator==(const Sizes& o) const {
    if (n != o.n) return false;
    for (int k = 0; k < n; ++k)
      if (d[k] != o.d[k]) return false;
    return true;
  }
  int64_t product() const;  // an error for negative sizes and for more elements than an int64_t counts
  std::string text(const char* separator = " x ") const;  // "2 x 3"
};

struct Tensor {
  int64_t* size = dims_;
  int64_t* stride = dims_ + kInlineDims;
  int nDimension = 0;
  Storage* storage = nullptr;
  ptrdiff_t storageOffset = 0;
  std::atomic<int> refcount{1};
  char flag = kTensorRefcounted;
  Type type;
  std::unique_ptr<PendingLayout> pending;

  static Tensor* make(Type type) { return new Tensor(type); }
  explicit Tensor(Type t) : type(t) {}
  ~Tensor();
  Tensor(const Tensor&) = delete;
  Tensor& operator=(const Tensor&) = delete;

  void retain() { refcount.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (refcount.load(std::memory_order_acquire) == 1 || refcount.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  int dim() const { return nDimension; }
  int64_t numel() const {
    if (nDimension == 0) return 0;
    int64_t n = 1;
    for (int k = 0; k < nDimension; ++k) n *= size[k];
    return n;
  }
  bool empty() const { return nDimension == 0; }
  Sizes sizes() const { return Sizes(size, nDimension); }
  Sizes strides() const { return Sizes(stride, nDimension); }
  bool contiguous() const {
    if (nDimension == 1) return stride[0] == 1 || size[0] == 1;
    return contiguous_dims();
  }
  bool same_size(const Tensor& o) const;
  std::string size_text() const { return sizes().text(); }  // "2 x 3"

  // Makes the elements readable in this geometry. Cheap when they are.
  void make_plain() const {
    if (flag & kTensorPending) [[unlikely]] const_cast<Tensor*>(this)->settle();
  }
  void settle();
  void set_pending(std::unique_ptr<PendingLayout> layout);

  // First element. Settles a pending layout, so every kernel may start here.
  template <class T>
  T* data() const {
    make_plain();
    return storage ? static_cast<T*>(storage->data) + storageOffset : nullptr;
  }
  char* bytes() const {
    make_plain();
    return storage ? static_cast<char*>(storage->data) + storageOffset * info(type).size : nullptr;
  }

  // Geometry. resize keeps strides when the sizes already match, and grows the storage if needed.
  void resize(const Sizes& sizes);
  void resize(const Sizes& sizes, const Sizes& strides);  // a stride < 0: contiguous from there
  void resize_as(const Tensor& o);
  void set_geometry(const Sizes& sizes, const Sizes& strides);  // no checks, no allocation
  void set_dims(int n);                                         // room for n sizes and strides
  void set(const Tensor& o);                                    // shares o's elements
  void set(Storage* s, ptrdiff_t offset, const Sizes& sizes, const Sizes& strides);
  void set_empty();

  static void* operator new(size_t bytes);
  static void operator delete(void* p);

 private:
  bool contiguous_dims() const;
  Storage* room_for(Storage* s, ptrdiff_t offset, const Sizes& sizes, const Sizes& strides) const;
  int64_t dims_[2 * kInlineDims];
};

// Owning pointer to a Tensor, Storage or Generator.
template <class T>
class Ref {
 public:
  Ref() = default;
  static Ref take(T* p) { Ref r; r.p_ = p; return r; }             // adopts the caller's count
  static Ref share(T* p) { if (p) p->retain(); return take(p); }
  Ref(const Ref& o) : p_(o.p_) { if (p_) p_->retain(); }
  Ref(Ref&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  Ref& operator=(Ref o) noexcept { std::swap(p_, o.p_); return *this; }
  ~Ref() { if (p_) p_->release(); }
  T* get() const { return p_; }
  T& operator*() const { return *p_; }
  T* operator->() const { return p_; }
  explicit operator bool() const { return p_ != nullptr; }
  T* leave() { return std::exchange(p_, nullptr); }                // hands the count over
 private:
  T* p_ = nullptr;
};
using TensorRef = Ref<Tensor>;
using StorageRef = Ref<Storage>;

// New tensors. Elements are uninitialised.
TensorRef make_tensor(Type type);
TensorRef make_tensor(Type type, const Sizes& sizes);
TensorRef make_workspace(Type type, const Sizes& sizes);  // for the length of a call
TensorRef alias(const Tensor& t);            // a second tensor on the same elements
TensorRef contiguous(const Tensor& t);       // alias when contiguous, else a copy for the length of a call
TensorRef clone(const Tensor& t);            // always a copy
TensorRef converted(const Tensor& t, Type type);
Sizes contiguous_strides(const Sizes& sizes);

}  // namespace t9
