// What follows the sums in an LSTM cell, in one pass: the four gates, the next cell and the next output. nngraph puts
// it in the place of the modules that spell it out.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/lstm_gates.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "nn/lstm_gates.h"
#include "ops/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace t9::nn::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace vm = t9::HWY_NAMESPACE::vm;

// f(d, k) on whole vectors, then on single elements.
template <class T, class F>
HWY_INLINE void each(int64_t n, const F& f) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 1> one;
  const int64_t lanes = int64_t(hn::Lanes(d));
  int64_t k = 0;
  for (; k + lanes <= n; k += lanes) f(d, k);
  for (; k < n; ++k) f(one, k);
}

template <class T>
struct Forward {
  const LstmRow<T>& r;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t k) const {
    auto sum = [&](int part) HWY_ATTR {
      const auto x = hn::LoadU(d, r.sums[part] + k);
      return r.more[part] ? hn::Add(x, hn::LoadU(d, r.more[part] + k)) : x;
    };
    const auto i = vm::sigmoid(d, sum(0));
    const auto f = vm::sigmoid(d, sum(1));
    const auto o = vm::sigmoid(d, sum(2));
    const auto g = vm::tanh(d, sum(3));
    const auto c = hn::MulAdd(f, hn::LoadU(d, r.cell + k), hn::Mul(i, g));
    const auto squashed = vm::tanh(d, c);
    hn::StoreU(i, d, r.gates[0] + k);
    hn::StoreU(f, d, r.gates[1] + k);
    hn::StoreU(o, d, r.gates[2] + k);
    hn::StoreU(g, d, r.gates[3] + k);
    hn::StoreU(c, d, r.next_cell + k);
    hn::StoreU(squashed, d, r.squashed + k);
    hn::StoreU(hn::Mul(o, squashed), d, r.next_output + k);
  }
};

template <class T>
struct Backward {
  const LstmRow<T>& r;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t k) const {
    using V = hn::Vec<D>;
    const V one = hn::Set(d, 1);
    const V i = hn::LoadU(d, r.gates[0] + k), f = hn::LoadU(d, r.gates[1] + k);
    const V o = hn::LoadU(d, r.gates[2] + k), g = hn::LoadU(d, r.gates[3] + k);
    const V squashed = hn::LoadU(d, r.squashed + k);
    const V up = r.grad_output ? hn::LoadU(d, r.grad_output + k) : hn::Zero(d);
    V carried = hn::Mul(hn::Mul(up, o), hn::NegMulAdd(squashed, squashed, one));
    if (r.grad_next) carried = hn::Add(carried, hn::LoadU(d, r.grad_next + k));
    auto through = [&](V gate) HWY_ATTR { return hn::NegMulAdd(gate, gate, gate); };  // s' = s - s*s
    hn::StoreU(hn::Mul(hn::Mul(carried, g), through(i)), d, r.sums[0] + k);
    hn::StoreU(hn::Mul(hn::Mul(carried, hn::LoadU(d, r.cell + k)), through(f)), d, r.sums[1] + k);
    hn::StoreU(hn::Mul(hn::Mul(up, squashed), through(o)), d, r.sums[2] + k);
    hn::StoreU(hn::Mul(hn::Mul(carried, i), hn::NegMulAdd(g, g, one)), d, r.sums[3] + k);
    hn::StoreU(hn::Mul(carried, f), d, r.next_cell + k);
  }
};

template <class T, template <class> class Pass>
void rows(const LstmRow<T>* r, int64_t count, int64_t hidden) {
  for (int64_t n = 0; n < count; ++n) each<T>(hidden, Pass<T>{r[n]});
}

void forward_float(const LstmRow<float>* r, int64_t n, int64_t hidden) { rows<float, Forward>(r, n, hidden); }
void forward_double(const LstmRow<double>* r, int64_t n, int64_t hidden) { rows<double, Forward>(r, n, hidden); }
void backward_float(const LstmRow<float>* r, int64_t n, int64_t hidden) { rows<float, Backward>(r, n, hidden); }
void backward_double(const LstmRow<double>* r, int64_t n, int64_t hidden) { rows<double, Backward>(r, n, hidden); }

}  // namespace t9::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "nn/families.h"
#include "nn/kernel.h"

