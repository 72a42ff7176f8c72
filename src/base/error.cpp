#include "torch9/error.h"

#include <cstdarg>
#include <cstdio>

namespace t9 {

namespace {
std::string vformat(const char* text, va_list args) {
  char buffer[512];
  va_list again;
  va_copy(again, args);
  int n = vsnprintf(buffer, sizeof buffer, text, args);
  std::string out;
  if (n < int(sizeof buffer)) {
    out.assign(buffer, n > 0 ? size_t(n) : 0);
  } else {
    out.resize(size_t(n) + 1);
    vsnprintf(out.data(), out.size(), text, again);
    out.resize(size_t(n));
  }
  va_end(again);
  return out;
}
}  // namespace

std::string format(const char* text, ...) {
  va_list args;
  va_start(args, text);
  std::string out = vformat(text, args);
  va_end(args);
  return out;
}

void fail(const char* text, ...) {
  va_list args;
  va_start(args, text);
  std::string out = vformat(text, args);
  va_end(args);
  throw Error(out);
}

void fail_argument(int n, const char* text, ...) {
  va_list args;
  va_start(args, text);
  std::string out = vformat(text, args);
  va_end(args);
  throw ArgumentError(n, out);
}

}  // namespace t9
