#include "nn/dnnl.h"

#include <dlfcn.h>

#include <list>

#include "base/threads.h"
#include "ops/copy.h"

namespace t9::nn {

namespace {

std::unique_ptr<Dnnl> load() {
  void* library = dlopen("libdnnl.so.2", RTLD_NOW | RTLD_LOCAL);
  if (!library) return nullptr;
  auto out = std::make_unique<Dnnl>();
#define T9_BIND(NAME)                                                                \
  out->NAME = reinterpret_cast<decltype(out->NAME)>(dlsym(library, "dnnl_" #NAME)); \
  if (!out->NAME) return nullptr;
  T9_DNNL_FUNCTIONS(T9_BIND)
#undef T9_BIND
  if (out->engine_create(&out->engine, dnnl_cpu, 0) != dnnl_success) return nullptr;
  return out;
}

// One stream a thread; never destroyed, since threads may end after the library has.
dnnl_stream_t stream() {
  thread_local dnnl_stream_t s = [] {
    dnnl_stream_t out = nullptr;
    dnnl_check(dnnl()->stream_create(&out, dnnl()->engine, dnnl_stream_default_flags), "stream");
    return out;
  }();
  return s;
}

}  // namespace

const Dnnl* dnnl() {
  static const std::unique_ptr<Dnnl> table = load();
  return table.get();
}

void dnnl_check(dnnl_status_t status, const char* what) {
  T9_CHECK(status == dnnl_success, "oneDNN: %s failed (status %d)", what, int(status));
}

Layout plain_layout(const Sizes& sizes) {
  Layout out;
  dnnl_check(dnnl()->memory_desc_init_by_strides(&out, sizes.n, sizes.d, dnnl_f32, contiguous_strides(sizes).d), "layout");
  return out;
}

Layout any_layout(const Sizes& sizes) {
  Layout out = plain_layout(sizes);
  out.format_kind = dnnl_format_kind_any;
  return out;
}

Primitive::~Primitive() {
  if (!dnnl()) return;
  for (auto& a : arguments_) dnnl()->memory_destroy(a.memory);
  if (primitive_) dnnl()->primitive_destroy(primitive_);
  if (pd_) dnnl()->primitive_desc_destroy(pd_);
}

void Primitive::swap(Primitive& o) {
  std::swap(pd_, o.pd_);
  std::swap(primitive_, o.primitive_);
  std::swap(arguments_, o.arguments_);
}

bool Primitive::finish() { return dnnl()->primitive_create(&primitive_, pd_) == dnnl_success; }

bool Primitive::make(const void* descriptor, const_dnnl_primitive_desc_t hint) {
  if (dnnl()->primitive_desc_create(&pd_, descriptor, nullptr, dnnl()->engine, hint) != dnnl_success) {
    pd_ = nullptr;
    return false;
  }
  return finish();
}

bool Primitive::make_reorder(const Layout& from, const Layout& to, bool add) {
  dnnl_primitive_attr_t attributes = nullptr;
  if (add) {
    dnnl_post_ops_t post = nullptr;
    dnnl_check(dnnl()->primitive_attr_create(&attributes), "attributes");
    dnnl_check(dnnl()->post_ops_create(&post), "post-ops");
    dnnl_check(dnnl()->post_ops_append_sum(post, 1), "sum");
    dnnl_check(dnnl()->primitive_attr_set_post_ops(attributes, post), "post-ops");
    dnnl()->post_ops_destroy(post);
  }
  const Dnnl& d = *dnnl();
  bool made = d.reorder_primitive_desc_create(&pd_, &from, d.engine, &to, d.engine, attributes) == dnnl_success;
  if (attributes) d.primitive_attr_destroy(attributes);
  if (!made) {
    pd_ = nullptr;
    return false;
  }
  if (!finish()) return false;
  argument(DNNL_ARG_FROM, from);
  argument(DNNL_ARG_TO, to);
  return true;
}

Layout Primitive::layout(dnnl_query_t what) const {
  const Layout* md = dnnl()->primitive_desc_query_md(pd_, what, 0);
  T9_CHECK(md, "oneDNN: a layout is missing");
  return *md;
}

void Primitive::argument(int index, const Layout& layout) {
  dnnl_memory_t m = nullptr;
  dnnl_check(dnnl()->memory_create(&m, &layout, dnnl()->engine, DNNL_MEMORY_NONE), "memory");
  arguments_.push_back({index, m});
}

void Primitive::run(std::initializer_list<const void*> pointers) {
  auto p = pointers.begin();
  for (auto& a : arguments_) dnnl()->memory_set_data_handle(a.memory, const_cast<void*>(*p++));
  dnnl_check(dnnl()->primitive_execute(primitive_, stream(), int(arguments_.size()), arguments_.data()), "execution");
  dnnl()->stream_wait(stream());
}

namespace {
struct Reorder {
  uint64_t key;  // of both layouts: most others differ in it
  Layout from, to;
  bool add;
  int threads;
  Primitive primitive;
};
constexpr size_t kReorders = 1024;

uint64_t key_of(const Layout& l, uint64_t key) {
  for (int k = 0; k < l.ndims; ++k) key = (key ^ uint64_t(l.dims[k])) * 0x9e3779b97f4a7c15u;
  key = (key ^ uint64_t(l.format_kind)) * 0x9e3779b97f4a7c15u;
  if (l.format_kind == dnnl_blocked)
    for (int k = 0; k < l.ndims; ++k) key = (key ^ uint64_t(l.format_desc.blocking.strides[k])) * 0x9e3779b97f4a7c15u;
  return key;
}
}  // namespace

void reorder(const Layout& from_layout, const void* from, const Layout& to_layout, void* to, bool add) {
  thread_local std::list<Reorder> recent;  // the last used first
  const int threads = num_threads();
  const uint64_t key = key_of(to_layout, key_of(from_layout, uint64_t(add) + 2));
  auto at = recent.begin();
  while (at != recent.end() && !(at->key == key && at->add == add && at->threads == threads && same_layout(at->from, from_layout) &&
                                 same_layout(at->to, to_layout)))
    ++at;
  if (at == recent.end()) {
    recent.push_front({key, from_layout, to_layout, add, threads, {}});
    at = recent.begin();
    if (!at->primitive.make_reorder(from_layout, to_layout, add)) {
      recent.pop_front();
      fail("oneDNN: no reorder between two layouts");
    }
    if (recent.size() > kReorders) recent.pop_back();
  } else if (at != recent.begin()) {
    recent.splice(recent.begin(), recent, at);
  }
  at->primitive.run({from, to});
}

// ---- blocked tensors ----

namespace {
struct BlockedLayout : PendingLayout {
  std::shared_ptr<BlockedData> data;
  explicit BlockedLayout(std::shared_ptr<BlockedData> d) : data(std::move(d)) { ++data->pending; }
  ~BlockedLayout() override { --data->pending; }
  void plain(Tensor& t) override {
    // kept, without the flag, to know who shares the storage
    t.pending = std::make_unique<BlockedLayout>(data);
    if (data->settled) return;
    data->settled = true;
    reorder(data->layout, data->block.data(), plain_layout(batch_sizes(t, data->layout.ndims)), t.data<float>());
    // The first time only, so that no list grows for good.
    if (t.flag & kTensorSettles) data->block = Block();
    else data->block.release_as_workspace();
    t.flag = char(t.flag | kTensorSettles);
  }
  static Sizes batch_sizes(const Tensor& t, int dims) {
    Sizes s;
    if (t.nDimension < dims) s.push(1);
    for (int k = 0; k < t.nDimension; ++k) s.push(t.size[k]);
    return s;
  }
};
}  // namespace

bool BlockedData::padded() const {
  for (int k = 0; k < layout.ndims; ++k)
    if (layout.dims[k] != layout.padded_dims[k]) return true;
  return false;
}

std::shared_ptr<BlockedData> blocked(const Tensor& t) {
  if (!(t.flag & kTensorPending)) return nullptr;
  auto* layout = dynamic_cast<BlockedLayout*>(t.pending.get());
  return layout && !layout->data->settled ? layout->data : nullptr;
}

void discard_pending(Tensor& t) {
  t.flag = char(t.flag & ~kTensorPending);
  t.pending.reset();
}

void set_blocked(Tensor& t, std::shared_ptr<BlockedData> data) {
  t.set_pending(std::make_unique<BlockedLayout>(std::move(data)));
}

bool may_stay_blocked(const Tensor& t) {
  if (!t.storage || !t.contiguous() || t.numel() < 4096) return false;
  auto* layout = dynamic_cast<BlockedLayout*>(t.pending.get());
  return t.storage->refcount.load(std::memory_order_relaxed) <= (layout ? layout->data->members : 1);
}

std::shared_ptr<BlockedData> leave_blocked(Tensor& t, const Layout& layout) {
  if (!may_stay_blocked(t)) return nullptr;
  auto* before = dynamic_cast<BlockedLayout*>(t.pending.get());
  if (before && !before->data->settled && before->data.use_count() == before->data->pending &&
      same_layout(before->data->layout, layout)) {
    std::shared_ptr<BlockedData> data = before->data;  // for all members, whose storage it stands for
    set_blocked(t, data);
    return data;
  }
  auto data = std::make_shared<BlockedData>();
  bool settles = t.flag & kTensorSettles;
  if (before) {
    data->members = before->data->members;
    settles = settles || before->data->settled;
  }
  discard_pending(t);
  data->layout = layout;
  data->block = Block(layout, settles ? Use::Workspace : Use::Result);
  set_blocked(t, data);
  return data;
}

void share_blocked(Tensor& t, Tensor& source) {
  if (&t == &source) return;
  std::shared_ptr<BlockedData> data = blocked(source);
  std::unique_ptr<PendingLayout> kept = std::move(source.pending);
  source.flag = char(source.flag & ~kTensorPending);
  discard_pending(t);
  if (t.storage != source.storage) ++data->members;
  t.set(source);
  source.set_pending(std::move(kept));
  set_blocked(t, std::move(data));
}

Feed::Feed(const Tensor& t, const Layout& plain, const Layout& wanted) {
  blocked_ = blocked(t);
  if (blocked_) {
    // what a primitive left has the dimensions of a batch, as `wanted` has
    if (same_layout(blocked_->layout, wanted)) {
      p_ = blocked_->block.data();
      return;
    }
    if (blocked_->layout.ndims == wanted.ndims) {
      block_ = Block(wanted, Use::Workspace);
      reorder(blocked_->layout, blocked_->block.data(), wanted, block_.data());
      p_ = block_.data();
      return;
    }
    blocked_.reset();
  }
  const Tensor* source = &t;
  if (!t.contiguous()) {
    held_ = contiguous(t);
    source = held_.get();
  }
  p_ = source->data<float>();
  if (same_layout(plain, wanted)) return;
  block_ = Block(wanted, Use::Workspace);
  reorder(plain, p_, wanted, block_.data());
  p_ = block_.data();
}

Sink::Sink(Tensor& t, const Layout& plain, const Layout& layout) : tensor_(t), plain_(plain), layout_(layout) {
  const bool direct = same_layout(plain, layout) && t.contiguous();
  // not where the padding of the last block would cost every later layer more than a reorder
  const bool worth = !direct && layout.ndims > 1 && layout.padded_dims[1] * 4 <= layout.dims[1] * 5;
  std::shared_ptr<BlockedData> stays = worth ? leave_blocked(t, layout) : nullptr;
  finished_ = direct || stays;
  if (!stays) discard_pending(t);
  if (!finished_) block_ = Block(layout, Use::Workspace);
  p_ = direct ? t.data<float>() : stays ? stays->block.data() : block_.data();
}

void Sink::finish() {
  if (finished_) return;
  if (tensor_.contiguous()) return reorder(layout_, p_, plain_, tensor_.data<float>());
  TensorRef dense = make_workspace(tensor_.type, tensor_.sizes());
  reorder(layout_, p_, plain_, dense->data<float>());
  copy(tensor_, *dense);
}

}  // namespace t9::nn
