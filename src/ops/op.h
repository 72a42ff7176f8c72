// One declaration an operation: a row beside its kernel, from which the Lua function, the method, the
// C entry, the error text, torch.ops() and the registry test follow. See docs/design/operations.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "ops/signature.h"
#include "torch9/tensor.h"

namespace t9 {

using TensorList = std::span<Tensor* const>;

// One argument on its way to a kernel. Numbers fill both d and i.
struct Slot {
  void* p;
  double d;
  int64_t i;
};

struct Result {
  enum Kind : uint8_t { None, Number, Boolean } kind = None;
  double d = 0;
};

// A compiled call form: its signature, and the kernel's entry.
struct Alternative {
  Signature signature;
  void (*invoke)(const Slot*, Result&) = nullptr;
  void* entry = nullptr;            // int entry(args..., [double* result]): 0, or 1 and last_error()
  const char* declaration = "";     // its C type, for ffi.cast
};

inline constexpr int kMaxAlternatives = 6;

struct Op {
  const char* name = nullptr;
  Types types = kNumeric;
  Form form = Form::Same;
  const Alternative* functions[kMaxAlternatives] = {};
  const Alternative* methods[kMaxAlternatives] = {};
  bool kernel = false;  // of the THNN table: cdata arguments are welcome
};

// The call forms of a list, as error messages print them for one element type.
std::string forms_text(const Op& op, const Alternative* const* list, Type type);

const char* last_error();  // of the C entries, for this thread
void set_last_error(const char* text);

template <size_t N>
struct Text {
  char s[N];
  constexpr Text(const char (&in)[N]) {
    for (size_t k = 0; k < N; ++k) s[k] = in[k];
  }
  constexpr std::string_view view() const { return {s, N - 1}; }
};

namespace detail {

// What a C++ parameter type accepts, and how it is read from a slot and from a C argument.
template <class A>
struct Reader;
template <>
struct Reader<Tensor&> {
  static constexpr bool accepts(const Param& p) { return p.kind == Kind::Tensor && !p.nullable; }
  static Tensor& read(const Slot& s) { return *static_cast<Tensor*>(s.p); }
  using C = Tensor*;
  static Tensor& from_c(C c) { return *c; }
  static constexpr std::string_view kC = "void*";
};
template <>
struct Reader<const Tensor&> : Reader<Tensor&> {};
template <>
struct Reader<Tensor*> {
  static constexpr bool accepts(const Param& p) { return p.kind == Kind::Tensor && p.nullable; }
  static Tensor* read(const Slot& s) { return static_cast<Tensor*>(s.p); }
  using C = Tensor*;
  static Tensor* from_c(C c) { return c; }
  static constexpr std::string_view kC = "void*";
};
template <>
struct Reader<const Tensor*> : Reader<Tensor*> {};
template <>
struct Reader<Scalar> {
  static constexpr bool accepts(const Param& p) { return p.kind == Kind::Real || p.kind == Kind::Acc; }
  static Scalar read(const Slot& s) {
    Scalar v;
    v.d = s.d;
    v.i = s.i;
    return v;
  }
  using C = double;
  static Scalar from_c(C c) { return Scalar(c); }
  static constexpr std::string_view kC = "double";
};
template <>
struct Reader<double> {
  static constexpr bool accepts(const Param& p) {
    return p.kind == Kind::Real || p.kind == Kind::Acc || p.kind == Kind::Double;
  }
  static double read(const Slot& s) { return s.d; }
  using C = double;
  static double from_c(C c) { return c; }
  static constexpr std::string_view kC = "double";
};
template <>
struct Reader<int64_t> {
  static constexpr bool accepts(const Param& p) { return p.kind == Kind::Long || p.kind == Kind::Int; }
  static int64_t read(const Slot& s) { return s.i; }
  using C = double;
  static int64_t from_c(C c) { return Scalar(c).i; }
  static constexpr std::string_view kC = "double";
};
template <>
struct Reader<int> {  // an index arrives counted from 0
  static constexpr bool accepts(const Param& p) { return p.kind == Kind::Index || p.kind == Kind::Int; }
  static int read(const Slot& s) { return int(s.i); }
  using C = double;
  static int from_c(C c) { return int(c); }
  static constexpr std::string_view kC = "double";
};
template <>
struct Reader<bool> {
  static constexpr bool accepts(const Param& p) { return p.kind == Kind::Boolean; }
  static bool read(const Slot& s) { return s.i != 0; }
  using C = bool;
  static bool from_c(C c) { return c; }
  static constexpr std::string_view kC = "bool";
};
template <>
struct Reader<char> {
  static constexpr bool accepts(const Param& p) { return p.kind == Kind::Letter; }
  static char read(const Slot& s) { return char(s.i); }
  using C = char;
  static char from_c(C c) { return c; }
  static constexpr std::string_view kC = "char";
};
template <>
struct Reader<Generator&> {
  static constexpr bool accepts(const Param& p) { return p.kind == Kind::Generator; }
  static Generator& read(const Slot& s) { return *static_cast<Generator*>(s.p); }
  using C = Generator*;
  static Generator& from_c(C c) { return *c; }
  static constexpr std::string_view kC = "void*";
};
template <>
struct Reader<const Sizes&> {
  static constexpr bool accepts(const Param& p) { return p.kind == Kind::Sizes; }
  static const Sizes& read(const Slot& s) { return *static_cast<const Sizes*>(s.p); }
  using C = const Sizes*;
  static const Sizes& from_c(C c) { return *c; }
  static constexpr std::string_view kC = "void*";
};
template <>
struct Reader<TensorList> {
  static constexpr bool accepts(const Param& p) { return p.kind == Kind::Tensors; }
  static TensorList read(const Slot& s) { return {static_cast<Tensor* const*>(s.p), size_t(s.i)}; }
  using C = const TensorList*;
  static TensorList from_c(C c) { return *c; }
  static constexpr std::string_view kC = "void*";
};

// A kernel that returns optional<double> answers by a number instead of its tensors, when it has one.
inline void store(Result& out, std::optional<double> value) {
  if (value) out = {Result::Number, *value};
}
template <class R>
void store(Result& out, R value) {
  out.kind = std::is_same_v<R, bool> ? Result::Boolean : Result::Number;
  out.d = double(value);
}

template <auto kFunction, class F>
struct Entry;
template <auto kFunction, class R, class... A>
struct Entry<kFunction, R (*)(A...)> {
  static constexpr size_t kArity = sizeof...(A);

