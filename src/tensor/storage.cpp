#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/allocator.h"
#include "base/pool.h"
#include "torch9/tensor.h"

namespace t9 {

class MappedFile {
 public:
  MappedFile(const std::string& path, bool shared, size_t bytes, bool shared_memory);
  ~MappedFile() {
    if (data_) munmap(data_, bytes_);
  }
  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  void* data_ = nullptr;
  size_t bytes_ = 0;
};

MappedFile::MappedFile(const std::string& path, bool shared, size_t bytes, bool shared_memory) {
  struct Descriptor {
    int fd = -1;
    ~Descriptor() {
      if (fd >= 0) close(fd);
    }
  } file;
  const char* name = path.c_str();
  int flags = shared ? O_RDWR | O_CREAT : O_RDONLY;
  file.fd = shared_memory ? shm_open(name, flags, 0600) : open(name, flags | O_CLOEXEC, 0644);
  T9_CHECK(file.fd >= 0, "unable to open file <%s> in %s mode: %s", name,
           shared ? "read-write" : "read-only", std::strerror(errno));
  struct stat status;
  T9_CHECK(fstat(file.fd, &status) == 0, "unable to stat the file <%s>: %s", name, std::strerror(errno));
  size_t have = size_t(status.st_size);
  bytes_ = bytes ? bytes : have;
  if (bytes_ > have) {
    T9_CHECK(shared, "unable to map file <%s> to a larger storage: it has %zu bytes, wanted %zu", name,
             have, bytes_);
    T9_CHECK(ftruncate(file.fd, off_t(bytes_)) == 0, "unable to resize file <%s> to %zu bytes: %s", name,
             bytes_, std::strerror(errno));
  }
  if (bytes_ == 0) return;
  void* p = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, shared ? MAP_SHARED : MAP_PRIVATE, file.fd, 0);
  T9_CHECK(p != MAP_FAILED, "unable to map file <%s>: %s", name, std::strerror(errno));
  data_ = p;
}

namespace {
size_t byte_count(Type type, ptrdiff_t n) {
  size_t bytes;
  T9_CHECK(n >= 0 && !__builtin_mul_overflow(size_t(n), size_t(info(type).size), &bytes),
           "invalid storage size: %td", n);
  return bytes;
}
Use use_of(char flag) { return flag & kStorageWorkspace ? Use::Workspace : Use::Result; }
}  // namespace

void* Storage::operator new(size_t) { return Pool<Storage>::take(); }
void Storage::operator delete(void* p) { Pool<Storage>::give(p); }

Storage* Storage::make(Type type, ptrdiff_t size, bool workspace) {
  size_t bytes = byte_count(type, size);
  void* data = allocate(bytes, workspace ? Use::Workspace : Use::Result);
  Storage* s = new Storage(type);
  if (workspace) s->flag = char(s->flag | kStorageWorkspace);
  s->data = data;
  s->size = s->capacity = size;
  return s;
}

Storage* Storage::wrap(Type type, ptrdiff_t size, void* data) {
  byte_count(type, size);
  Storage* s = new Storage(type);
  s->data = data;
  s->size = size;
  s->flag = kStorageRefcounted;
  return s;
}

Storage* Storage::view(Storage* parent, ptrdiff_t offset, ptrdiff_t size) {
  Storage* s = new Storage(parent->type);
  s->data = static_cast<char*>(parent->data) + offset * info(parent->type).size;
  s->size = size;
  s->flag = kStorageRefcounted | kStorageView;
  parent->retain();
  s->parent = parent;
  parent->flag = char(parent->flag & ~kStorageResizable);  // its block must stay where it is
  return s;
}

Storage* Storage::map(Type type, const std::string& path, bool shared, ptrdiff_t size, bool shared_memory) {
  auto file = std::make_unique<MappedFile>(path, shared, byte_count(type, size), shared_memory);
  Storage* s = new Storage(type);
  s->data = file->data();
  s->size = ptrdiff_t(file->bytes() / info(type).size);
  s->flag = kStorageRefcounted | kStorageMapped;
  s->mapping = file.release();
  return s;
}

Storage::~Storage() {
  if (flag & kStorageOwnsData) t9::release(data, byte_count(type, capacity), use_of(flag));
  if (parent) parent->release();
  delete mapping;
}

void Storage::resize(ptrdiff_t n) {
  if (n == size) return;
  T9_CHECK(flag & kStorageResizable, "Trying to resize storage that is not resizable");
  size_t bytes = byte_count(type, n);
  if (n > capacity) {
    void* fresh = allocate(bytes, use_of(flag));
    size_t keep = byte_count(type, n < size ? n : size);
    if (keep) std::memcpy(fresh, data, keep);
    t9::release(data, byte_count(type, capacity), use_of(flag));
    data = fresh;
    capacity = n;
  } else if (n < size) {
    // The block stays where it is: tensors may still reach past the new end.
    discard(static_cast<char*>(data) + bytes, byte_count(type, capacity) - bytes);
  }
  size = n;
}

}  // namespace t9
