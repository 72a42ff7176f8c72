// oneDNN through its C interface, loaded at the first use: a table of its functions and small owners.
// Everything here returns null, or does nothing, where the library is missing.
#pragma once

#include <oneapi/dnnl/dnnl.h>

#include <memory>
#include <vector>

#include "base/allocator.h"
#include "torch9/tensor.h"

namespace t9::nn {

#define T9_DNNL_FUNCTIONS(X)                                                                                   \
  X(engine_create) X(stream_create) X(stream_wait) X(primitive_desc_create) X(primitive_desc_destroy)           \
  X(primitive_desc_query_md) X(primitive_create) X(primitive_destroy) X(primitive_execute) X(memory_create)     \
  X(memory_destroy) X(memory_set_data_handle) X(memory_desc_init_by_strides) X(memory_desc_equal)               \
  X(memory_desc_get_size) X(reorder_primitive_desc_create) X(dilated_convolution_forward_desc_init)             \
  X(dilated_convolution_backward_data_desc_init) X(dilated_convolution_backward_weights_desc_init)              \
  X(pooling_v2_forward_desc_init) X(pooling_v2_backward_desc_init) X(primitive_attr_create)                     \
  X(primitive_attr_destroy) X(primitive_attr_set_post_ops) X(post_ops_create) X(post_ops_destroy)               \
  X(post_ops_append_sum) X(primitive_desc_query)

struct Dnnl {
#define T9_DECLARE(NAME) decltype(&::dnnl_##NAME) NAME;
  T9_DNNL_FUNCTIONS(T9_DECLARE)
#undef T9_DECLARE
  dnnl_engine_t engine;
};

const Dnnl* dnnl();  // null where the library is missing
void dnnl_check(dnnl_status_t status, const char* what);

using Layout = dnnl_memory_desc_t;
Layout plain_layout(const Sizes& sizes);                 // row-major floats
Layout any_layout(const Sizes& sizes);                   // as the primitive likes
inline bool same_layout(const Layout& a, const Layout& b) { return dnnl()->memory_desc_equal(&a, &b); }

// Memory that is given back at the end.
class Block {
 public:
  Block() = default;
  explicit Block(size_t bytes, Use use = Use::Result) : p_(allocate(bytes, use)), bytes_(bytes), use_(use) {}
  explicit Block(const Layout& layout, Use use = Use::Result) : Block(dnnl()->memory_desc_get_size(&layout), use) {}
  Block(Block&& o) noexcept : p_(std::exchange(o.p_, nullptr)), bytes_(o.bytes_), use_(o.use_) {}
  Block& operator=(Block&& o) noexcept {
    std::swap(p_, o.p_);
    std::swap(bytes_, o.bytes_);
    std::swap(use_, o.use_);
    return *this;
  }
  ~Block() {
    if (p_) release(p_, bytes_, use_);
  }
  float* data() const { return static_cast<float*>(p_); }
  // Gives the memory back, to the workspaces.
  void release_as_workspace() {
    use_ = Use::Workspace;
    *this = Block();
  }

 private:
  void* p_ = nullptr;
  size_t bytes_ = 0;
  Use use_ = Use::Result;
};

// A primitive and the memory objects of its arguments. For one thread at a time.
class Primitive {
 public:
  Primitive() = default;
  Primitive(Primitive&& o) noexcept { swap(o); }
  Primitive& operator=(Primitive&& o) noexcept {
    swap(o);
    return *this;
  }
  ~Primitive();

  // False when the library has no implementation. The last reason stands in the status.
  bool make(const void* descriptor, const_dnnl_primitive_desc_t hint = nullptr);
  bool make_reorder(const Layout& from, const Layout& to, bool add);
  Layout layout(dnnl_query_t what) const;
  const_dnnl_primitive_desc_t descriptor() const { return pd_; }
  explicit operator bool() const { return primitive_ != nullptr; }

  void argument(int index, const Layout& layout);  // in the order of run()'s pointers
  void run(std::initializer_list<const void*> pointers);

 private:
  void swap(Primitive& o);
  bool finish();
  dnnl_primitive_desc_t pd_ = nullptr;
  dnnl_primitive_t primitive_ = nullptr;
  std::vector<dnnl_exec_arg_t> arguments_;
};

// Elements from one layout to another; `add`: to what is there.
void reorder(const Layout& from_layout, const void* from, const Layout& to_layout, void* to, bool add = false);

// ---- tensors whose elements still lie in a layout of oneDNN ----

struct BlockedData {
  Layout layout;
  Block block;
  bool settled = false;  // somebody wrote the plain elements, which count from then on
  int members = 1;       // tensors that share the storage because a layer works in place
  int pending = 0;       // tensors that hold it

  int64_t elements() const { return int64_t(dnnl()->memory_desc_get_size(&layout) / sizeof(float)); }
  bool padded() const;  // with elements that belong to nobody, which must stay zero
};

// The blocked elements of a tensor, or null.
std::shared_ptr<BlockedData> blocked(const Tensor& t);
// Forgets a pending layout of a tensor that is about to be overwritten.
void discard_pending(Tensor& t);
// Leaves the elements of `t` (sizes set, contiguous) in `data` until somebody looks.
void set_blocked(Tensor& t, std::shared_ptr<BlockedData> data);
// Nobody else would see old elements: the storage is the tensor's alone, or shared by layers in place,
// and no loop in Lua knows the address of the elements.
bool may_stay_blocked(const Tensor& t);
// Elements for `t`, as set_blocked leaves them, for the caller to write; null where they may not stay. What the caller
// holds of blocked() is not overwritten.
std::shared_ptr<BlockedData> leave_blocked(Tensor& t, const Layout& layout);
// A second tensor on the elements of a blocked one.
void share_blocked(Tensor& t, Tensor& source);

// An operand in the layout a primitive wants.
class Feed {
 public:
  Feed(const Tensor& t, const Layout& plain, const Layout& wanted);
  const float* data() const { return p_; }

 private:
  const float* p_;
  Block block_;
  TensorRef held_;
  std::shared_ptr<BlockedData> blocked_;
};

// A result that a primitive writes in `layout`; finish() brings it to the tensor.
class Sink {
 public:
  Sink(Tensor& t, const Layout& plain, const Layout& layout);
  float* data() const { return p_; }
  void finish();

 private:
  Tensor& tensor_;
  const Layout &plain_, &layout_;
  float* p_;
  Block block_;
  bool finished_;
};

}  // namespace t9::nn
