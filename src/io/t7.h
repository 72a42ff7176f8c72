// Tokens of the .t7 format (spec/torch.md, section 13), checked against the bytes that are left.
#pragma once

#include "base/random.h"
#include "io/file.h"

namespace t9::t7 {

enum Tag : int32_t {
  kNil = 0,
  kNumber = 1,
  kString = 2,
  kTable = 3,
  kObject = 4,
  kBoolean = 5,
  kOldestFunction = 6,
  kLegacyFunction = 7,
  kFunction = 8
};

// Reads tokens. Whatever the bytes are, it throws an Error that says where, and asks for no more
// memory than a small multiple of what the file holds.
class Reader {
 public:
  explicit Reader(File& file) : file_(file) {}

  File& file() { return file_; }
  template <class T>
  T get() {
    T value{};
    if (!file_.try_get(value)) [[unlikely]] ended();
    return value;
  }
  int32_t integer() { return get<int32_t>(); }

  // A length and as many bytes; valid until the next call.
  std::string_view text();
  // Pairs of a table. Each must be announced with pair_begun() before its key is read.
  int32_t pairs();
  void pair_begun() { --pending_pairs_; }
  void forget_pairs(int64_t n) { pending_pairs_ -= n; }

  struct Class {
    std::string_view name;
    int version = 0;
  };
  Class object_class();

  // Payloads.
  StorageRef storage(Type type);
  struct Geometry {
    Sizes sizes, strides;
    int64_t offset = 0;  // from 0
  };
  Geometry geometry();
  void apply(const Geometry& g, Tensor& tensor, Storage* storage);
  void generator(Generator& generator);

  [[noreturn, gnu::format(printf, 2, 3)]] void corrupt(const char* text, ...);
  [[noreturn]] void ended();

 private:
  // Refuses n items of at least `bytes` each that the rest of the file cannot hold.
  void check_room(int64_t n, int64_t bytes, const char* what);

  File& file_;
  std::string scratch_, class_name_;
  int64_t pending_pairs_ = 0;  // announced by open tables and not yet begun
};

void write_text(File& file, std::string_view text);
void write_class(File& file, std::string_view name, int version);
void write_geometry(File& file, const Tensor& tensor);
void write_storage(File& file, const Storage& storage);
void write_generator(File& file, const Generator& generator);

}  // namespace t9::t7
