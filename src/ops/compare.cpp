// Comparisons, and the tests over whole tensors.
#include "ops/folds.h"
#include "ops/op.h"
#include "ops/reduce.h"

namespace t9 {

namespace {

using namespace formula;

// The loops write bytes; a result of the operands' type is converted from them.
template <class Run>
void compare(Tensor& res, const Tensor& x, Run run) {
  if (res.type == Type::Byte) return run(res);
  TensorRef bytes = make_tensor(Type::Byte);
  run(*bytes);
  res.resize_as(x);
  copy(res, *bytes);
}

template <class F>
void with_value(Tensor& res, Tensor& x, Scalar v) {
  compare(res, x, [&](Tensor& r) { pointwise(loop<CompareLoops, F, 1, 1>(x.type), r, {&x}, {v}); });
}
template <class F>
void with_pair(Tensor& res, Tensor& x, Tensor& y) {
  compare(res, x, [&](Tensor& r) { pointwise(loop<CompareLoops, F, 2>(x.type), r, {&x, &y}); });
}

template <class F>
Op comparison(const char* name) {
  return op(name, kNumeric, sig<with_value<F>, "[*ByteTensor*] T real">{}, sig<with_value<F>, "*T* T real">{},
            sig<with_pair<F>, "[*ByteTensor*] T T">{}, sig<with_pair<F>, "*T* T T">{});
}

bool equal(Tensor& x, Tensor& y) {
  if (!x.same_size(y)) return false;
  bool same = true;
  dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    const T *px = x.data<T>(), *py = y.data<T>();
    Walk<2> walk({&x, &y});
    walk.reorder();
    walk.run(0, walk.total, [&](auto& offset, auto& step, int64_t n) {
      const T *a = px + offset[0], *b = py + offset[1];
      for (int64_t begin = 0; same && begin < n; begin += 1024) {
        bool differ = false;
        for (int64_t k = begin, end = std::min(n, begin + 1024); k < end; ++k) differ |= a[k * step[0]] != b[k * step[1]];
        same = !differ;
      }
    });
  });
  return same;
}

// The least or greatest of the bytes, `none` for an empty tensor.
template <ExtremumKind kKind>
uint8_t extreme(const Tensor& x, uint8_t none) {
  const Extremum& e = extremum(kKind, Type::Byte);
  auto join = [](uint8_t& total, uint8_t part) { total = kKind == ExtremumKind::Minimum ? std::min(total, part) : std::max(total, part); };
  return over_all<uint8_t>(
      x, none,
      [&](uint8_t& part, const uint8_t* p, int64_t n) {
        uint8_t value;
        e.row(p, n, &value);
        join(part, value);
      },
      join);
}
bool all(Tensor& x) { return extreme<ExtremumKind::Minimum>(x, 255) != 0; }
bool any(Tensor& x) { return extreme<ExtremumKind::Maximum>(x, 0) != 0; }

}  // namespace

OpList compare_ops() {
  return {
      comparison<Less>("lt"),
      comparison<Greater>("gt"),
      comparison<LessEqual>("le"),
      comparison<GreaterEqual>("ge"),
      comparison<Equal>("eq"),
      comparison<NotEqual>("ne"),
      op("equal", kNumeric, sig<equal, "T T">{}),
      op("all", mask(Type::Byte), sig<all, "T">{}),
      op("any", mask(Type::Byte), sig<any, "T">{}),
  };
}

}  // namespace t9