  static consteval bool matches(const Signature& s) {
    if (s.count != int(kArity)) return false;
    int k = 0;
    return (Reader<A>::accepts(s.params[k++]) && ...);
  }

  static void invoke(const Slot* slots, Result& out) {
    [&]<size_t... I>(std::index_sequence<I...>) {
      if constexpr (std::is_void_v<R>) kFunction(Reader<A>::read(slots[I])...);
      else store(out, kFunction(Reader<A>::read(slots[I])...));
    }(std::index_sequence_for<A...>{});
  }

  static int c_entry(typename Reader<A>::C... args, double* result) noexcept {
    try {
      if constexpr (std::is_void_v<R>) {
        (void)result;
        kFunction(Reader<A>::from_c(args)...);
      } else {
        Result out;
        store(out, kFunction(Reader<A>::from_c(args)...));
        *result = out.d;
      }
      return 0;
    } catch (const std::exception& e) {
      set_last_error(e.what());
      return 1;
    }
  }

  struct Declaration {
    char text[24 + kArity * 8] = {};
    consteval Declaration() {
      size_t n = 0;
      auto put = [&](std::string_view s) {
        for (char c : s) text[n++] = c;
      };
      put("int(*)(");
      (((put(Reader<A>::kC), put(","))), ...);
      put("double*)");
    }
  };
  static constexpr Declaration kDeclaration{};
};

template <auto kFunction, Text kText, Form kForm>
consteval Alternative make_alternative() {
  using E = Entry<kFunction, decltype(kFunction)>;
  Alternative out;
  auto text = kText;  // a copy: UBSan's null checks spoil constant expressions on template parameters
  out.signature = parse_signature(text.view());
  if (kForm != Form::Same) out.signature = method_signature(out.signature, kForm);
  if (!E::matches(out.signature)) throw "the signature does not fit the function's parameters";
  out.invoke = &E::invoke;
  out.declaration = E::kDeclaration.text;
  return out;
}

template <auto kFunction, Text kText, Form kForm>
struct Holder {
  static constexpr Alternative kBase = make_alternative<kFunction, kText, kForm>();
  // The cast of a function to void* is no constant expression: filled in when the table is built.
  static const Alternative* get() {
    static const Alternative value = [] {
      Alternative a = kBase;
      a.entry = reinterpret_cast<void*>(&Entry<kFunction, decltype(kFunction)>::c_entry);
      return a;
    }();
    return &value;
  }
};

}  // namespace detail

// A call form: sig<kernel, "[*T*] T real">.
template <auto kFunction, Text kText>
struct sig {
  template <Form kForm>
  static const Alternative* get() { return detail::Holder<+kFunction, kText, kForm>::get(); }
};

template <Form kForm = Form::Same, class... S>
Op op(const char* name, Types types, S...) {
  static_assert(sizeof...(S) <= kMaxAlternatives);
  Op out;
  out.name = name;
  out.types = types;
  out.form = kForm;
  int k = 0;
  if (kForm != Form::MethodOnly) ((out.functions[k++] = S::template get<Form::Same>()), ...);
  constexpr Form kMethod = kForm == Form::MethodOnly ? Form::Same : kForm;
  k = 0;
  if (kForm != Form::FunctionOnly) ((out.methods[k++] = S::template get<kMethod>()), ...);
  return out;
}

// Methods whose forms follow no rule.
template <class... S>
Op with_methods(Op out, S...) {
  for (auto& m : out.methods) m = nullptr;
  int k = 0;
  ((out.methods[k++] = S::template get<Form::Same>()), ...);
  return out;
}

// A kernel of the THNN table, `input.THNN.<name>`.
template <class S>
Op kernel(const char* name, S, Types types = kFloating) {
  Op out;
  out.name = name;
  out.types = types;
  out.functions[0] = S::template get<Form::Same>();
  out.kernel = true;
  return out;
}

using OpList = std::vector<Op>;

// Every operation of the core, and every kernel, in the order of their families.
const OpList& all_ops();

}  // namespace t9
