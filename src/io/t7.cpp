#include "io/t7.h"

#include <algorithm>
#include <charconv>
#include <cstdarg>
#include <cstdio>

namespace t9::t7 {

// ---- reading ----

void Reader::corrupt(const char* text, ...) {
  char buffer[512];
  va_list args;
  va_start(args, text);
  vsnprintf(buffer, sizeof buffer, text, args);
  va_end(args);
  long long at = static_cast<long long>(file_.open() ? file_.position() : 0);
  fail("%s (at byte %lld of <%s>)", buffer, at, file_.name().c_str());
}

void Reader::ended() {
  file_.failed = true;
  corrupt("read error: read 0 blocks instead of 1: the data is not complete, or of another form");
}

void Reader::check_room(int64_t n, int64_t bytes, const char* what) {
  if (n < 0) corrupt("invalid %s: %lld", what, static_cast<long long>(n));
  if (n <= 4096 && file_.holds(n * bytes)) return;
  int64_t left = file_.remaining();
  if (left < 0 || n <= left / bytes) return;
  corrupt("invalid %s: %lld, but only %lld bytes follow", what, static_cast<long long>(n), static_cast<long long>(left));
}

std::string_view Reader::text() {
  int32_t n = integer();
  check_room(n, 1, "length of a string");
  std::string_view v = file_.take_bytes(size_t(n), scratch_);
  if (v.size() != size_t(n)) ended();
  if (!file_.binary() && n > 0) {
    if (v.data() != scratch_.data()) v = scratch_.assign(v);  // the next byte may move the window
    file_.skip_newline();
  }
  return v;
}

int32_t Reader::pairs() {
  int32_t n = integer();
  // A pair takes two tags and at least an index or a value; in text two characters a number.
  check_room(n < 0 ? n : pending_pairs_ + n, file_.binary() ? 12 : 4, "count of table entries");
  pending_pairs_ += n;
  return n;
}

Reader::Class Reader::object_class() {
  std::string_view first = text();
  Class c;
  if (first.size() > 2 && first[0] == 'V' && first[1] == ' ') {
    std::from_chars(first.data() + 2, first.data() + first.size(), c.version);
    first = text();
  }
  if (first.size() > 1000) corrupt("invalid class name of %zu bytes", first.size());
  c.name = class_name_ = first;
  return c;
}

StorageRef Reader::storage(Type type) {
  int64_t n = get<int64_t>();
  const int64_t bytes = !file_.binary() ? 1 : type == Type::Long ? file_.long_size() : info(type).size;
  check_room(n, bytes, "size of a storage");
  StorageRef s = read_storage(file_, type, n);
  if (s->size != n) {
    file_.failed = true;
    corrupt("read error: read %td blocks instead of %lld", s->size, static_cast<long long>(n));
  }
  return s;
}

Reader::Geometry Reader::geometry() {
  int32_t n = integer();
  if (n < 0 || n > kMaxDims) corrupt("invalid number of tensor dimensions: %d", n);
  Geometry g;
  g.sizes.n = g.strides.n = n;
  if (n && (file_.try_read(Type::Long, g.sizes.d, size_t(n)) != size_t(n) ||
            file_.try_read(Type::Long, g.strides.d, size_t(n)) != size_t(n)))
    ended();
  g.offset = std::max<int64_t>(0, get<int64_t>()) - 1;
  return g;
}

void Reader::apply(const Geometry& g, Tensor& tensor, Storage* storage) {
  if (storage && storage->type != tensor.type)
    corrupt("a %s of a %s", info(tensor.type).tensor, info(storage->type).storage);
  Sizes sizes = g.sizes;
  for (int k = 0; k < sizes.n; ++k)
    if (sizes[k] <= 0) sizes.n = k;
  int64_t last = g.offset, count = 1;
  for (int k = 0; k < sizes.n; ++k) {
    int64_t span;
    if (g.strides[k] < 0 || __builtin_mul_overflow(sizes[k] - 1, g.strides[k], &span) ||
        __builtin_add_overflow(last, span, &last) || __builtin_mul_overflow(count, sizes[k], &count))
      corrupt("invalid geometry of a tensor: sizes %s, strides %s", sizes.text().c_str(), g.strides.text().c_str());
  }
  int64_t have = storage ? storage->size : 0;
  if (g.offset < 0 || g.offset > (storage ? have : INT64_MAX) || (sizes.n && last >= have))
    corrupt("invalid geometry of a tensor: sizes %s, offset %lld, but its storage has %lld elements",
            sizes.text().c_str(), static_cast<long long>(uint64_t(g.offset) + 1), static_cast<long long>(have));
  Sizes strides = g.strides;
  strides.n = sizes.n;
  tensor.set(storage, storage ? g.offset : 0, sizes, strides);
}

void Reader::generator(Generator& generator) {
  uint8_t bytes[Generator::kStateBytes];
  if (file_.try_read(Type::Byte, bytes, sizeof bytes) != sizeof bytes) ended();
  if (!generator.set_state(bytes)) corrupt("invalid state of a torch.Generator");
}

// ---- writing ----

void write_text(File& file, std::string_view text) {
  T9_CHECK(text.size() <= size_t(INT32_MAX), "a string of %zu bytes is too long for a .t7 file", text.size());
  file.put(int32_t(text.size()));
  if (file.binary()) file.write_bytes(text.data(), text.size());
  else file.write(Type::Char, text.data(), text.size());
}

void write_class(File& file, std::string_view name, int version) {
  write_text(file, "V " + std::to_string(version));
  write_text(file, name);
}

void write_geometry(File& file, const Tensor& tensor) {
  tensor.make_plain();  // its storage is written next
  size_t n = size_t(tensor.nDimension);
  file.put(int32_t(n));
  file.write(Type::Long, tensor.size, n);
  file.write(Type::Long, tensor.stride, n);
  file.put(int64_t(tensor.storageOffset) + 1);
}

void write_storage(File& file, const Storage& storage) {
  file.put(int64_t(storage.size));
  file.write(storage.type, storage.data, size_t(storage.size));
}

void write_generator(File& file, const Generator& generator) {
  uint8_t bytes[Generator::kStateBytes];
  generator.get_state(bytes);
  file.write(Type::Byte, bytes, sizeof bytes);
}

}  // namespace t9::t7
