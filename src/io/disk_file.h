// Files of the system: on disk, or a pipe to a command.
#pragma once

#include <cstdio>
#include <memory>

#include "io/file.h"

namespace t9 {

// A buffer before a file descriptor. It holds either bytes read ahead or bytes still to be written.
class DescriptorFile : public File {
 public:
  const std::string& name() const override { return name_; }
  void seek(int64_t position) override;
  void seek_end() override;
  int64_t remaining() override;
  void synchronize() override;
  void set_unbuffered();

 protected:
  DescriptorFile(std::string name, bool readable, bool writable)
      : File(readable, writable), name_(std::move(name)) {}
  size_t fill(size_t n) override;
  size_t read_past(char* out, size_t n) override;
  void write_past(const char* data, size_t n) override;
  void make_room(size_t n) override;
  void patch_past(int64_t position, int32_t value) override;
  bool flush();                               // false: some bytes were lost
  virtual ptrdiff_t write_some(const char* data, size_t n);  // as write(2)

  int fd_ = -1;
  bool seekable_ = false;
  std::string name_;

 private:
  enum class Doing { Nothing, Reading, Writing };
  void turn_to(Doing what);
  size_t write_all(const char* data, size_t n);
  void lost(size_t wrote, size_t wanted);

  std::unique_ptr<char[]> buffer_;
  Doing doing_ = Doing::Nothing;
  bool unbuffered_ = false;
  int64_t end_ = -1;  // of a file that is only read, as seen when the buffer was last filled
};

class DiskFile final : public DescriptorFile {
 public:
  // Throws when the file cannot be opened. 'w' alone truncates, 'rw' makes the file if it is missing.
  DiskFile(const std::string& path, bool readable, bool writable);
  // Writes beside `path`; commit() puts the result in its place. Without commit nothing changes.
  static std::unique_ptr<DiskFile> replacing(const std::string& path);
  void commit();
  void abandon();
  ~DiskFile() override;
  void close() override;

 private:
  DiskFile(const std::string& path, const std::string& target, int fd);
  std::string temporary_, target_;  // of a replacing file
};

class PipeFile final : public DescriptorFile {
 public:
  PipeFile(const std::string& command, bool write);
  ~PipeFile() override;
  void close() override;

 protected:
  ptrdiff_t write_some(const char* data, size_t n) override;

 private:
  std::FILE* pipe_ = nullptr;
};

}  // namespace t9
