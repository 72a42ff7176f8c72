// Element-wise arithmetic of a tensor with numbers and other tensors.
#include "ops/op.h"
#include "ops/pointwise.h"

namespace t9 {

namespace {

using namespace formula;

template <class F>
void value(Tensor& res, Tensor& x, Scalar v) {
  pointwise(loop<ArithmeticLoops, F, 1, 1>(x.type), res, {&x}, {v});
}
template <class F>
void pair(Tensor& res, Tensor& x, Tensor& y) {
  pointwise(loop<ArithmeticLoops, F, 2>(x.type), res, {&x, &y}, {}, kLight, loop<ArithmeticLoops, F, 1, 1>(x.type));
}

void add_scaled(Tensor& res, Tensor& x, Scalar s, Tensor& y) {
  if (s.d == 1) return pair<Add>(res, x, y);
  pointwise(loop<ArithmeticLoops, AddScaled, 2, 1>(x.type), res, {&x, &y}, {s});
}
void sub_scaled(Tensor& res, Tensor& x, Scalar s, Tensor& y) {
  if (s.d == 1) return pair<Sub>(res, x, y);
  s.d = -s.d;
  s.i = int64_t(-uint64_t(s.i));
  add_scaled(res, x, s, y);
}

void addcmul(Tensor& res, Tensor& x, Scalar v, Tensor& y, Tensor& z) {
  pointwise(loop<ArithmeticLoops, AddCmul, 3, 1>(x.type), res, {&x, &y, &z}, {v});
}
void addcdiv(Tensor& res, Tensor& x, Scalar v, Tensor& y, Tensor& z) {
  pointwise(loop<ArithmeticLoops, AddCdiv, 3, 1>(x.type), res, {&x, &y, &z}, {v});
}
void lerp(Tensor& res, Tensor& x, Tensor& y, Scalar w) { pointwise(loop<ArithmeticLoops, Lerp, 2, 1>(x.type), res, {&x, &y}, {w}); }
double lerp_numbers(double x, double y, double w) { return Lerp::of(x, y, w); }

// ---- division with remainder, shifts and bits ----

template <class F>
void integer_value(Tensor& res, Tensor& x, Scalar v) {
  pointwise(loop<IntegerLoops, F, 1, 1>(x.type), res, {&x}, {v});
}
template <class F>
void integer_pair(Tensor& res, Tensor& x, Tensor& y) {
  pointwise(loop<IntegerLoops, F, 2>(x.type), res, {&x, &y});
}

// A float shifts by a factor of two.
template <class F, class Floating>
void shift_value(Tensor& res, Tensor& x, Scalar v) {
  if (info(x.type).floating) value<Floating>(res, x, std::exp2(v.d));
  else integer_value<F>(res, x, v);
}

template <class F, Text kName>
void bits_value(Tensor& res, Tensor& x, Scalar v) {
  T9_CHECK(!info(x.type).floating, "%s is only supported for integer type tensors", kName.s);
  integer_value<F>(res, x, v);
}
template <class F, Text kName>
void bits_pair(Tensor& res, Tensor& x, Tensor& y) {
  T9_CHECK(!info(x.type).floating, "%s is only supported for integer type tensors", kName.s);
  integer_pair<F>(res, x, y);
}

void cpow(Tensor& res, Tensor& x, Tensor& y) {
  if (!info(x.type).floating) return integer_pair<Pow>(res, x, y);
  pointwise(loop<MathLoops, Pow, 2>(x.type), res, {&x, &y}, {}, kHeavy);
}
void atan2(Tensor& res, Tensor& x, Tensor& y) { pointwise(loop<MathLoops, Atan2, 2>(x.type), res, {&x, &y}, {}, kHeavy); }
double atan2_numbers(double x, double y) { return Atan2::of(x, y); }

template <auto kFunction>
Op with_number(const char* name) {
  return op<Form::Self>(name, kNumeric, sig<kFunction, "[*T*] T real">{});
}
template <auto kFunction>
Op with_tensor(const char* name) {
  return op<Form::Self>(name, kNumeric, sig<kFunction, "[*T*] T T">{});
}
template <class F>
Op extremum(const char* name) {
  return with_methods(op(name, kNumeric, sig<pair<F>, "[*T*] T T">{}, sig<value<F>, "[*T*] T real">{}),
                      sig<pair<F>, "[*T*] [T] T">{}, sig<value<F>, "[*T*] [T] real">{});
}

}  // namespace

OpList arithmetic_ops() {
  return {
      op<Form::Self>("add", kNumeric, sig<value<Add>, "[*T*] T real">{}, sig<add_scaled, "[*T*] T [real=1] T">{}),
      op<Form::Self>("csub", kNumeric, sig<value<Sub>, "[*T*] T real">{}, sig<sub_scaled, "[*T*] T [real=1] T">{}),
      with_number<value<Mul>>("mul"),
      with_number<value<Div>>("div"),
      with_tensor<pair<Mul>>("cmul"),
      with_tensor<pair<Div>>("cdiv"),
      extremum<Max>("cmax"),
      extremum<Min>("cmin"),
      op<Form::Self>("addcmul", kNumeric, sig<addcmul, "[*T*] T [real=1] T T">{}),
      op<Form::Self>("addcdiv", kNumeric, sig<addcdiv, "[*T*] T [real=1] T T">{}),
      op<Form::Self>("lerp", kFloating, sig<lerp, "[*T*] T T real">{}, sig<lerp_numbers, "real real real">{}),
      with_number<integer_value<Fmod>>("fmod"),
      with_number<integer_value<Fmod>>("mod"),
      with_tensor<integer_pair<Fmod>>("cfmod"),
      with_tensor<integer_pair<Fmod>>("cmod"),
      with_number<integer_value<Remainder>>("remainder"),
      with_tensor<integer_pair<Remainder>>("cremainder"),
      with_number<shift_value<ShiftLeft, Mul>>("lshift"),
      with_number<shift_value<ShiftRight, Div>>("rshift"),
      with_tensor<integer_pair<ShiftLeft>>("clshift"),
      with_tensor<integer_pair<ShiftRight>>("crshift"),
      with_number<bits_value<BitAnd, "bitand">>("bitand"),
      with_number<bits_value<BitOr, "bitor">>("bitor"),
      with_number<bits_value<BitXor, "bitxor">>("bitxor"),
      with_tensor<bits_pair<BitAnd, "cbitand">>("cbitand"),
      with_tensor<bits_pair<BitOr, "cbitor">>("cbitor"),
      with_tensor<bits_pair<BitXor, "cbitxor">>("cbitxor"),
      with_tensor<cpow>("cpow"),
      op<Form::Self>("atan2", kFloating, sig<atan2, "[*T*] T T">{}, sig<atan2_numbers, "real real">{}),
  };
}

}  // namespace t9
