#include "io/number_text.h"

#include <charconv>
#include <cstdlib>
#include <string>

namespace t9 {

namespace {

template <class T>
size_t format_integer(char* out, T value) {
  return size_t(std::to_chars(out, out + kNumberChars, value).ptr - out);
}

template <class T>
size_t format_real(char* out, T value, int digits) {
  return size_t(std::to_chars(out, out + kNumberChars, value, std::chars_format::general, digits).ptr - out);
}

const char* skip_plus(const char* p, const char* end) {
  return end - p > 1 && *p == '+' && p[1] != '-' && p[1] != '+' ? p + 1 : p;
}

// Values that do not fit are cut, as a C conversion would.
template <class T>
const char* parse_integer(const char* p, const char* end, T& value) {
  const char* first = skip_plus(p, end);
  int64_t v = 0;
  auto [stop, problem] = std::from_chars(first, end, v);
  if (problem == std::errc::invalid_argument) return p;
  if (problem == std::errc::result_out_of_range) v = *first == '-' ? INT64_MIN : INT64_MAX;
  value = T(v);
  return stop;
}

template <class T>
const char* parse_real(const char* p, const char* end, T& value) {
  const char* first = skip_plus(p, end);
  auto [stop, problem] = std::from_chars(first, end, value);
  if (problem == std::errc::invalid_argument) return p;
  if (problem == std::errc::result_out_of_range) {  // infinity, zero or a denormal
    std::string text(first, stop);
    value = std::is_same_v<T, float> ? T(std::strtof(text.c_str(), nullptr)) : T(std::strtod(text.c_str(), nullptr));
  }
  return stop;
}

}  // namespace

size_t format_number(char* out, int16_t value) { return format_integer(out, value); }
size_t format_number(char* out, int32_t value) { return format_integer(out, value); }
size_t format_number(char* out, int64_t value) { return format_integer(out, value); }
size_t format_number(char* out, float value) { return format_real(out, value, 9); }
size_t format_number(char* out, double value) { return format_real(out, value, 17); }
size_t format_number(char* out, Half value) { return format_number(out, float(value)); }

const char* parse_number(const char* p, const char* end, int16_t& value) { return parse_integer(p, end, value); }
const char* parse_number(const char* p, const char* end, int32_t& value) { return parse_integer(p, end, value); }
const char* parse_number(const char* p, const char* end, int64_t& value) { return parse_integer(p, end, value); }
const char* parse_number(const char* p, const char* end, float& value) { return parse_real(p, end, value); }
const char* parse_number(const char* p, const char* end, double& value) { return parse_real(p, end, value); }
const char* parse_number(const char* p, const char* end, Half& value) {
  float v = 0;
  const char* stop = parse_real(p, end, v);
  value = Half(v);
  return stop;
}

}  // namespace t9
