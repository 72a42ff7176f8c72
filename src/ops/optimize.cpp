// Steps of the optimisers, one pass over the parameters each. Rows of the kernel table: x.THNN.optim_sgd(x, g, ...).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/optimize.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "ops/optimize.h"

HWY_BEFORE_NAMESPACE();
namespace t9::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Each step: k holds its numbers, operator() gets a vector of every operand: x, g, then the state.
// k[0] is the rate, k[1] the weight decay.

template <class D, class V>
V fade(D d, V old, V now, double keep) {  // keep * old + (1 - keep) * now
  return hn::MulAdd(hn::Set(d, keep), old, hn::Mul(hn::Set(d, 1 - keep), now));
}

template <class D, class V>
V descend(D d, V x, V step, double rate) {
  return hn::NegMulAdd(hn::Set(d, rate), step, x);
}

struct Sgd {
  const double* k;
  template <class D, class V>
  void operator()(D d, V& x, V& g) const {
    x = descend(d, x, g, k[0]);
  }
};

template <bool kNesterov>
struct Momentum {  // momentum, share of the new gradient
  const double* k;
  template <class D, class V>
  void operator()(D d, V& x, V& g, V& v) const {
    const V momentum = hn::Set(d, k[2]);
    v = hn::MulAdd(momentum, v, hn::Mul(hn::Set(d, k[3]), g));
    x = descend(d, x, kNesterov ? hn::MulAdd(momentum, v, g) : v, k[0]);
  }
};

struct Adam {  // beta1, beta2, epsilon
  const double* k;
  template <class D, class V>
  void operator()(D d, V& x, V& g, V& m, V& v) const {
    m = fade(d, m, g, k[2]);
    v = fade(d, v, hn::Mul(g, g), k[3]);
    x = descend(d, x, hn::Div(m, hn::Add(hn::Sqrt(v), hn::Set(d, k[4]))), k[0]);
  }
};

struct Adamax {  // beta1, beta2, epsilon
  const double* k;
  template <class D, class V>
  void operator()(D d, V& x, V& g, V& m, V& u) const {
    m = fade(d, m, g, k[2]);
    u = hn::Max(hn::Mul(hn::Set(d, k[3]), u), hn::Add(hn::Abs(g), hn::Set(d, k[4])));
    x = descend(d, x, hn::Div(m, u), k[0]);
  }
};

struct Rmsprop {  // alpha, epsilon
  const double* k;
  template <class D, class V>
  void operator()(D d, V& x, V& g, V& m) const {
    m = fade(d, m, hn::Mul(g, g), k[2]);
    x = descend(d, x, hn::Div(g, hn::Add(hn::Sqrt(m), hn::Set(d, k[3]))), k[0]);
  }
};

struct Adagrad {
  const double* k;
  template <class D, class V>
  void operator()(D d, V& x, V& g, V& sum) const {
    sum = hn::MulAdd(g, g, sum);
    x = descend(d, x, hn::Div(g, hn::Add(hn::Sqrt(sum), hn::Set(d, 1e-10))), k[0]);
  }
};

struct Adadelta {  // rho, eps
  const double* k;
  template <class D, class V>
  void operator()(D d, V& x, V& g, V& variance, V& accumulated, V& delta) const {
    const V eps = hn::Set(d, k[3]);
    variance = fade(d, variance, hn::Mul(g, g), k[2]);
    delta = hn::Mul(hn::Div(hn::Sqrt(hn::Add(accumulated, eps)), hn::Sqrt(hn::Add(variance, eps))), g);
    x = hn::Sub(x, delta);
    accumulated = fade(d, accumulated, hn::Mul(delta, delta), k[2]);
  }
};

// The gradient is written back only where weight decay changes it.
template <bool kDecay, class D, class Step, class T, class V, class... S>
HWY_INLINE void advance(D d, const Step& step, T* const* at, V x, V g, S... state) {
  if constexpr (kDecay) {
    g = hn::MulAdd(hn::Set(d, step.k[1]), x, g);
    hn::StoreU(g, d, at[1]);
  }
  step(d, x, g, state...);
  hn::StoreU(x, d, at[0]);
  int k = 2;
  (hn::StoreU(state, d, at[k++]), ...);
}

template <bool kDecay, class Step, class T, size_t... I>
HWY_INLINE void pass(const Step& step, T* const* p, int64_t n, std::index_sequence<I...>) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 1> one;
  const int64_t lanes = int64_t(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    T* const at[] = {(p[I] + i)...};
    advance<kDecay>(d, step, at, hn::LoadU(d, at[I])...);
  }
  for (; i < n; ++i) {
    T* const at[] = {(p[I] + i)...};
    advance<kDecay>(one, step, at, hn::LoadU(one, at[I])...);
  }
}

template <size_t kOperands, class Step, class T>
void each(const Step& step, T* const* p, int64_t n) {
  constexpr auto kAll = std::make_index_sequence<kOperands>();
  if (step.k[1] != 0) pass<true>(step, p, n, kAll);
  else pass<false>(step, p, n, kAll);
}

