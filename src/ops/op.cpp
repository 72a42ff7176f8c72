#include "ops/op.h"

#include "ops/families.h"

namespace t9 {

namespace {
thread_local char error_text[1024];
}

const char* last_error() { return error_text; }
void set_last_error(const char* text) {
  std::strncpy(error_text, text, sizeof error_text - 1);
  error_text[sizeof error_text - 1] = 0;
}

namespace {
std::string param_text(const Param& p, Type type, bool kernel) {
  std::string name;
  switch (p.kind) {
    case Kind::Tensor: name = std::string(info(p.typed ? p.type : type).name) + "Tensor"; break;
    case Kind::Real: name = info(type).element; break;
    case Kind::Acc: name = info(type).accumulator; break;
    case Kind::Index: name = "index"; break;
    case Kind::Long: name = "long"; break;
    case Kind::Int: name = "int"; break;
    case Kind::Double: name = "double"; break;
    case Kind::Boolean: name = "boolean"; break;
    case Kind::Generator: name = "Generator"; break;
    case Kind::Sizes: name = "(LongStorage | dim1 [dim2...])"; break;
    case Kind::Tensors: name = "{" + std::string(info(type).name) + "Tensor+}"; break;
    case Kind::Letter:
      name = "(";
      for (int k = 0; k < p.letter_count; ++k) name += std::string(k ? "|" : "") + p.letters[k];
      name += ")";
  }
  if (p.dims) name += "~" + std::to_string(p.dims) + "D";
  if (p.returned) name = "*" + name + "*";
  if (p.optional || (p.nullable && kernel)) name = "[" + name + "]";
  return name;
}
}  // namespace

std::string forms_text(const Op& op, const Alternative* const* list, Type type) {
  std::string out;
  auto add = [&](const Signature& s, int first, bool given) {
    if (!out.empty()) out += " | ";
    for (int k = first; k < s.count; ++k) {
      Param p = s.params[k];
      if (given && p.returned) p.optional = false;
      out += (k > first ? " " : "") + param_text(p, type, op.kernel);
    }
  };
  for (int a = 0; a < kMaxAlternatives && list[a]; ++a) {
    const Signature& s = list[a]->signature;
    add(s, 0, op.form == Form::FunctionOnly);
    if (op.form != Form::FunctionOnly) continue;  // else: all results first, or none
    int results = 0;
    while (results < s.count && s.params[results].returned) ++results;
    if (results) add(s, results, false);
  }
  return out;
}

const OpList& all_ops() {
  static const OpList list = [] {
    OpList out;
    for (OpList (*family)() : kFamilies)
      for (const Op& o : family()) out.push_back(o);
    return out;
  }();
  return list;
}

}  // namespace t9
