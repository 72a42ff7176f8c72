// Exceptions of the core. src/lua turns them into Lua errors.
#pragma once

#include <stdexcept>
#include <string>

namespace t9 {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A wrong argument: `argument` counts from 1 in the order of the call; 0 when unknown.
struct ArgumentError : Error {
  int argument;
  ArgumentError(int n, const std::string& text) : Error(text), argument(n) {}
};

[[gnu::format(printf, 1, 2)]] std::string format(const char* text, ...);
[[noreturn, gnu::format(printf, 1, 2)]] void fail(const char* text, ...);
[[noreturn, gnu::format(printf, 2, 3)]] void fail_argument(int n, const char* text, ...);

#define T9_CHECK(condition, ...) \
  do {                           \
    if (!(condition)) [[unlikely]] ::t9::fail(__VA_ARGS__); \
  } while (0)
#define T9_CHECK_ARG(condition, n, ...) \
  do {                                  \
    if (!(condition)) [[unlikely]] ::t9::fail_argument(n, __VA_ARGS__); \
  } while (0)

}  // namespace t9
