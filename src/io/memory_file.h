// A file in memory, over a CharStorage.
#pragma once

#include "io/file.h"

namespace t9 {

class MemoryFile final : public File {
 public:
  MemoryFile(bool readable, bool writable);
  // Over the first `size` bytes of a CharStorage; writes change it until it is too small.
  MemoryFile(StorageRef storage, size_t size, bool readable, bool writable);
  // Reads bytes that stay alive as long as the file.
  explicit MemoryFile(std::string_view bytes);
  ~MemoryFile() override { unpin(); }

  // All bytes and a final zero, shared with the file. Its size is fixed until the file is closed.
  StorageRef storage();
  std::string_view bytes();

  const std::string& name() const override;
  void seek(int64_t position) override;
  void seek_end() override;
  int64_t remaining() override;
  void synchronize() override { check_open(); }
  void close() override;

 protected:
  size_t fill(size_t n) override;
  size_t read_past(char* out, size_t n) override;
  void write_past(const char* data, size_t n) override;
  void make_room(size_t n) override {
    if (open_ && writable_) grow(n);
  }
  void patch_past(int64_t position, int32_t value) override;
  void end_text() override;

 private:
  void settle();  // takes note of what was written through the window
  void grow(size_t n);
  void pin();
  void unpin();

  StorageRef storage_;
  bool pinned_ = false;  // others see storage_: it must neither move nor be resized
  size_t size_ = 0;
};

}  // namespace t9
