// Random numbers: streams of spec/torch.md, section 9.
#include "ops/iterate.h"
#include "ops/op.h"

namespace t9 {

namespace {

void manual_seed(Generator& g, int64_t seed) { g.manual_seed(seed); }
double seed(Generator& g) { return double(g.seed()); }
double initial_seed(Generator& g) { return double(g.initial_seed()); }

double uniform_number(Generator& g, double a, double b) { return g.uniform(a, b); }
double normal_number(Generator& g, double m, double s) { return g.normal(m, s); }
double bernoulli_number(Generator& g, double p) { return g.bernoulli(p); }

template <class F>
void fill_floating(Tensor& t, F f) {
  dispatch<kFloating>(t.type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for_each<T>(t, [&](T& e) { e = T(f()); });
  });
}
void uniform(Tensor& t, Generator& g, Scalar a, Scalar b) {
  double lo = t.type == Type::Float ? float(a.d) : a.d, hi = t.type == Type::Float ? float(b.d) : b.d;
  fill_floating(t, [&] { return g.uniform(lo, hi); });
}
void normal(Tensor& t, Generator& g, Scalar a, Scalar b) {
  double m = t.type == Type::Float ? float(a.d) : a.d, s = t.type == Type::Float ? float(b.d) : b.d;
  fill_floating(t, [&] { return g.normal(m, s); });
}
void bernoulli(Tensor& t, Generator& g, double p) {
  dispatch(t.type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for_each<T>(t, [&](T& e) { e = T(g.bernoulli(p)); });
  });
}

double random_between(Generator& g, int64_t a, int64_t b) {
  T9_CHECK(b >= a, "upper bound must be larger than lower bound");
  return double(int64_t(uint64_t(g.random()) % uint64_t(b + 1 - a)) + a);
}
double random_below(Generator& g, int64_t b) {
  T9_CHECK(b > 0, "upper bound must be strictly positive");
  return double(uint64_t(g.random()) % uint64_t(b) + 1);
}
double random_word(Generator& g) { return g.random(); }

void randperm(Tensor& r, Generator& g, int64_t n) {
  T9_CHECK_ARG(n > 0, 1, "must be strictly positive");
  r.resize({n});
  dispatch(r.type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* p = r.data<T>();
    int64_t step = r.stride[0];
    for (int64_t i = 0; i < n; ++i) p[i * step] = T(i + 1);
    for (int64_t i = 0; i < n - 1; ++i) std::swap(p[i * step], p[(i + int64_t(g.random() % uint64_t(n - i))) * step]);
  });
}
void rand(Tensor& r, Generator& g, const Sizes& s) { r.resize(s); uniform(r, g, 0, 1); }
void randn(Tensor& r, Generator& g, const Sizes& s) { r.resize(s); normal(r, g, 0, 1); }
void set_all(Tensor& r, int v) {
  dispatch(r.type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for_each<T>(r, [&](T& e) { e = T(v); });
  });
}
void zeros(Tensor& r, const Sizes& s) { r.resize(s); set_all(r, 0); }
void ones(Tensor& r, const Sizes& s) { r.resize(s); set_all(r, 1); }
void range(Tensor& r, Scalar a, Scalar b, Scalar step) {
  int64_t n = int64_t((b.d - a.d) / step.d) + 1;
  if (r.numel() != n) r.resize({n});
  dispatch(r.type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for_each<T>(r, [&](T& e, int64_t i) { e = T(a.d + double(i) * step.d); });
  });
}

}  // namespace

OpList random_ops() {
  return {
      op("manualSeed", kNumeric, sig<manual_seed, "[Generator] long">{}),
      op("seed", kNumeric, sig<seed, "[Generator]">{}),
      op("initialSeed", kNumeric, sig<initial_seed, "[Generator]">{}),
      op("uniform", kFloating, sig<uniform_number, "[Generator] [double=0] [double=1]">{}, sig<uniform, "*T* [Generator] [real=0] [real=1]">{}),
      op("normal", kFloating, sig<normal_number, "[Generator] [double=0] [double=1]">{}, sig<normal, "*T* [Generator] [real=0] [real=1]">{}),
      op("bernoulli", kNumeric, sig<bernoulli_number, "[Generator] [double=0.5]">{}, sig<bernoulli, "*T* [Generator] [double=0.5]">{}),
      op("random", kNumeric, sig<random_between, "[Generator] long long">{}, sig<random_below, "[Generator] long">{}, sig<random_word, "[Generator]">{}),
      op<Form::Given>("randperm", kNumeric, sig<randperm, "[*T*] [Generator] long">{}),
      op<Form::Given>("rand", kFloating, sig<rand, "[*T*] [Generator] SIZES">{}),
      op<Form::Given>("randn", kFloating, sig<randn, "[*T*] [Generator] SIZES">{}),
      op<Form::Given>("zeros", kNumeric, sig<zeros, "[*T*] SIZES">{}),
      op<Form::Given>("ones", kNumeric, sig<ones, "[*T*] SIZES">{}),
      op<Form::Given>("range", kNumeric, sig<range, "[*T*] acc acc [acc=1]">{}),
  };
}

}  // namespace t9
