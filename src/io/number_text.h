// Numbers as text: what printf and scanf of the C locale do with Torch7's formats, but faster.
#pragma once

#include <cstddef>
#include <cstdint>

#include "torch9/types.h"

namespace t9 {

inline constexpr size_t kNumberChars = 40;  // no number needs more

// Writes %hd, %d, %ld, %.9g or %.17g by type (Half as float); returns the count of characters.
size_t format_number(char* out, int16_t value);
size_t format_number(char* out, int32_t value);
size_t format_number(char* out, int64_t value);
size_t format_number(char* out, float value);
size_t format_number(char* out, double value);
size_t format_number(char* out, Half value);

// Reads a number that starts at p. Returns the first unused byte; p itself when there is none.
const char* parse_number(const char* p, const char* end, int16_t& value);
const char* parse_number(const char* p, const char* end, int32_t& value);
const char* parse_number(const char* p, const char* end, int64_t& value);
const char* parse_number(const char* p, const char* end, float& value);
const char* parse_number(const char* p, const char* end, double& value);
const char* parse_number(const char* p, const char* end, Half& value);

}  // namespace t9
