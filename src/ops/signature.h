// The call forms of an operation, as text that is parsed while compiling.
//
//   [*T*] T [real=1] T        what error messages print, plus the defaults
//
// T          a tensor of the operation's type         T~2D        with that many dimensions
// LongTensor a tensor of a given type                 A?          may be nil (kernels of nn)
// real acc   a number of the element, accumulator     index       a dimension, counted from 1
// long int double boolean Generator                   SIZES       LongStorage or numbers
// {T+}       a table of tensors                       (V|F)       one of some letters
// *A*        is returned                              [A] [A=x]   may be left out
//
// Left out: *A* is a new tensor, T the first returned one, Generator that of the state, index `last`
// or a number, the others the number or letter after =.
#pragma once

#include <cstdint>
#include <string_view>

#include "torch9/types.h"

namespace t9 {

enum class Kind : uint8_t { Tensor, Real, Acc, Index, Long, Int, Double, Boolean, Generator, Sizes, Tensors, Letter };

struct Param {
  Kind kind = Kind::Tensor;
  Type type = Type::Double;  // of a tensor whose type is given
  bool typed = false;
  int8_t dims = 0;  // required number of dimensions, 0 for any
  bool optional = false;
  bool returned = false;
  bool nullable = false;
  bool last = false;  // default of an index: the last dimension of the first input tensor
  double value = 0;   // default
  char letters[4] = {};
  uint8_t letter_count = 0;
};

inline constexpr int kMaxParams = 24;

struct Signature {
  Param params[kMaxParams] = {};
  int count = 0;
  int required = 0;
  int optional = 0;
  bool variadic = false;  // SIZES takes what is left

  constexpr void add(const Param& p) {
    if (count == kMaxParams) throw "too many parameters";
    params[count++] = p;
    if (p.optional) ++optional;
    else ++required;
    if (p.kind == Kind::Sizes) variadic = true;
  }
};

namespace detail {

constexpr double parse_number(std::string_view s) {
  double sign = 1, value = 0, unit = 0;
  for (size_t i = 0; i < s.size(); ++i) {
    char c = s[i];
    if (c == '-' && i == 0) sign = -1;
    else if (c == '.' && unit == 0) unit = 1;
    else if (c >= '0' && c <= '9') {
      value = value * 10 + (c - '0');
      if (unit != 0) unit *= 10;
    } else throw "a default is not a number";
  }
  return sign * value / (unit == 0 ? 1 : unit);
}

constexpr bool tensor_type(std::string_view s, Type& out) {
  constexpr std::string_view kNames[] = {"Byte", "Char", "Short", "Int", "Long", "Half", "Float", "Double"};
  for (int k = 0; k < kTypeCount; ++k)
    if (s.size() == kNames[k].size() + 6 && s.substr(0, kNames[k].size()) == kNames[k] &&
        s.substr(kNames[k].size()) == "Tensor") {
      out = Type(k);
      return true;
    }
  return false;
}

constexpr Param parse_param(std::string_view s) {
  Param p;
  if (s.front() == '[') {
    if (s.back() != ']') throw "a [ is not closed";
    p.optional = true;
    s = s.substr(1, s.size() - 2);
  }
  std::string_view given;
  if (size_t at = s.find('='); at != s.npos) {
    if (!p.optional) throw "a default without [ ]";
    given = s.substr(at + 1);
    s = s.substr(0, at);
  }
  if (s.front() == '*') {
    p.returned = true;
    s = s.substr(1, s.size() - 2);
  }
  if (s.back() == '?') {
    p.nullable = true;
    s = s.substr(0, s.size() - 1);
  }
  if (s.front() == '(') {
    p.kind = Kind::Letter;
    for (size_t i = 1; i + 1 < s.size(); i += 2) p.letters[p.letter_count++] = s[i];
    p.value = given.empty() ? p.letters[0] : given.front();
    return p;
  }
  if (size_t at = s.find('~'); at != s.npos) {
    p.dims = int8_t(s[at + 1] - '0');
    s = s.substr(0, at);
  }
  if (s == "T") p.kind = Kind::Tensor;
  else if (tensor_type(s, p.type)) p.typed = true;
  else if (s == "real") p.kind = Kind::Real;
  else if (s == "acc") p.kind = Kind::Acc;
  else if (s == "index") p.kind = Kind::Index;
  else if (s == "long") p.kind = Kind::Long;
  else if (s == "int") p.kind = Kind::Int;
  else if (s == "double") p.kind = Kind::Double;
  else if (s == "boolean") p.kind = Kind::Boolean;
  else if (s == "Generator") p.kind = Kind::Generator;
  else if (s == "SIZES") p.kind = Kind::Sizes;
  else if (s == "{T+}") p.kind = Kind::Tensors;
  else throw "unknown parameter kind";
  if (p.optional && p.kind != Kind::Tensor && p.kind != Kind::Generator) {
    if (given == "last") p.last = true;
    else if (given == "true") p.value = 1;
    else if (given == "false") p.value = 0;
    else if (given == "min") p.value = -1.7976931348623157e308;
    else if (!given.empty()) p.value = parse_number(given);
    else throw "an optional parameter has no default";
  }
  return p;
}

}  // namespace detail

constexpr Signature parse_signature(std::string_view text) {
  Signature out;
  while (!text.empty()) {
    size_t end = text.find(' ');
    out.add(detail::parse_param(text.substr(0, end)));
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
  }
  return out;
}

// How a method's forms follow from the function's (spec/torch.md, section 16).
enum class Form : uint8_t {
  Same,          // =
  Given,         // r: each leading [*X*] becomes *X*
  Self,          // s: each leading [*T*] T becomes *T* [T]
  FunctionOnly,  // no method
  MethodOnly     // no function
};

constexpr Signature method_signature(const Signature& function, Form form) {
  Signature out;
  bool leading = true;
  for (int k = 0; k < function.count; ++k) {
    Param p = function.params[k];
    if (leading && p.returned && p.optional && (form == Form::Given || form == Form::Self)) {
      p.optional = false;
      out.add(p);
      const Param& next = function.params[k + 1];
      if (form == Form::Self && k + 1 < function.count && next.kind == Kind::Tensor && !next.typed && !next.returned &&
          !next.optional) {
        Param t = next;
        t.optional = true;
        out.add(t);
        ++k;
        leading = false;
      }
      continue;
    }
    leading = false;
    out.add(p);
  }
  return out;
}

}  // namespace t9
