#include "io/memory_file.h"

#include <algorithm>

namespace t9 {

MemoryFile::MemoryFile(bool readable, bool writable) : File(readable, writable) {
  patchable_ = true;
}

MemoryFile::MemoryFile(std::string_view bytes) : File(true, false), size_(bytes.size()) {
  start_ = at_ = write_end_ = const_cast<char*>(bytes.data());
  read_end_ = start_ + size_;
}

MemoryFile::MemoryFile(StorageRef storage, size_t size, bool readable, bool writable)
    : File(readable, writable), size_(size) {
  patchable_ = true;
  if ((storage->flag & kStorageOwnsData) && !(storage->flag & kStorageResizable)) {
    // Somebody else relies on its block: it may be resized again before we are done.
    storage_ = StorageRef::take(Storage::make(Type::Char, storage->size));
    std::memcpy(storage_->data, storage->data, size_t(storage->size));
  } else {
    storage_ = std::move(storage);
    pin();
  }
  start_ = at_ = storage_->as<char>();
  read_end_ = readable ? start_ + size_ : start_;
  write_end_ = writable ? start_ + size_ : start_;
}

const std::string& MemoryFile::name() const {
  static const std::string name = "memory";
  return name;
}

void MemoryFile::pin() {
  if (storage_->flag & kStorageResizable) {
    storage_->flag = char(storage_->flag & ~kStorageResizable);
    pinned_ = true;
  }
}

void MemoryFile::unpin() {
  if (pinned_) storage_->flag = char(storage_->flag | kStorageResizable);
  pinned_ = false;
}

void MemoryFile::settle() {
  if (!open_) return;
  size_ = std::max(size_, size_t(at_ - start_));
  if (readable_) read_end_ = start_ + size_;
}

size_t MemoryFile::fill(size_t) {
  settle();
  return size_t(std::max<ptrdiff_t>(0, read_end_ - at_));
}

size_t MemoryFile::read_past(char* out, size_t n) {
  size_t have = std::min(fill(n), n);
  if (have) std::memcpy(out, at_, have);
  at_ += have;
  return have;
}

void MemoryFile::write_past(const char* data, size_t n) {
  grow(n);
  std::memcpy(at_, data, n);
  at_ += n;
}

void MemoryFile::grow(size_t n) {
  settle();
  size_t at = size_t(at_ - start_), wanted = at + n;
  size_t capacity = std::max(wanted + wanted / 2, size_t(256));
  // A fresh block: a resize in place would pull the bytes from under those who share the storage.
  StorageRef fresh = StorageRef::take(Storage::make(Type::Char, ptrdiff_t(capacity)));
  if (size_) std::memcpy(fresh->data, start_, size_);
  unpin();
  storage_ = std::move(fresh);
  start_ = storage_->as<char>();
  at_ = start_ + at;
  write_end_ = start_ + capacity;
  read_end_ = readable_ ? start_ + size_ : start_;
}

void MemoryFile::patch_past(int64_t position, int32_t value) {
  check_open();
  settle();
  if (writable_ && position + int64_t(sizeof value) <= int64_t(size_)) std::memcpy(start_ + position, &value, sizeof value);
}

// Torch7 formats in place, and leaves the zero that ends a C string.
void MemoryFile::end_text() {
  settle();
  if (at_ < start_ + size_) *at_ = 0;
}

std::string_view MemoryFile::bytes() {
  check_open();
  settle();
  return {start_, size_};
}

StorageRef MemoryFile::storage() {
  check_open();
  settle();
  if (!storage_ || size_t(storage_->size) != size_ + 1) {
    size_t at = size_t(at_ - start_);
    if (!storage_ || size_t(storage_->size) < size_ + 1 || !(storage_->flag & kStorageResizable)) grow(size_ + 1 - at);
    storage_->resize(ptrdiff_t(size_) + 1);
    start_ = storage_->as<char>();
    at_ = start_ + at;
    read_end_ = readable_ ? start_ + size_ : start_;
    write_end_ = writable_ ? start_ + size_ : start_;
    start_[size_] = 0;
    pin();
  }
  return storage_;
}

void MemoryFile::seek(int64_t position) {
  check_open();
  settle();
  if (position < 0 || size_t(position) > size_) return cannot_seek(position);
  at_ = start_ + position;
}

void MemoryFile::seek_end() {
  check_open();
  settle();
  at_ = start_ + size_;
}

int64_t MemoryFile::remaining() {
  settle();
  return int64_t(size_) - (at_ - start_);
}

void MemoryFile::close() {
  check_open();
  unpin();
  storage_ = StorageRef();
  empty_window();
  size_ = 0;
  open_ = false;
}

}  // namespace t9
