#include "torch9/types.h"

#include <bit>

#include "torch9/error.h"

namespace t9 {

const TypeInfo kTypeInfo[kTypeCount] = {
    {"Byte", "torch.ByteTensor", "torch.ByteStorage", "unsigned char", "long", 1, false},
    {"Char", "torch.CharTensor", "torch.CharStorage", "char", "long", 1, false},
    {"Short", "torch.ShortTensor", "torch.ShortStorage", "short", "long", 2, false},
    {"Int", "torch.IntTensor", "torch.IntStorage", "int", "long", 4, false},
    {"Long", "torch.LongTensor", "torch.LongStorage", "long", "long", 8, false},
    {"Half", "torch.HalfTensor", "torch.HalfStorage", "half", "double", 2, true},
    {"Float", "torch.FloatTensor", "torch.FloatStorage", "float", "double", 4, true},
    {"Double", "torch.DoubleTensor", "torch.DoubleStorage", "double", "double", 8, true},
};

void unsupported_type(Type type) { fail("%s is not supported by this function", info(type).tensor); }

Half::Half(float value) {
  uint32_t x = std::bit_cast<uint32_t>(value);
  uint32_t sign = (x >> 16) & 0x8000u;
  uint32_t magnitude = x & 0x7fffffffu;
  if (magnitude > 0x7f800000u) {  // NaN stays one
    bits = uint16_t(sign | 0x7e00u);
  } else if (magnitude >= 0x477ff000u) {  // 65520 and up round to infinity
    bits = uint16_t(sign | 0x7c00u);
  } else if (magnitude < 0x38800000u) {  // below the smallest normal: let float addition round
    float tiny = std::bit_cast<float>(magnitude) + 0.5f;
    bits = uint16_t(sign | (std::bit_cast<uint32_t>(tiny) - std::bit_cast<uint32_t>(0.5f)));
  } else {
    uint32_t odd = (magnitude >> 13) & 1u;
    bits = uint16_t(sign | ((magnitude + 0xc8000fffu + odd) >> 13));
  }
}

Half::operator float() const {
  uint32_t sign = uint32_t(bits & 0x8000u) << 16;
  uint32_t exponent = (bits >> 10) & 0x1fu, mantissa = bits & 0x3ffu;
  if (exponent == 0) {
    float value = float(mantissa) * 0x1p-24f;
    return std::bit_cast<float>(std::bit_cast<uint32_t>(value) | sign);
  }
  uint32_t high = exponent == 31 ? 0x7f800000u : (exponent + 112u) << 23;
  return std::bit_cast<float>(sign | high | (mantissa << 13));
}

}  // namespace t9
