#include "io/disk_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <ctime>

namespace t9 {

namespace {

constexpr size_t kBuffer = size_t(1) << 17;
constexpr size_t kMostAtOnce = size_t(1) << 30;  // the system moves at most 2 GB a call

ptrdiff_t read_some(int fd, char* out, size_t n) {
  ptrdiff_t got;
  do got = ::read(fd, out, std::min(n, kMostAtOnce));
  while (got < 0 && errno == EINTR);
  return got;
}

[[noreturn]] void cannot_open(const std::string& name, bool readable, bool writable) {
  fail("cannot open <%s> in mode %c%c", name.c_str(), readable ? 'r' : ' ', writable ? 'w' : ' ');
}

}  // namespace

// ---- DescriptorFile ----

void DescriptorFile::turn_to(Doing what) {
  if (doing_ == what) return;
  if (!buffer_) buffer_.reset(new char[kBuffer]);
  if (doing_ == Doing::Writing) flush();
  int64_t position = this->position();
  if (doing_ == Doing::Reading && seekable_) lseek(fd_, off_t(position), SEEK_SET);  // gives read-ahead back
  doing_ = what;
  base_ = position;
  start_ = at_ = read_end_ = write_end_ = buffer_.get();
  if (what == Doing::Writing && !unbuffered_) write_end_ = start_ + kBuffer;
}

size_t DescriptorFile::fill(size_t n) {
  if (!open_ || !readable_) return 0;
  turn_to(Doing::Reading);
  n = std::min(n, kBuffer);
  size_t have = size_t(read_end_ - at_);
  if (have >= n) return have;
  end_ = -1;
  if (size_t(buffer_.get() + kBuffer - at_) < n || have == 0) {
    std::memmove(start_, at_, have);
    base_ += at_ - start_;
    at_ = start_;
    read_end_ = start_ + have;
  }
  while (have < n) {
    ptrdiff_t got = read_some(fd_, read_end_, size_t(start_ + kBuffer - read_end_));
    if (got <= 0) break;
    read_end_ += got;
    have += size_t(got);
  }
  return have;
}

size_t DescriptorFile::read_past(char* out, size_t n) {
  turn_to(Doing::Reading);
  size_t done = 0;
  while (done < n) {
    size_t left = n - done;
    if (left < kBuffer) {
      size_t have = std::min(fill(1), left);
      if (have == 0) break;
      std::memcpy(out + done, at_, have);
      at_ += have;
      done += have;
    } else {
      ptrdiff_t got = read_some(fd_, out + done, left);
      if (got <= 0) break;
      base_ += got + (at_ - start_);
      at_ = read_end_ = start_;
      done += size_t(got);
    }
  }
  return done;
}

void DescriptorFile::write_past(const char* data, size_t n) {
  turn_to(Doing::Writing);
  if (write_end_ - at_ < ptrdiff_t(n)) flush();
  if (write_end_ - at_ >= ptrdiff_t(n)) {
    std::memcpy(at_, data, n);
    at_ += n;
    return;
  }
  size_t wrote = write_all(data, n);
  base_ += int64_t(wrote);
  if (wrote < n) lost(wrote, n);
}

void DescriptorFile::make_room(size_t n) {
  if (!open_ || !writable_ || n > kBuffer) return;
  turn_to(Doing::Writing);
  if (write_end_ - at_ < ptrdiff_t(n)) flush();
}

void DescriptorFile::patch_past(int64_t position, int32_t value) {
  check_open();
  turn_to(Doing::Writing);
  if (position + int64_t(sizeof value) > base_) flush();
  if (pwrite(fd_, &value, sizeof value, off_t(position)) != ptrdiff_t(sizeof value)) lost(0, sizeof value);
}

ptrdiff_t DescriptorFile::write_some(const char* data, size_t n) { return ::write(fd_, data, n); }

size_t DescriptorFile::write_all(const char* data, size_t n) {
  size_t done = 0;
  while (done < n) {
    ptrdiff_t wrote = write_some(data + done, std::min(n - done, kMostAtOnce));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) break;
    done += size_t(wrote);
  }
  return done;
}

bool DescriptorFile::flush() {
  if (doing_ != Doing::Writing || at_ == start_) return true;
  size_t n = size_t(at_ - start_);
  size_t wrote = write_all(start_, n);
  base_ += int64_t(n);
  at_ = start_;
  if (wrote < n) lost(wrote, n);
  return wrote == n;
}

void DescriptorFile::lost(size_t wrote, size_t wanted) {
  failed = true;
  if (!quiet) fail("write error: wrote %zu bytes instead of %zu to <%s>: %s", wrote, wanted, name_.c_str(), std::strerror(errno));
}

void DescriptorFile::synchronize() {
  check_open();
  flush();
}

void DescriptorFile::set_unbuffered() {
  check_open();
  flush();
  unbuffered_ = true;
  if (doing_ == Doing::Writing) write_end_ = start_;
}

void DescriptorFile::seek(int64_t position) {
  check_open();
  if (doing_ == Doing::Reading && position >= base_ && position <= base_ + (read_end_ - start_)) {
    at_ = start_ + (position - base_);
    return;
  }
  flush();
  if (position < 0 || lseek(fd_, off_t(position), SEEK_SET) < 0) return cannot_seek(position);
  base_ = position;
  at_ = read_end_ = start_;
}

