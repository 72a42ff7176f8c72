// Element-wise functions of one tensor: fill, signs, rounding, roots and the transcendental ones.
#include "ops/op.h"
#include "ops/pointwise.h"
#include "ops/tiles.h"

namespace t9 {

namespace {

using namespace formula;

template <class F>
void unary(Tensor& res, Tensor& x) {
  pointwise(loop<UnaryLoops, F, 1>(x.type), res, {&x});
}

template <class F>
void function(Tensor& res, Tensor& x) {
  pointwise(loop<MathLoops, F, 1>(x.type), res, {&x}, {}, kHeavy);
}

template <class F>
double of_number(double x) {
  return F::of(x);
}

void clamp(Tensor& res, Tensor& x, Scalar lo, Scalar hi) { pointwise(loop<UnaryLoops, Clamp, 1, 2>(x.type), res, {&x}, {lo, hi}); }

void fill(Tensor& x, Scalar v) {
  if (x.empty()) return;
  uint64_t bits = 0;
  dispatch<kAllTypes>(x.type, [&](auto t) {
    auto value = v.to<typename decltype(t)::type>();
    std::memcpy(&bits, &value, sizeof value);
  });
  const int width = info(x.type).size;
  char* base = x.bytes();
  Walk<1> walk({&x});
  walk.reorder();
  walk.parallel(kLight, [=](auto& offset, auto& step, int64_t n) {
    char* to = base + offset[0] * width;
    if (step[0] == 1 && worth_streaming(n * width)) {
      alignas(64) char buffer[kTileBytes];
      fill_elements(buffer, &bits, kTileElements, width);
      for (int64_t k = 0; k < n; k += kTileElements)
        tile_kernels().stream(to + k * width, buffer, std::min(kTileElements, n - k) * width);
      tile_kernels().flush();
    } else if (step[0] == 1) fill_elements(to, &bits, n, width);
    else copy_grid({to, step[0], 0}, {const_cast<char*>(reinterpret_cast<const char*>(&bits)), 0, 0}, n, 1, width);
  });
}

void zero(Tensor& x) { fill(x, 0); }

void pow_value(Tensor& res, Tensor& x, Scalar v) {
  if (v.d == 2) return unary<Square>(res, x);
  if (v.d == 3) return unary<Cube>(res, x);
  if (v.d == 0.5) return unary<Sqrt>(res, x);
  if (v.d == -0.5) return unary<Rsqrt>(res, x);
  if (v.d == -1) return unary<Cinv>(res, x);
  pointwise(loop<MathLoops, Pow, 1, 1>(x.type), res, {&x}, {v}, kHeavy);
}
void pow_of(Tensor& res, Scalar base, Tensor& x) { pointwise(loop<MathLoops, PowOf, 1, 1>(x.type), res, {&x}, {base}, kHeavy); }
double pow_numbers(double a, double b) { return Pow::of(a, b); }

template <class F>
Op rounding(const char* name, Types types = kFloating) {
  return op<Form::Self>(name, types, sig<unary<F>, "[*T*] T">{}, sig<of_number<F>, "real">{});
}
template <class F>
Op math(const char* name) {
  return op<Form::Self>(name, kFloating, sig<function<F>, "[*T*] T">{}, sig<of_number<F>, "real">{});
}

}  // namespace

OpList unary_ops() {
  return {
      op("fill", kAllTypes, sig<fill, "*T* real">{}),
      op("zero", kAllTypes, sig<zero, "*T*">{}),
      op<Form::Self>("neg", kFloating, sig<unary<Neg>, "[*T*] T">{}),
      op<Form::Self>("cinv", kFloating, sig<unary<Cinv>, "[*T*] T">{}),
      op<Form::Self>("sign", kNumeric, sig<unary<Sign>, "[*T*] T">{}),
      rounding<Abs>("abs", kFloating | mask(Type::Int) | mask(Type::Long)),
      rounding<Sqrt>("sqrt"),
      rounding<Rsqrt>("rsqrt"),
      rounding<Round>("round"),
      rounding<Ceil>("ceil"),
      rounding<Floor>("floor"),
      rounding<Trunc>("trunc"),
      rounding<Frac>("frac"),
      math<Exp>("exp"),
      math<Log>("log"),
      math<Log1p>("log1p"),
      math<Sin>("sin"),
      math<Cos>("cos"),
      math<Tan>("tan"),
      math<Asin>("asin"),
      math<Acos>("acos"),
      math<Atan>("atan"),
      math<Sinh>("sinh"),
      math<Cosh>("cosh"),
      math<Tanh>("tanh"),
      math<Sigmoid>("sigmoid"),
      op<Form::Self>("clamp", kNumeric, sig<clamp, "[*T*] T real real">{}),
      with_methods(op("pow", kFloating, sig<pow_value, "[*T*] T real">{}, sig<pow_of, "[*T*] real T">{}, sig<pow_numbers, "real real">{}),
                   sig<pow_value, "*T* [T] real">{}, sig<pow_of, "*T* real [T]">{}, sig<pow_numbers, "real real">{}),
  };
}

}  // namespace t9
