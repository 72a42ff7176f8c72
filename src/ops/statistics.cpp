// Variance, standard deviation, smallest and largest elements.
#include "ops/folds.h"
#include "ops/op.h"
#include "ops/reduce.h"

namespace t9 {

namespace {

struct Sums {
  double first = 0, second = 0;  // of deviations from the shift, and of their squares
};

double variance(Sums s, double n, bool biased) {
  return std::max(0.0, s.second - s.first * s.first / n) / (biased ? n : n - 1);
}

double var(Tensor& x, bool biased) {
  T9_CHECK(!x.empty(), "empty Tensor");
  const Moments& m = moments(x.type);
  const Sums sums = dispatch<kFloating>(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    const double shift = double(*x.data<T>());
    return over_all<T>(
        x, Sums(), [&](Sums& part, const T* e, int64_t n) { m.row(e, n, shift, &part.first, &part.second); },
        [&](Sums& total, const Sums& part) { total.first += part.first, total.second += part.second; });
  });
  return variance(sums, double(x.numel()), biased);
}
double std_all(Tensor& x, bool biased) { return std::sqrt(var(x, biased)); }

template <bool kRoot>
void var_along(Tensor& res, Tensor& x, int d, bool biased) {
  check_dimension(x, d, "invalid dimension %d");
  const Moments& m = moments(x.type);
  const double count = double(x.size[d]);
  auto finish = [=](Sums s) {
    const double v = variance(s, count, biased);
    return kRoot ? std::sqrt(v) : v;
  };
  into_result(res, x, reduced_sizes(x, d), [&](Tensor& r) {
    dispatch<kFloating>(x.type, [&](auto t) {
      using T = typename decltype(t)::type;
      const Lines lines(x, d, r, r);
      T* pr = r.data<T>();
      lines.visit<T>(
          [&](const T* at, int64_t to, int64_t) {
            Sums s;
            m.row(at, lines.length(), double(*at), &s.first, &s.second);
            pr[to] = T(finish(s));
          },
          [&](const T* at, int64_t stride, int64_t n, int64_t to, int64_t step, int64_t, int64_t) {
            alignas(64) double first[Lines::kColumns], second[Lines::kColumns];
            std::fill_n(first, n, 0.0);
            std::fill_n(second, n, 0.0);
            m.columns(at, lines.length(), stride, n, first, second);
            for (int64_t k = 0; k < n; ++k) pr[to + k * step] = T(finish({first[k], second[k]}));
          });
    });
  });
}

template <ExtremumKind kKind, class T>
void replace(T& best, T v) {
  using F = std::conditional_t<kKind == ExtremumKind::Maximum, formula::Maximum, formula::Minimum>;
  if (F::better(v, best)) best = v;
}

template <ExtremumKind kKind>
double extremum_all(Tensor& x) {
  T9_CHECK(!x.empty(), "tensor must have one dimension");
  const Extremum& e = extremum(kKind, x.type);
  return dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    return double(over_all<T>(
        x, *x.data<T>(),
        [&](T& part, const T* p, int64_t n) {
          T best;
          e.row(p, n, &best);
          replace<kKind>(part, best);
        },
        [](T& total, const T& part) { replace<kKind>(total, part); }));
  });
}

template <ExtremumKind kKind>
void extremum_along(Tensor& res, Tensor& indices, Tensor& x, int d) {
  check_dimension(x, d, "dimension %d out of range");
  const Extremum& e = extremum(kKind, x.type);
  const Sizes sizes = reduced_sizes(x, d);
  // a Long result may share memory with x, too
  into_result(indices, x, sizes, [&](Tensor& where) {
    into_result(res, x, sizes, [&](Tensor& r) {
      dispatch(x.type, [&](auto t) {
        using T = typename decltype(t)::type;
        const Lines lines(x, d, r, where);
          T* pr = r.data<T>();
        int64_t* pi = where.data<int64_t>();
        lines.visit<T>(
            [&](const T* at, int64_t to, int64_t to_index) {
              T best;
              e.row(at, lines.length(), &best);
              pr[to] = best;
              pi[to_index] = e.find(at, lines.length(), &best) + 1;
            },
            [&](const T* at, int64_t stride, int64_t n, int64_t to, int64_t step, int64_t to_index, int64_t index_step) {
              alignas(64) T best[Lines::kColumns];
              alignas(64) int32_t index[Lines::kColumns];
              std::copy_n(at, n, best);
              std::fill_n(index, n, 0);
              e.columns(at + stride, lines.length() - 1, stride, n, best, index, 1);
              for (int64_t k = 0; k < n; ++k) pr[to + k * step] = best[k], pi[to_index + k * index_step] = index[k] + 1;
            });
      });
    });
  });
}

template <ExtremumKind kKind>
Op extremum_op(const char* name) {
  return op(name, kNumeric, sig<extremum_all<kKind>, "T">{}, sig<extremum_along<kKind>, "[*T*] [*LongTensor*] T index">{});
}

}  // namespace

OpList statistics_ops() {
  return {
      op("var", kFloating, sig<var, "T [boolean=false]">{}, sig<var_along<false>, "[*T*] T index [boolean=false]">{}),
      op("std", kFloating, sig<std_all, "T [boolean=false]">{}, sig<var_along<true>, "[*T*] T index [boolean=false]">{}),
      extremum_op<ExtremumKind::Minimum>("min"),
      extremum_op<ExtremumKind::Maximum>("max"),
  };
}

}  // namespace t9