template <class T>
void typed(Optimizer method, T* const* p, const double* k, int64_t n) {
  switch (method) {
    case Optimizer::Sgd: return each<2>(Sgd{k}, p, n);
    case Optimizer::Momentum: return each<3>(Momentum<false>{k}, p, n);
    case Optimizer::Nesterov: return each<3>(Momentum<true>{k}, p, n);
    case Optimizer::Adam: return each<4>(Adam{k}, p, n);
    case Optimizer::Adamax: return each<4>(Adamax{k}, p, n);
    case Optimizer::Rmsprop: return each<3>(Rmsprop{k}, p, n);
    case Optimizer::Adagrad: return each<3>(Adagrad{k}, p, n);
    case Optimizer::Adadelta: return each<5>(Adadelta{k}, p, n);
  }
}

void optimize_float(Optimizer method, float* const* p, const double* k, int64_t n) { typed(method, p, k, n); }
void optimize_double(Optimizer method, double* const* p, const double* k, int64_t n) { typed(method, p, k, n); }

}  // namespace t9::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <array>

#include "ops/copy.h"
#include "ops/iterate.h"
#include "ops/op.h"

namespace t9 {

HWY_EXPORT(optimize_float);
HWY_EXPORT(optimize_double);

namespace {

void run(Optimizer method, float* const* p, const double* k, int64_t n) {
  HWY_DYNAMIC_DISPATCH(optimize_float)(method, p, k, n);
}
void run(Optimizer method, double* const* p, const double* k, int64_t n) {
  HWY_DYNAMIC_DISPATCH(optimize_double)(method, p, k, n);
}

// Operands of any layout: what is not contiguous is worked on as a copy.
template <size_t N>
void step(Optimizer method, const std::array<Tensor*, N>& operands, std::initializer_list<double> numbers) {
  std::array<TensorRef, N> flat;
  for (size_t o = 0; o < N; ++o) {
    check_counts(*operands[0], *operands[o]);
    flat[o] = contiguous(*operands[o]);
  }
  const int64_t n = operands[0]->numel();
  dispatch<kFloating>(operands[0]->type, [&](auto t) {
    using T = typename decltype(t)::type;
    std::array<T*, N> base;
    for (size_t o = 0; o < N; ++o) base[o] = flat[o]->template data<T>();
    parallel_for(n, kGrain, [&](int64_t begin, int64_t end) {
      std::array<T*, N> p;
      for (size_t o = 0; o < N; ++o) p[o] = base[o] + begin;
      run(method, p.data(), numbers.begin(), end - begin);
    });
  });
  for (size_t o = 0; o < N; ++o)
    if (flat[o]->storage != operands[o]->storage) copy(*operands[o], *flat[o]);
}

// The momentum v is nil, or zero before the first step; `share` of the gradient is added to it.
void sgd(Tensor& x, Tensor& g, Tensor* v, double rate, double decay, double momentum, double share, bool nesterov) {
  if (!v) return step<2>(Optimizer::Sgd, {&x, &g}, {rate, decay});
  step<3>(nesterov ? Optimizer::Nesterov : Optimizer::Momentum, {&x, &g, v}, {rate, decay, momentum, share});
}

void adam(Tensor& x, Tensor& g, Tensor& m, Tensor& v, double rate, double decay, double beta1, double beta2,
          double epsilon) {
  step<4>(Optimizer::Adam, {&x, &g, &m, &v}, {rate, decay, beta1, beta2, epsilon});
}

void adamax(Tensor& x, Tensor& g, Tensor& m, Tensor& u, double rate, double decay, double beta1, double beta2,
            double epsilon) {
  step<4>(Optimizer::Adamax, {&x, &g, &m, &u}, {rate, decay, beta1, beta2, epsilon});
}

void rmsprop(Tensor& x, Tensor& g, Tensor& m, double rate, double decay, double alpha, double epsilon) {
  step<3>(Optimizer::Rmsprop, {&x, &g, &m}, {rate, decay, alpha, epsilon});
}

void adagrad(Tensor& x, Tensor& g, Tensor& sum, double rate, double decay) {
  step<3>(Optimizer::Adagrad, {&x, &g, &sum}, {rate, decay});
}

void adadelta(Tensor& x, Tensor& g, Tensor& variance, Tensor& accumulated, Tensor& delta, double decay, double rho,
              double eps) {
  step<5>(Optimizer::Adadelta, {&x, &g, &variance, &accumulated, &delta}, {1, decay, rho, eps});
}

}  // namespace

OpList optimize_ops() {
  return {
      kernel("optim_sgd", sig<sgd, "T T T? double double double double boolean">{}),
      kernel("optim_adam", sig<adam, "T T T T double double double double double">{}),
      kernel("optim_adamax", sig<adamax, "T T T T double double double double double">{}),
      kernel("optim_rmsprop", sig<rmsprop, "T T T double double double double">{}),
      kernel("optim_adagrad", sig<adagrad, "T T T double double">{}),
      kernel("optim_adadelta", sig<adadelta, "T T T T T double double double">{}),
  };
}

}  // namespace t9
#endif
