// Files without Lua: windows, text numbers, and .t7 tokens against damaged input.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

#include "io/disk_file.h"
#include "io/memory_file.h"
#include "io/number_text.h"
#include "io/t7.h"

namespace t9 {
namespace {

struct TemporaryFile {
  std::string path;
  TemporaryFile() {
    char name[] = "/tmp/t9_io_XXXXXX";
    int fd = mkstemp(name);
    close(fd);
    path = name;
  }
  ~TemporaryFile() { unlink(path.c_str()); }
  std::string content() const {
    std::string text;
    if (FILE* f = std::fopen(path.c_str(), "rb")) {
      char buffer[4096];
      while (size_t n = std::fread(buffer, 1, sizeof buffer, f)) text.append(buffer, n);
      std::fclose(f);
    }
    return text;
  }
};

template <class F>
std::string message(F&& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

std::string printed(double v) {
  char text[kNumberChars];
  return std::string(text, format_number(text, v));
}

TEST(NumberText, PrintsAsPrintf) {
  std::mt19937_64 random(1);
  for (int k = 0; k < 20000; ++k) {
    uint64_t bits = random();
    double v;
    std::memcpy(&v, &bits, sizeof v);
    if (std::isnan(v)) continue;
    char want[64];
    snprintf(want, sizeof want, "%.17g", v);
    ASSERT_EQ(printed(v), want);
    snprintf(want, sizeof want, "%.9g", float(v));
    char text[kNumberChars];
    ASSERT_EQ(std::string(text, format_number(text, float(v))), want);
  }
  EXPECT_EQ(printed(0.1), "0.10000000000000001");
  EXPECT_EQ(printed(-0.0), "-0");
  EXPECT_EQ(printed(INFINITY), "inf");
  EXPECT_EQ(printed(std::copysign(NAN, 1.0)), "nan");
  EXPECT_EQ(printed(std::copysign(NAN, -1.0)), "-nan");
}

TEST(NumberText, ReadsBackWhatItPrints) {
  std::mt19937_64 random(2);
  for (int k = 0; k < 20000; ++k) {
    uint64_t bits = random();
    double v, back = 0;
    std::memcpy(&v, &bits, sizeof v);
    std::string text = printed(v);
    ASSERT_EQ(parse_number(text.data(), text.data() + text.size(), back), text.data() + text.size());
    ASSERT_TRUE(back == v || (std::isnan(back) && std::isnan(v))) << text;
  }
}

TEST(NumberText, ReadsOddForms) {
  auto real = [](std::string_view text) {
    double v = -77;
    const char* stop = parse_number(text.data(), text.data() + text.size(), v);
    return std::pair(v, stop - text.data());
  };
  EXPECT_EQ(real("+2.5"), std::pair(2.5, 4l));
  EXPECT_EQ(real("1e400"), std::pair(double(INFINITY), 5l));
  EXPECT_EQ(real("-1e400").first, -INFINITY);
  EXPECT_EQ(real("1e-400").first, 0.0);
  EXPECT_EQ(real("4.9406564584124654e-324").first, std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(real("x").second, 0);
  EXPECT_EQ(real("").second, 0);
  EXPECT_EQ(real(std::string_view()).second, 0);
  EXPECT_EQ(real("+-1").second, 0);
  int32_t i = 0;
  std::string many = "99999999999999999999";
  EXPECT_EQ(parse_number(many.data(), many.data() + many.size(), i), many.data() + many.size());
}

TEST(MemoryFile, KeepsWhatItIsGiven) {
  MemoryFile f(true, true);
  f.set_binary(true);
  for (int k = 0; k < 100000; ++k) f.put(int32_t(k));
  f.seek(4 * 777);
  EXPECT_EQ(f.get<int32_t>(), 777);
  f.put(int32_t(-1));
  EXPECT_EQ(f.get<int32_t>(), 779);
  EXPECT_EQ(f.remaining(), 4 * (100000 - 780));
  f.seek_end();
  EXPECT_NE(message([&] { f.get<int32_t>(); }), "");
  EXPECT_TRUE(f.failed);
}

TEST(MemoryFile, HandsItsStorageOutSafely) {
  StorageRef s;
  {
    MemoryFile f(true, true);
    f.put(int32_t(12));
    s = f.storage();
    EXPECT_EQ(s->size, 4);
    EXPECT_EQ(std::string(s->as<char>()), "12\n");
    EXPECT_NE(message([&] { s->resize(100); }), "");  // the file still looks at it
    f.put(int32_t(5));
    EXPECT_EQ(f.bytes(), "12\n5\n");
    s->resize(100);  // and now it does not
    StorageRef again = f.storage();
    EXPECT_EQ(f.storage().get(), again.get());
    f.seek(0);
    f.put(int32_t(7));
    EXPECT_EQ(again->as<char>()[0], '7');
  }
  s->resize(10);
}

TEST(MemoryFile, CopiesAStorageThatMayMove) {
  StorageRef s = StorageRef::take(Storage::make(Type::Char, 4));
  std::memcpy(s->data, "1 2", 4);
  auto first = std::make_unique<MemoryFile>(s, 3, true, true);
  MemoryFile second(s, 3, true, true);
  first.reset();
  s->resize(100000);
  EXPECT_EQ(second.get<int32_t>(), 1);
  EXPECT_EQ(second.get<int32_t>(), 2);
}

TEST(DiskFile, MixesReadsAndWrites) {
  TemporaryFile t;
  DiskFile f(t.path, true, true);
  f.set_binary(true);
  std::vector<double> block(50000, 1.5);
  f.write(Type::Double, block.data(), block.size());
  f.seek(8 * 100);
  EXPECT_EQ(f.get<double>(), 1.5);
  f.put(2.5);
  f.put(3.5);
  EXPECT_EQ(f.get<double>(), 1.5);
  f.seek(8 * 101);
  EXPECT_EQ(f.get<double>(), 2.5);
  EXPECT_EQ(f.get<double>(), 3.5);
  EXPECT_EQ(f.position(), 8 * 103);
  EXPECT_EQ(f.remaining(), 8 * (50000 - 103));
  f.close();
  EXPECT_EQ(t.content().size(), 8u * 50000);
  EXPECT_EQ(message([&] { f.get<double>(); }), "attempt to use a closed file");
}

TEST(DiskFile, ReadsNumbersAcrossBufferEnds) {
  TemporaryFile t;
  {
    DiskFile f(t.path, false, true);
    for (int k = 0; k < 100000; ++k) f.put(k / 3.0);
  }
  DiskFile f(t.path, true, false);
  for (int k = 0; k < 100000; ++k) ASSERT_EQ(f.get<double>(), k / 3.0);
}

TEST(DiskFile, PatchesWhatHasLeftTheBuffer) {
  TemporaryFile t;
  {
    DiskFile f(t.path, false, true);
    f.set_binary(true);
    ASSERT_TRUE(f.can_patch());
    for (int k = 0; k < 200000; ++k) f.put(int32_t(k));
    f.patch(0, -1);
    f.patch(4 * 199999, -2);
    f.patch(4 * 100000, -3);
  }
  std::string bytes = t.content();
  auto at = [&](size_t k) {
    int32_t v;
    std::memcpy(&v, bytes.data() + 4 * k, 4);
    return v;
  };
  EXPECT_EQ(at(0), -1);
  EXPECT_EQ(at(199999), -2);
  EXPECT_EQ(at(100000), -3);
  EXPECT_EQ(at(99999), 99999);
  EXPECT_EQ(at(100001), 100001);
}

TEST(DiskFile, ReplacesOnlyWhenCommitted) {
  TemporaryFile t;
  {
    DiskFile f(t.path, false, true);
    f.write_bytes("old", 3);
  }
  chmod(t.path.c_str(), 0640);
  DiskFile::replacing(t.path)->write_bytes("new", 3);
  EXPECT_EQ(t.content(), "old");
  auto f = DiskFile::replacing(t.path);
  f->write_bytes("new", 3);
  f->commit();
  EXPECT_EQ(t.content(), "new");
  struct stat status;
  stat(t.path.c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
}

TEST(DiskFile, SaysWhenTheDiskIsFull) {
  DiskFile f("/dev/full", false, true);
  EXPECT_NE(message([&] {
              f.write_bytes("text", 4);
              f.synchronize();
            }).find("write error"), std::string::npos);
}

TEST(PipeFile, SurvivesACommandThatEnds) {
  PipeFile f("true", true);
  std::string block(1 << 20, 'x');
  EXPECT_NE(message([&] {
              for (int k = 0; k < 10; ++k) f.write_bytes(block.data(), block.size());
            }), "");
  f.close();
}

TEST(T7, RefusesWhatCannotBe) {
  auto read = [](std::string bytes, auto&& f) {
    MemoryFile file{std::string_view(bytes)};
    file.set_binary(true);
    t7::Reader r(file);
    return message([&] { f(r); });
  };
  auto text = [](t7::Reader& r) { r.text(); };
  EXPECT_NE(read(std::string("\xff\xff\xff\x7f" "ab", 6), text).find("only 2 bytes follow (at byte 4"), std::string::npos);
  EXPECT_NE(read(std::string("\xff\xff\xff\xff", 4), text).find("invalid length of a string: -1"), std::string::npos);
  EXPECT_NE(read("ab", text).find("read error"), std::string::npos);
  auto pairs = [](t7::Reader& r) { r.pairs(), r.pairs(); };
  EXPECT_EQ(read(std::string("\1\0\0\0\0\0\0\0", 8) + std::string(16, 'x'), pairs), "");
  EXPECT_NE(read(std::string("\1\0\0\0\1\0\0\0", 8) + std::string(16, 'x'), pairs).find("invalid count"), std::string::npos);
  auto storage = [](t7::Reader& r) { r.storage(Type::Double); };
  EXPECT_NE(read(std::string("\0\0\0\0\0\0\0\x40", 8), storage).find("invalid size of a storage"), std::string::npos);
  auto geometry = [](t7::Reader& r) { r.geometry(); };
  EXPECT_NE(read(std::string("\x41\0\0\0", 4) + std::string(2000, '\0'), geometry).find("dimensions: 65"), std::string::npos);
}

TEST(T7, ChecksGeometry) {
  MemoryFile file(std::string_view{});
  t7::Reader r(file);
  StorageRef s = StorageRef::take(Storage::make(Type::Float, 6));
  auto check = [&](Sizes sizes, Sizes strides, int64_t offset) {
    TensorRef t = make_tensor(Type::Float);
    t7::Reader::Geometry g{sizes, strides, offset};
    return message([&] { r.apply(g, *t, s.get()); });
  };
  EXPECT_EQ(check({2, 3}, {3, 1}, 0), "");
  EXPECT_EQ(check({2, 2}, {3, 1}, 1), "");
  EXPECT_NE(check({2, 3}, {3, 1}, 1), "");
  EXPECT_NE(check({2}, {-1}, 1), "");
  EXPECT_NE(check({2}, {1}, -1), "");
  EXPECT_NE(check({INT64_MAX, 2}, {0, 1}, 0), "");
  EXPECT_NE(check({3}, {INT64_MAX}, 0), "");
  EXPECT_NE(check({1}, {1}, INT64_MAX), "");
  TensorRef d = make_tensor(Type::Double);
  EXPECT_NE(message([&] { r.apply({{1}, {1}, 0}, *d, s.get()); }), "");
}

TEST(T7, AsksAPipeForNoMoreThanItSends) {
  // A size of 2^39 elements, of which 3 follow.
  PipeFile f("printf '\\000\\000\\000\\000\\200\\000\\000\\000abc'", false);
  f.set_binary(true);
  t7::Reader r(f);
  EXPECT_NE(message([&] { r.storage(Type::Byte); }).find("read 3 blocks instead of"), std::string::npos);
}

}  // namespace
}  // namespace t9
