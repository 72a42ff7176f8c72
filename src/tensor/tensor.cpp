#include "torch9/tensor.h"

#include "base/pool.h"
#include "ops/copy.h"

namespace t9 {

int64_t Sizes::product() const {
  if (n == 0) return 0;
  int64_t p = 1;
  for (int k = 0; k < n; ++k)
    T9_CHECK(d[k] >= 0 && !__builtin_mul_overflow(p, d[k], &p), "the sizes %s %shave too many elements", text().c_str(),
             d[k] < 0 ? "are negative or " : "");
  return p;
}

std::string Sizes::text(const char* separator) const {
  std::string out;
  for (int k = 0; k < n; ++k) {
    if (k) out += separator;
    out += std::to_string(d[k]);
  }
  return out;
}

Sizes contiguous_strides(const Sizes& sizes) {
  Sizes out;
  out.n = sizes.n;
  int64_t step = 1;
  for (int k = sizes.n - 1; k >= 0; --k) {
    out.d[k] = step;
    step = int64_t(uint64_t(step) * uint64_t(sizes.d[k]));  // may wrap: resize refuses such sizes
  }
  return out;
}

void* Tensor::operator new(size_t) { return Pool<Tensor>::take(); }
void Tensor::operator delete(void* p) { Pool<Tensor>::give(p); }

Tensor::~Tensor() {
  if (storage) storage->release();
  if (size != dims_) delete[] size;
}

void Tensor::set_dims(int n) {
  if (n > kInlineDims && n > nDimension) {
    T9_CHECK(n <= kMaxDims, "%d dimensions are too many, the limit is %d", n, kMaxDims);
    int64_t* fresh = new int64_t[2 * size_t(n)];
    for (int k = 0; k < nDimension; ++k) fresh[k] = size[k], fresh[n + k] = stride[k];
    if (size != dims_) delete[] size;
    size = fresh;
    stride = fresh + n;
  }
  nDimension = n;
}

bool Tensor::contiguous_dims() const {
  int64_t step = 1;
  for (int k = nDimension - 1; k >= 0; --k) {
    if (size[k] == 1) continue;
    if (stride[k] != step) return false;
    step *= size[k];
  }
  return true;
}

bool Tensor::same_size(const Tensor& o) const {
  if (nDimension != o.nDimension) return false;
  for (int k = 0; k < nDimension; ++k)
    if (size[k] != o.size[k]) return false;
  return true;
}

void Tensor::settle() {
  flag = char(flag & ~kTensorPending);
  std::unique_ptr<PendingLayout> layout = std::move(pending);
  layout->plain(*this);
}

void Tensor::set_pending(std::unique_ptr<PendingLayout> layout) {
  pending = std::move(layout);
  flag = char(flag | kTensorPending);
}

void Tensor::set_geometry(const Sizes& sizes, const Sizes& strides) {
  set_dims(sizes.n);
  for (int k = 0; k < sizes.n; ++k) size[k] = sizes.d[k], stride[k] = strides.d[k];
}

// The storage made to hold elements of this geometry: s itself, grown if need be, or a new one for null.
// What fails here fails before the tensor has changed.
Storage* Tensor::room_for(Storage* s, ptrdiff_t offset, const Sizes& sizes, const Sizes& strides) const {
  if (sizes.n == 0) return s;
  int64_t last = offset, count;
  for (int k = 0; k < sizes.n; ++k) {
    int64_t span;
    T9_CHECK(!__builtin_mul_overflow(sizes[k] - 1, strides[k], &span) && !__builtin_add_overflow(last, span, &last),
             "the sizes %s have too many elements", sizes.text().c_str());
  }
  T9_CHECK(last >= 0, "Tensor: invalid geometry: an element would lie before the storage");
  T9_CHECK(!__builtin_add_overflow(last, 1, &count), "the sizes %s have too many elements", sizes.text().c_str());
  if (!s) return Storage::make(type, count);
  if (count > s->size) s->resize(count);
  return s;
}

// Strides that are missing or negative are those of contiguous memory.
static Sizes completed(const Sizes& sizes, const Sizes& strides) {
  sizes.product();  // refuses counts that overflow
  Sizes real = strides;
  real.n = sizes.n;
  for (int k = sizes.n - 1; k >= 0; --k) {
    if (k < strides.n && strides.d[k] >= 0) continue;
    if (k == sizes.n - 1) real.d[k] = 1;
    else T9_CHECK(!__builtin_mul_overflow(sizes.d[k + 1], real.d[k + 1], &real.d[k]),
                  "the sizes %s have too many elements", sizes.text().c_str());
  }
  return real;
}

void Tensor::resize(const Sizes& sizes) {
  if (sizes.n == nDimension) {
    int k = 0;
    while (k < sizes.n && size[k] == sizes.d[k]) ++k;
    if (k == sizes.n) return;
  }
  sizes.product();  // refuses counts that overflow
  make_plain();
  Sizes strides = contiguous_strides(sizes);
  storage = room_for(storage, storageOffset, sizes, strides);
  set_geometry(sizes, strides);
}

void Tensor::resize(const Sizes& sizes, const Sizes& strides) {
  Sizes real = completed(sizes, strides);
  make_plain();
  storage = room_for(storage, storageOffset, sizes, real);
  set_geometry(sizes, real);
}

void Tensor::resize_as(const Tensor& o) {
  if (!same_size(o)) resize(o.sizes());
}

void Tensor::set(const Tensor& o) {
  if (this == &o) return;
  o.make_plain();
  set(o.storage, o.storageOffset, o.sizes(), o.strides());
}

void Tensor::set(Storage* s, ptrdiff_t offset, const Sizes& sizes, const Sizes& strides) {
  T9_CHECK(offset >= 0, "Tensor: invalid storage offset");
  Sizes real = completed(sizes, strides);
  make_plain();
  Storage* held = room_for(s, offset, sizes, real);
  if (s) s->retain();
  if (storage) storage->release();
  storage = held;
  storageOffset = offset;
  set_geometry(sizes, real);
}

void Tensor::set_empty() {
  make_plain();
  if (storage) storage->release();
  storage = nullptr;
  storageOffset = 0;
  nDimension = 0;
}

TensorRef make_tensor(Type type) { return TensorRef::take(Tensor::make(type)); }

TensorRef make_tensor(Type type, const Sizes& sizes) {
  TensorRef t = make_tensor(type);
  t->resize(sizes);
  return t;
}

TensorRef make_workspace(Type type, const Sizes& sizes) {
  TensorRef t = make_tensor(type);
  t->storage = Storage::make(type, ptrdiff_t(sizes.product()), true);
  t->resize(sizes);
  return t;
}

TensorRef alias(const Tensor& t) {
  t.make_plain();
  TensorRef a = make_tensor(t.type);
  a->set_dims(t.nDimension);
  for (int k = 0; k < t.nDimension; ++k) a->size[k] = t.size[k], a->stride[k] = t.stride[k];
  if (t.storage) t.storage->retain();
  a->storage = t.storage;
  a->storageOffset = t.storageOffset;
  return a;
}

TensorRef clone(const Tensor& t) { return converted(t, t.type); }

TensorRef contiguous(const Tensor& t) {
  if (t.contiguous()) return alias(t);
  TensorRef out = make_workspace(t.type, t.sizes());
  if (t.numel()) copy(*out, t);
  return out;
}

TensorRef converted(const Tensor& t, Type type) {
  TensorRef out = make_tensor(type, t.sizes());
  if (t.numel()) copy(*out, t);
  return out;
}

}  // namespace t9