void DescriptorFile::seek_end() {
  check_open();
  flush();
  off_t end = lseek(fd_, 0, SEEK_END);
  if (end < 0) {
    failed = true;
    if (!quiet) fail("unable to seek at end of file");
    return;
  }
  base_ = int64_t(end);
  at_ = read_end_ = start_;
}

int64_t DescriptorFile::remaining() {
  if (end_ >= position()) return end_ - position();
  struct stat status;
  if (!seekable_ || fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) return -1;
  int64_t left = std::max<int64_t>(0, int64_t(status.st_size) - position());
  if (!writable_) end_ = position() + left;
  return left;
}

// ---- DiskFile ----

DiskFile::DiskFile(const std::string& path, bool readable, bool writable)
    : DescriptorFile(path, readable, writable) {
  int flags = readable && writable ? O_RDWR | O_CREAT : writable ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY;
  fd_ = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  struct stat status;
  if (fd_ >= 0 && fstat(fd_, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(fd_);
    fd_ = -1;
  }
  if (fd_ < 0) cannot_open(path, readable, writable);
  seekable_ = patchable_ = lseek(fd_, 0, SEEK_CUR) >= 0;
}

DiskFile::DiskFile(const std::string& path, const std::string& target, int fd)
    : DescriptorFile(target, false, true), temporary_(path), target_(target) {
  fd_ = fd;
  seekable_ = patchable_ = true;
}

std::unique_ptr<DiskFile> DiskFile::replacing(const std::string& path) {
  // A link stays a link: what it points to is replaced.
  std::string target = path;
  if (char* real = realpath(path.c_str(), nullptr)) {
    target = real;
    std::free(real);
  }
  struct stat status;
  bool exists = stat(target.c_str(), &status) == 0;
  if (exists && (!S_ISREG(status.st_mode) || access(target.c_str(), W_OK) != 0))
    return std::make_unique<DiskFile>(path, false, true);
  static std::atomic<unsigned> counter{0};
  for (int attempt = 0; attempt < 100; ++attempt) {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    std::string temporary = format("%s.%d-%u-%lx.tmp", target.c_str(), int(getpid()), counter.fetch_add(1), now.tv_nsec);
    int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) {
      if (exists && fchmod(fd, status.st_mode & 07777) != 0) errno = 0;  // best effort
      std::unique_ptr<DiskFile> file(new DiskFile(temporary, target, fd));
      file->name_ = path;
      return file;
    }
    if (errno != EEXIST) break;
  }
  // A folder where no file can be made may still hold one that can be written.
  return std::make_unique<DiskFile>(path, false, true);
}

void DiskFile::close() {
  check_open();
  bool whole = true;
  std::string problem;
  try {
    whole = flush();
  } catch (const Error& e) {
    whole = false;
    problem = e.what();
  }
  empty_window();
  open_ = false;
  if (::close(fd_) != 0 && errno != EINTR) whole = false;
  fd_ = -1;
  if (!temporary_.empty() && !whole) {
    unlink(temporary_.c_str());
    temporary_.clear();
  }
  if (!problem.empty()) throw Error(problem);
  T9_CHECK(whole || quiet, "write error: cannot write the end of <%s>: %s", name_.c_str(), std::strerror(errno));
}

void DiskFile::commit() {
  close();
  if (temporary_.empty()) return;
  std::string temporary = std::move(temporary_);
  temporary_.clear();
  if (rename(temporary.c_str(), target_.c_str()) == 0) return;
  int reason = errno;
  unlink(temporary.c_str());
  fail("cannot rename <%s> to <%s>: %s", temporary.c_str(), target_.c_str(), std::strerror(reason));
}

void DiskFile::abandon() {
  quiet = true;
  try {
    if (open_) close();
  } catch (const std::exception&) {
  }
  if (!temporary_.empty()) unlink(temporary_.c_str());
  temporary_.clear();
}

DiskFile::~DiskFile() { abandon(); }

// ---- PipeFile ----

PipeFile::PipeFile(const std::string& command, bool write) : DescriptorFile(command, !write, write) {
  std::fflush(nullptr);
  pipe_ = popen(command.c_str(), write ? "we" : "re");
  if (!pipe_) cannot_open(command, !write, write);
  fd_ = fileno(pipe_);
}

// The command may have ended: its signal must not end us.
ptrdiff_t PipeFile::write_some(const char* data, size_t n) {
  sigset_t pipe_signal, before, waiting;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  sigpending(&waiting);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  ptrdiff_t wrote = ::write(fd_, data, n);
  int reason = errno;
  if (!sigismember(&waiting, SIGPIPE)) {  // it comes with a short write, too
    timespec none{};
    while (sigtimedwait(&pipe_signal, nullptr, &none) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = reason;
  return wrote;
}

void PipeFile::close() {
  check_open();
  std::string problem;
  try {
    flush();
  } catch (const Error& e) {
    problem = e.what();
  }
  empty_window();
  open_ = false;
  pclose(pipe_);
  pipe_ = nullptr;
  fd_ = -1;
  if (!problem.empty()) throw Error(problem);
}

PipeFile::~PipeFile() {
  quiet = true;
  if (open_) close();
}

}  // namespace t9
