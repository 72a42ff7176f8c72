// Draws from discrete distributions: multinomial, and Walker's alias method.
#include <cmath>
#include <vector>

#include "base/scratch.h"
#include "ops/iterate.h"
#include "ops/op.h"
#include "ops/output.h"

namespace t9 {

namespace {

// The first of `size` ascending values that is not below v[k], for each k. The searches go side by side
// and without branches: none waits for another's memory.
template <int kCount>
void lower_bounds(const double* values, int64_t size, const double* v, int64_t* out) {
  int64_t at[kCount] = {};
  while (size > 1) {
    const int64_t half = size / 2;
    for (int k = 0; k < kCount; ++k) at[k] += values[at[k] + half - 1] < v[k] ? half : 0;
    size -= half;
  }
  for (int k = 0; k < kCount; ++k) out[k] = at[k];
}

void draw_with_replacement(const double* sums, int64_t size, int64_t* out, int64_t step, int64_t draws, Generator& gen) {
  constexpr int kCount = 8;
  uint32_t words[kCount];
  double u[kCount] = {};
  int64_t picks[kCount];
  for (int64_t j = 0; j < draws; j += kCount) {
    const int64_t n = std::min<int64_t>(kCount, draws - j);
    gen.random(words, n);
    for (int64_t k = 0; k < n; ++k) u[k] = words[k] * 0x1p-32;
    lower_bounds<kCount>(sums, size, u, picks);
    for (int64_t k = 0; k < n; ++k) out[(j + k) * step] = picks[k] + 1;
  }
}

// One row: `sums` are the running sums of its probabilities.
void draw_row(double* sums, int64_t size, int64_t* out, int64_t step, int64_t draws, bool replacement, Generator& gen) {
  const double total = sums[size - 1];
  for (int64_t k = 0; k < size; ++k) sums[k] /= total;
  sums[size - 1] = 1;
  if (replacement) return draw_with_replacement(sums, size, out, step, draws, gen);
  for (int64_t j = 0; j < draws; ++j) {
    const double u = gen.uniform();
    int64_t pick;
    sums[size - 1] = 1;
    lower_bounds<1>(sums, size, &u, &pick);
    out[j * step] = pick + 1;
    const double taken = sums[pick] - (pick ? sums[pick - 1] : 0);
    for (int64_t k = pick; k < size; ++k) sums[k] -= taken;
    for (int64_t k = 0; k < size; ++k) sums[k] /= 1 - taken;
  }
}

void multinomial(Tensor& res, Generator& gen, Tensor& p, int64_t draws, bool replacement) {
  T9_CHECK_ARG(p.nDimension == 1 || p.nDimension == 2, 2, "prob_dist must be 1 or 2 dim");
  const bool rows = p.nDimension == 2;
  const int64_t size = p.size[rows], step = p.stride[rows], count = rows ? p.size[0] : 1;
  T9_CHECK_ARG(draws > 0, 3, "cannot sample n_sample < 0 samples");
  T9_CHECK_ARG(replacement || draws <= size, 3, "cannot sample n_sample > prob_dist:size(1) samples without replacement");
  Output out(res, {&p});
  out->resize(rows ? Sizes{count, draws} : Sizes{draws});
  const Scratch<double> sums(size);
  dispatch<kFloating>(p.type, [&](auto type) {
    using T = typename decltype(type)::type;
    for (int64_t i = 0; i < count; ++i) {
      const T* x = p.data<T>() + (rows ? i * p.stride[0] : 0);
      double sum = 0;
      for (int64_t k = 0; k < size; ++k) sums[k] = sum += double(x[k * step]);
      T9_CHECK_ARG(sum > 0, 2, "invalid multinomial distribution (sum of probabilities <= 0)");
      draw_row(sums, size, out->data<int64_t>() + (rows ? i * out->stride[0] : 0), out->stride[rows], draws, replacement,
               gen);
    }
  });
  out.finish();
}

// M. D. Vose: A linear algorithm for generating random numbers with a given distribution, 1991.
// `other` counts from 1, so that 1 means none beside a probability of 1.
void alias_setup(Tensor& other, Tensor& keep, Tensor& p) {
  T9_CHECK(p.nDimension == 1, "multinomialAliasSetup: a vector of probabilities expected, got a %dD tensor", p.nDimension);
  const int64_t n = p.size[0];
  Output j(other, {&p, &keep}), q(keep, {&p});
  j->resize({n});
  q->resize({n});
  dispatch<kFloating>(p.type, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* x = p.data<T>();
    T* chance = q->data<T>();
    int64_t* alias = j->data<int64_t>();
    const int64_t sq = q->stride[0], sj = j->stride[0];
    std::vector<int64_t> small, large;
    for (int64_t i = 0; i < n; ++i) {
      alias[i * sj] = 0;
      chance[i * sq] = T(n) * x[i * p.stride[0]];
      (chance[i * sq] < 1 ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
      const int64_t l = large.back(), s = small.back();
      alias[s * sj] = l;
      chance[l * sq] -= T(1) - chance[s * sq];
      small.pop_back();
      if (chance[l * sq] < 1) {
        small.push_back(l);
        large.pop_back();
      }
    }
    T most = 1;
    for (int64_t i = 0; i < n; ++i) most = std::max(most, chance[i * sq]);
    for (int64_t i = 0; i < n; ++i) {
      chance[i * sq] /= most;
      if (alias[i * sj] <= 0) chance[i * sq] = 1;
      ++alias[i * sj];
    }
  });
  j.finish();
  q.finish();
}

void alias_draw(Tensor& res, Generator& gen, Tensor& other, Tensor& keep) {
  const int64_t n = keep.numel();
  T9_CHECK(n > 0 && keep.nDimension == 1 && other.nDimension == 1 && other.size[0] == n,
           "multinomialAlias: expected the state that multinomialAliasSetup made");
  TensorRef alias = contiguous(other), chance = contiguous(keep);
  if (overlaps(res, *alias)) alias = clone(*alias);
  const int64_t* j = alias->data<int64_t>();
  dispatch<kFloating>(keep.type, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* q = chance->data<T>();
    for_each<int64_t>(res, [&](int64_t& r) {
      const int64_t i = int64_t(gen.uniform(0, double(n)));
      r = gen.bernoulli(double(q[i])) ? i + 1 : j[i];
    });
  });
}

}  // namespace

OpList multinomial_ops() {
  return {
      op<Form::Given>("multinomial", kFloating, sig<multinomial, "[*LongTensor*] [Generator] T int [boolean=false]">{}),
      op<Form::MethodOnly>("multinomialAliasSetup_", kFloating, sig<alias_setup, "*LongTensor* *T* T">{}),
      op<Form::MethodOnly>("multinomialAlias_", kFloating, sig<alias_draw, "*LongTensor* [Generator] LongTensor T">{}),
  };
}

}  // namespace t9
