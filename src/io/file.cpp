#include "io/file.h"

#include <algorithm>
#include <bit>

#include "io/number_text.h"

namespace t9 {

namespace {

constexpr size_t kLongestNumber = 4096;  // characters, in files of others

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

void swap_bytes(char* p, size_t size, size_t n) {
  for (size_t k = 0; k < n; ++k, p += size) std::reverse(p, p + size);
}

bool is_raw(Type type) { return type == Type::Byte || type == Type::Char; }

}  // namespace

void File::set_long_size(int bytes) {
  T9_CHECK(bytes == 0 || bytes == 4 || bytes == 8, "Invalid long size specified");
  long_size_ = bytes == 0 ? 8 : bytes;
  update_plain();
}

void File::short_read(size_t got, size_t wanted) {
  failed = true;
  if (!quiet) fail("read error: read %zu blocks instead of %zu", got, wanted);
}

void File::cannot_seek(int64_t position) {
  failed = true;
  if (!quiet) fail("unable to seek at position %lld", static_cast<long long>(position));
}

// ---- reading ----

size_t File::read(Type type, void* out, size_t n) {
  size_t got = try_read(type, out, n);
  if (got != n) short_read(got, n);
  return got;
}

size_t File::try_read(Type type, void* out, size_t n) {
  check_open();
  T9_CHECK(readable_, "attempt to read in a write-only file");
  if (binary_) return read_binary(type, out, n);
  size_t got = read_text(type, out, n);
  if (n > 0) skip_newline();
  return got;
}

size_t File::read_bytes(char* out, size_t n) {
  size_t got = size_t(std::clamp<ptrdiff_t>(read_end_ - at_, 0, ptrdiff_t(n)));
  if (got) std::memcpy(out, at_, got);
  at_ += got;
  return got < n ? got + read_past(out + got, n - got) : got;
}

size_t File::read_binary(Type type, void* out, size_t n) {
  const size_t size = info(type).size;
  char* p = static_cast<char*>(out);
  if (type == Type::Long && long_size_ == 4) {
    int32_t block[1024];
    size_t done = 0;
    while (done < n) {
      size_t want = std::min(n - done, std::size(block));
      size_t got = read_bytes(reinterpret_cast<char*>(block), want * 4) / 4;
      if (swapped_) swap_bytes(reinterpret_cast<char*>(block), 4, got);
      for (size_t k = 0; k < got; ++k) static_cast<int64_t*>(out)[done + k] = block[k];
      done += got;
      if (got < want) break;
    }
    return done;
  }
  size_t got = read_bytes(p, n * size) / size;
  if (swapped_ && size > 1) swap_bytes(p, size, got);
  return got;
}

template <class T>
bool File::read_number(T& value) {
  while (available(1) && is_space(*at_)) ++at_;
  for (size_t have = available(kNumberChars);;) {
    const char* stop = parse_number(at_, at_ + have, value);
    if (stop == at_ + have && have && have < kLongestNumber) {  // it may go on beyond the window
      size_t more = fill(have + 1);
      if (more > have) {
        have = more;
        continue;
      }
    }
    bool found = stop != at_;
    at_ += stop - at_;
    return found;
  }
}

size_t File::read_text(Type type, void* out, size_t n) {
  if (is_raw(type)) return read_bytes(static_cast<char*>(out), n);
  size_t done = 0;
  dispatch<kAllTypes>(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (sizeof(T) > 1)
      while (done < n && read_number(static_cast<T*>(out)[done])) ++done;
  });
  return done;
}

std::string_view File::take_bytes(size_t n, std::string& scratch) {
  check_open();
  T9_CHECK(readable_, "attempt to read in a write-only file");
  if (read_end_ - at_ >= ptrdiff_t(n)) {
    std::string_view view(at_, n);
    at_ += n;
    return view;
  }
  // Claimed sizes may be wrong: take memory as the bytes come.
  constexpr size_t kStep = size_t(1) << 20;
  scratch.clear();
  while (scratch.size() < n) {
    size_t before = scratch.size(), step = std::min(n - before, std::max(kStep, before));
    scratch.resize(before + step);
    size_t got = read_bytes(scratch.data() + before, step);
    if (got < step) {
      scratch.resize(before + got);
      break;
    }
  }
  return scratch;
}

