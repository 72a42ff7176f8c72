// Formulas over contiguous memory, compiled for several instruction sets; the best one for the
// processor is chosen at the first call.
//
// Loops<...> says how a formula is used: with how many tensors and how many numbers, for which types.
// Its loops stand in the table of its list; pointwise.h runs them over tensors of any layout.
#pragma once

#include <array>

#include "ops/formulas.h"
#include "torch9/types.h"

namespace t9 {

// r[k] = f(a[k], b[k], c[k], numbers...). r may be a, b or c; otherwise it overlaps none.
using Loop = void (*)(int64_t n, void* r, const void* a, const void* b, const void* c, const Scalar* numbers);
using LoopRow = std::array<Loop, kTypeCount>;

enum class Into { Same, Byte };  // the result's element type

template <class F, int kTensors, int kNumbers = 0, Types kSet = kNumeric, Into kInto = Into::Same>
struct Loops {};

template <class X, int kTensors, int kNumbers, class F>
inline constexpr bool kIsLoops = false;
template <class X, int kTensors, int kNumbers, Types kSet, Into kInto>
inline constexpr bool kIsLoops<X, kTensors, kNumbers, Loops<X, kTensors, kNumbers, kSet, kInto>> = true;

template <class... F>
struct LoopList {
  template <class X, int kTensors, int kNumbers>
  static consteval int find() {
    int k = 0, at = -1;
    ((kIsLoops<X, kTensors, kNumbers, F> ? at = k : 0, ++k), ...);
    if (at < 0) throw "no such loop in this list";
    return at;
  }
};

namespace formula {

using UnaryLoops = LoopList<
    Loops<Neg, 1, 0, kFloating>, Loops<Cinv, 1, 0, kFloating>, Loops<Sign, 1>,
    Loops<Abs, 1, 0, kFloating | mask(Type::Int) | mask(Type::Long)>, Loops<Square, 1, 0, kFloating>,
    Loops<Cube, 1, 0, kFloating>, Loops<Sqrt, 1, 0, kFloating>, Loops<Rsqrt, 1, 0, kFloating>, Loops<Ceil, 1, 0, kFloating>,
    Loops<Floor, 1, 0, kFloating>, Loops<Trunc, 1, 0, kFloating>, Loops<Frac, 1, 0, kFloating>, Loops<Round, 1, 0, kFloating>,
    Loops<Clamp, 1, 2>>;

using MathLoops = LoopList<
    Loops<Exp, 1, 0, kFloating>, Loops<Log, 1, 0, kFloating>, Loops<Log1p, 1, 0, kFloating>, Loops<Sin, 1, 0, kFloating>,
    Loops<Cos, 1, 0, kFloating>, Loops<Tan, 1, 0, kFloating>, Loops<Asin, 1, 0, kFloating>, Loops<Acos, 1, 0, kFloating>,
    Loops<Atan, 1, 0, kFloating>, Loops<Sinh, 1, 0, kFloating>, Loops<Cosh, 1, 0, kFloating>, Loops<Tanh, 1, 0, kFloating>,
    Loops<Sigmoid, 1, 0, kFloating>, Loops<Pow, 2, 0, kFloating>, Loops<Pow, 1, 1, kFloating>, Loops<PowOf, 1, 1, kFloating>,
    Loops<Atan2, 2, 0, kFloating>>;

using ArithmeticLoops = LoopList<
    Loops<Add, 1, 1>, Loops<Add, 2>, Loops<AddScaled, 2, 1>, Loops<Sub, 1, 1>, Loops<Sub, 2>, Loops<Mul, 1, 1>, Loops<Mul, 2>,
    Loops<Div, 1, 1>, Loops<Div, 2>, Loops<Max, 1, 1>, Loops<Max, 2>, Loops<Min, 1, 1>, Loops<Min, 2>, Loops<AddCmul, 3, 1>,
    Loops<AddCdiv, 3, 1>, Loops<Lerp, 2, 1, kFloating>>;

using IntegerLoops = LoopList<
    Loops<Fmod, 1, 1>, Loops<Fmod, 2>, Loops<Remainder, 1, 1>, Loops<Remainder, 2>, Loops<ShiftLeft, 1, 1>, Loops<ShiftLeft, 2>,
    Loops<ShiftRight, 1, 1>, Loops<ShiftRight, 2>, Loops<BitAnd, 1, 1, kIntegers>, Loops<BitAnd, 2, 0, kIntegers>,
    Loops<BitOr, 1, 1, kIntegers>, Loops<BitOr, 2, 0, kIntegers>, Loops<BitXor, 1, 1, kIntegers>,
    Loops<BitXor, 2, 0, kIntegers>, Loops<Pow, 2, 0, kIntegers>>;

template <class F>
using Number = Loops<F, 1, 1, kNumeric, Into::Byte>;
template <class F>
using Pair = Loops<F, 2, 0, kNumeric, Into::Byte>;
using CompareLoops =
    LoopList<Number<Less>, Pair<Less>, Number<Greater>, Pair<Greater>, Number<LessEqual>, Pair<LessEqual>,
             Number<GreaterEqual>, Pair<GreaterEqual>, Number<Equal>, Pair<Equal>, Number<NotEqual>, Pair<NotEqual>>;

}  // namespace formula

const LoopRow* loops_of(formula::UnaryLoops);
const LoopRow* loops_of(formula::MathLoops);
const LoopRow* loops_of(formula::ArithmeticLoops);
const LoopRow* loops_of(formula::IntegerLoops);
const LoopRow* loops_of(formula::CompareLoops);

template <class List, class F, int kTensors, int kNumbers = 0>
Loop loop(Type type) {
  return loops_of(List{})[size_t(List::template find<F, kTensors, kNumbers>())][size_t(type)];
}

}  // namespace t9
