// Files with typed reads and writes: binary or text, on disk, in memory or through a pipe.
//
// A file shows a window of its bytes, so that reading or writing one element is a compare and a copy;
// the virtual functions are called only at the window's ends. A file that is closed, or not readable
// or writable, has an empty window, and the slow path says what is wrong.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "torch9/tensor.h"

namespace t9 {

class File {
 public:
  virtual ~File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool quiet = false;         // failed reads and seeks set `failed` instead of throwing
  bool failed = false;
  bool auto_spacing = true;   // text: a space between elements, a newline after each write

  bool open() const { return open_; }
  bool readable() const { return readable_; }
  bool writable() const { return writable_; }
  bool binary() const { return binary_; }
  void set_binary(bool on) { binary_ = on, update_plain(); }
  int long_size() const { return long_size_; }
  void set_long_size(int bytes);                     // of a Long in binary: 4, 8, or 0 for native
  void set_swapped(bool on) { swapped_ = on, update_plain(); }  // binary in the other byte order
  virtual const std::string& name() const = 0;       // for messages

  // One element or many. A read beyond the end returns less and calls short_read().
  template <class T>
  T get() {
    T value{};
    if (!try_get(value)) short_read(0, 1);
    return value;
  }
  template <class T>
  void put(T value) {
    if (is_plain<T>() && write_end_ - at_ >= ptrdiff_t(sizeof(T))) [[likely]] {
      std::memcpy(at_, &value, sizeof(T));
      at_ += sizeof(T);
    } else {
      write(kTypeOf<T>, &value, 1);
    }
  }
  // Room in the window for n bytes as they stand in the file; null when they must go through write().
  char* claim(size_t n) {
    if (write_end_ - at_ < ptrdiff_t(n) && plain_) [[unlikely]] make_room(n);
    if (!plain_ || write_end_ - at_ < ptrdiff_t(n)) return nullptr;
    at_ += n;
    return at_ - n;
  }
  // Replaces an Int that was put at an earlier position; only where can_patch().
  bool can_patch() const { return plain_ && patchable_; }
  void patch(int64_t position, int32_t value) {
    const bool here = position >= base_ && position + int64_t(sizeof value) <= this->position();
    if (here && write_end_ > start_) std::memcpy(start_ + (position - base_), &value, sizeof value);
    else patch_past(position, value);
  }
  size_t read(Type type, void* out, size_t n);
  void write(Type type, const void* data, size_t n);

  // As get() and read(), but leave a short read to the caller.
  template <class T>
  bool try_get(T& value) {
    if (is_plain<T>() && read_end_ - at_ >= ptrdiff_t(sizeof(T))) [[likely]] {
      std::memcpy(&value, at_, sizeof(T));
      at_ += sizeof(T);
      return true;
    }
    return try_read(kTypeOf<T>, &value, 1) == 1;
  }
  size_t try_read(Type type, void* out, size_t n);
  void short_read(size_t got, size_t wanted);

  // n bytes, in the window where possible, else in scratch. Shorter at the end.
  std::string_view take_bytes(size_t n, std::string& scratch);
  void skip_newline() {  // after a read in text mode
    if (auto_spacing && available(1) && *at_ == '\n') ++at_;
  }
  std::string read_line();
  std::string read_all();
  void write_bytes(const char* data, size_t n);

  int64_t position() const { return base_ + (at_ - start_); }  // from 0
  virtual void seek(int64_t position) = 0;
  virtual void seek_end() = 0;
  virtual int64_t remaining() = 0;  // bytes from here to the end, or -1 where nobody knows
  bool holds(int64_t n) const { return read_end_ - at_ >= n; }  // in the window
  virtual void synchronize() = 0;
  virtual void close() = 0;
  void check_open() const { T9_CHECK(open_, "attempt to use a closed file"); }

 protected:
  File(bool readable, bool writable) : readable_(readable), writable_(writable) {}

  // At least n readable bytes in the window, unless the end comes first; returns how many there are.
  virtual size_t fill(size_t n) = 0;
  // Bytes after the window: the caller has used it up.
  virtual size_t read_past(char* out, size_t n) = 0;
  virtual void write_past(const char* data, size_t n) = 0;
  virtual void make_room(size_t) {}  // for n bytes more, where that is possible
  virtual void patch_past(int64_t position, int32_t value) = 0;  // of what is not in the window
  virtual void end_text() {}  // after a write in text mode
  void empty_window() { start_ = at_ = read_end_ = write_end_ = nullptr; }
  void cannot_seek(int64_t position);

  bool open_ = true, readable_, writable_;
  bool patchable_ = false;
  int64_t base_ = 0;       // position of start_
  char* start_ = nullptr;
  char* at_ = nullptr;
  char* read_end_ = nullptr;   // may lie before at_
  char* write_end_ = nullptr;  // likewise

 private:
  template <class T>
  bool is_plain() const {
    return std::is_same_v<T, int64_t> ? plain_long_ : plain_;
  }
  void update_plain() {
    plain_ = binary_ && !swapped_;
    plain_long_ = plain_ && long_size_ == 8;
  }
  size_t read_bytes(char* out, size_t n);
  size_t read_binary(Type type, void* out, size_t n);
  size_t read_text(Type type, void* out, size_t n);
  void write_binary(Type type, const void* data, size_t n);
  void write_text(Type type, const void* data, size_t n);
  template <class T>
  bool read_number(T& value);
  size_t available(size_t n) { return read_end_ - at_ >= ptrdiff_t(n) ? size_t(read_end_ - at_) : fill(n); }

  bool binary_ = false, swapped_ = false, plain_ = false, plain_long_ = false;
  int long_size_ = 8;
};

// n elements, or fewer where the file ends. Takes memory as the file proves to have them.
StorageRef read_storage(File& file, Type type, int64_t n);

}  // namespace t9