std::string File::read_line() {
  check_open();
  T9_CHECK(readable_, "attempt to read in a write-only file");
  std::string line;
  bool any = false;
  while (size_t have = available(1)) {
    any = true;
    const char* end = static_cast<const char*>(std::memchr(at_, '\n', have));
    size_t n = end ? size_t(end - at_) : have;
    line.append(at_, n);
    at_ += n + (end ? 1 : 0);
    if (end) return line;
  }
  if (!any) short_read(0, 1);
  return line;
}

std::string File::read_all() {
  check_open();
  T9_CHECK(readable_, "attempt to read in a write-only file");
  std::string text;
  while (size_t have = available(1)) {
    text.append(at_, have);
    at_ += have;
  }
  if (text.empty()) short_read(0, 1);
  return text;
}

StorageRef read_storage(File& file, Type type, int64_t n) {
  constexpr int64_t kStep = int64_t(1) << 20;
  int64_t left = file.remaining(), least = file.binary() ? std::min<int64_t>(info(type).size, 4) : 1;
  bool sure = left >= 0 && n <= left / least;
  StorageRef s = StorageRef::take(Storage::make(type, sure ? n : std::min(n, kStep)));
  int64_t done = 0;
  while (done < n) {
    if (done == s->size) s->resize(ptrdiff_t(std::min(n, 2 * done)));
    int64_t step = s->size - done;
    int64_t got = int64_t(file.try_read(type, static_cast<char*>(s->data) + done * info(type).size, size_t(step)));
    done += got;
    if (got < step) break;
  }
  s->resize(ptrdiff_t(done));
  return s;
}

// ---- writing ----

void File::write(Type type, const void* data, size_t n) {
  check_open();
  T9_CHECK(writable_, "attempt to write in a read-only file");
  if (binary_) write_binary(type, data, n);
  else write_text(type, data, n);
}

void File::write_bytes(const char* data, size_t n) {
  check_open();
  T9_CHECK(writable_, "attempt to write in a read-only file");
  if (n == 0) return;
  if (write_end_ - at_ >= ptrdiff_t(n)) {
    std::memcpy(at_, data, n);
    at_ += n;
  } else {
    write_past(data, n);
  }
}

void File::write_binary(Type type, const void* data, size_t n) {
  const size_t size = info(type).size;
  const char* p = static_cast<const char*>(data);
  const bool cut = type == Type::Long && long_size_ == 4;
  if (!cut && (!swapped_ || size == 1)) return write_bytes(p, n * size);
  char block[8192];
  const size_t out_size = cut ? 4 : size;
  while (n) {
    size_t step = std::min(n, sizeof block / 8);
    if (cut) {
      for (size_t k = 0; k < step; ++k) {
        int64_t v;
        std::memcpy(&v, p + k * 8, 8);
        int32_t low = int32_t(v);
        std::memcpy(block + k * 4, &low, 4);
      }
    } else {
      std::memcpy(block, p, step * size);
    }
    if (swapped_) swap_bytes(block, out_size, step);
    write_bytes(block, step * out_size);
    p += step * size;
    n -= step;
  }
}

void File::write_text(Type type, const void* data, size_t n) {
  if (is_raw(type)) {
    write_bytes(static_cast<const char*>(data), n);
  } else {
    char block[4096];
    size_t used = 0;
    dispatch<kAllTypes>(type, [&](auto tag) {
      using T = typename decltype(tag)::type;
      if constexpr (sizeof(T) > 1)
        for (size_t k = 0; k < n; ++k) {
          if (used + kNumberChars + 1 > sizeof block) {
            write_bytes(block, used);
            used = 0;
          }
          if (k && auto_spacing) block[used++] = ' ';
          used += format_number(block + used, static_cast<const T*>(data)[k]);
        }
    });
    if (used) write_bytes(block, used);
  }
  if (auto_spacing && n > 0) write_bytes("\n", 1);
  if (n > 0) end_text();
}

}  // namespace t9