namespace t9::nn {

HWY_EXPORT(forward_float);
HWY_EXPORT(forward_double);
HWY_EXPORT(backward_float);
HWY_EXPORT(backward_double);

namespace {

void forward(const LstmRow<float>* r, int64_t n, int64_t h) { HWY_DYNAMIC_DISPATCH(forward_float)(r, n, h); }
void forward(const LstmRow<double>* r, int64_t n, int64_t h) { HWY_DYNAMIC_DISPATCH(forward_double)(r, n, h); }
void backward(const LstmRow<float>* r, int64_t n, int64_t h) { HWY_DYNAMIC_DISPATCH(backward_float)(r, n, h); }
void backward(const LstmRow<double>* r, int64_t n, int64_t h) { HWY_DYNAMIC_DISPATCH(backward_double)(r, n, h); }

struct Order {  // which quarter of the sums is the input gate, the forget gate, the output gate, the candidate
  int quarter[4];
};

Order order_of(int i, int f, int o, int g) {
  auto bit = [](int k) { return k >= 0 && k < 4 ? 1 << k : 0; };
  T9_CHECK((bit(i) | bit(f) | bit(o) | bit(g)) == 15, "the four gates must be 1 to 4 in some order");
  return {{i, f, o, g}};
}

// Calls body(rows, count) for parts of the batch; fill(row, n) sets a row's addresses.
template <class T, class Fill, class Body>
void by_rows(int64_t batch, int64_t hidden, const Fill& fill, const Body& body) {
  parallel_for(batch, std::max<int64_t>(1, kGrain / (16 * hidden)), [&](int64_t begin, int64_t end) {
    constexpr int64_t kBlock = 32;
    LstmRow<T> r[kBlock];
    for (int64_t first = begin; first < end; first += kBlock) {
      const int64_t count = std::min(kBlock, end - first);
      for (int64_t n = 0; n < count; ++n) fill(r[n], first + n);
      body(r, count, hidden);
    }
  });
}

// What enters the gates is `sums`, or sums + more.
void update_output(Tensor& sums, Tensor* more, Tensor& cell, Tensor& gates, Tensor& nextCell, Tensor& squashed,
                   Tensor& nextOutput, int i, int f, int o, int g) {
  const Order order = order_of(i, f, o, g);
  T9_CHECK(sums.nDimension == 2 && sums.size[1] % 4 == 0 && sums.numel() == 4 * cell.numel(),
           "the sums must be batch x 4 times the cell's size, got [%s] and [%s]", sums.size_text().c_str(),
           cell.size_text().c_str());
  if (more) check_same_count(sums, *more, "sums", "more");
  const int64_t batch = sums.size[0], H = sums.size[1] / 4;
  gates.resize({batch, 4 * H});
  for (Tensor* t : {&nextCell, &squashed, &nextOutput}) t->resize({batch, H});
  floating(sums, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense s(sums), c(cell);
    TensorRef m = more ? contiguous(*more) : TensorRef();
    DenseResult dg(gates), dc(nextCell), ds(squashed), dh(nextOutput);
    by_rows<T>(
        batch, H,
        [&](LstmRow<T>& r, int64_t n) {
          for (int k = 0; k < 4; ++k) {
            r.sums[k] = s.data<T>() + n * 4 * H + order.quarter[k] * H;
            r.more[k] = m ? m->data<T>() + n * 4 * H + order.quarter[k] * H : nullptr;
            r.gates[k] = dg.data<T>() + n * 4 * H + order.quarter[k] * H;
          }
          r.cell = c.data<T>() + n * H;
          r.next_cell = dc.data<T>() + n * H;
          r.squashed = ds.data<T>() + n * H;
          r.next_output = dh.data<T>() + n * H;
        },
        [](const LstmRow<T>* r, int64_t count, int64_t hidden) { forward(r, count, hidden); });
  });
}

void update_grad_input(Tensor& cell, Tensor& gates, Tensor& squashed, Tensor* gradCell, Tensor* gradOutput,
                       Tensor& gradSums, Tensor& gradPrevious, int i, int f, int o, int g) {
  const Order order = order_of(i, f, o, g);
  T9_CHECK(gates.nDimension == 2 && gates.numel() == 4 * cell.numel() && squashed.numel() == cell.numel(),
           "run the forward pass first");
  const int64_t batch = gates.size[0], H = gates.size[1] / 4;
  for (Tensor* t : {gradCell, gradOutput})
    if (t) check_gradient(cell, *t);
  gradSums.resize({batch, 4 * H});
  gradPrevious.resize_as(cell);
  floating(gates, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense c(cell), a(gates), s(squashed);
    TensorRef up = gradOutput ? contiguous(*gradOutput) : TensorRef(),
              next = gradCell ? contiguous(*gradCell) : TensorRef();
    DenseResult ds(gradSums), dc(gradPrevious);
    by_rows<T>(
        batch, H,
        [&](LstmRow<T>& r, int64_t n) {
          for (int k = 0; k < 4; ++k) {
            r.sums[k] = ds.data<T>() + n * 4 * H + order.quarter[k] * H;
            r.gates[k] = a.data<T>() + n * 4 * H + order.quarter[k] * H;
          }
          r.cell = c.data<T>() + n * H;
          r.squashed = s.data<T>() + n * H;
          r.grad_output = up ? up->data<T>() + n * H : nullptr;
          r.grad_next = next ? next->data<T>() + n * H : nullptr;
          r.next_cell = dc.data<T>() + n * H;
        },
        [](const LstmRow<T>* r, int64_t count, int64_t hidden) { backward(r, count, hidden); });
  });
}

}  // namespace

}  // namespace t9::nn

t9::OpList t9::lstm_gates_kernels() {
  using namespace nn;
  return {
      kernel("LSTMGates_updateOutput", sig<update_output, "T T? T T T T T index index index index">{}),
      kernel("LSTMGates_updateGradInput", sig<update_grad_input, "T T T T? T? T T index index index index">{}),
  };
}
#endif
