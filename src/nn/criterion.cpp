// Losses. An element-wise loss is a pair of formulas: the term, and its derivative by the input.
// Compiled once for each instruction set: the compiler turns these loops into vectors.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/criterion.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cmath>

#include "nn/families.h"
#include "nn/kernel.h"

HWY_BEFORE_NAMESPACE();
namespace t9::nn::HWY_NAMESPACE {

namespace {

template <class T>
struct Absolute {
  T loss(T x, T t) const { return std::abs(x - t); }
  T slope(T x, T t) const { return x >= t ? T(1) : T(-1); }
};
template <class T>
struct Squared {
  T loss(T x, T t) const { return (x - t) * (x - t); }
  T slope(T x, T t) const { return 2 * (x - t); }
};
template <class T>
struct SmoothL1 {
  T loss(T x, T t) const {
    T z = std::abs(x - t);
    return z < 1 ? T(0.5) * z * z : z - T(0.5);
  }
  T slope(T x, T t) const { return std::min(T(1), std::max(T(-1), x - t)); }
};
template <class T>
struct SoftMargin {
  T loss(T x, T t) const { return std::log1p(std::exp(-x * t)); }
  T slope(T x, T t) const { return -t / (1 + std::exp(x * t)); }
};
template <class T>
struct KullbackLeibler {
  T loss(T x, T t) const { return t > 0 ? t * (std::log(t) - x) : T(0); }
  T slope(T, T t) const { return t > 0 ? -t : T(0); }
};
template <class T>
struct Margin {
  T margin;
  T loss(T x, T t) const { return std::max(T(0), margin - x * t); }
  T slope(T x, T t) const { return margin - x * t > 0 ? -t : T(0); }
};

// Terms are summed in strands that stay in vectors, blocks in double.
template <class T, class F>
double blocked_sum(int64_t n, F term) {
  double total = 0;
  for (int64_t at = 0; at < n; at += 2048) {
    const int64_t end = std::min(n, at + 2048);
    T strand[16] = {};
    int64_t k = at;
    for (; k + 16 <= end; k += 16)
      for (int i = 0; i < 16; ++i) strand[i] += term(k + i);
    double part = 0;
    for (; k < end; ++k) part += term(k);
    for (T s : strand) part += s;
    total += part;
  }
  return total;
}

void set_loss(Tensor& output, double value) {
  output.resize({1});
  floating(output, [&](auto t) {
    using T = typename decltype(t)::type;
    *output.data<T>() = T(value);
  });
}

template <template <class> class F, class... P>
void loss(Tensor& input, Tensor& target, Tensor& output, bool average, P... p) {
  check_same_count(input, target, "input", "target");
  Dense x(input), t(target);
  const int64_t n = input.numel();
  double sum = 0;
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const F<T> f{T(p)...};
    const T *px = x.data<T>(), *pt = t.data<T>();
    sum = blocked_sum<T>(n, [=](int64_t k) { return f.loss(px[k], pt[k]); });
  });
  set_loss(output, average && n ? sum / double(n) : sum);
}

template <template <class> class F, class... P>
void slope(Tensor& input, Tensor& target, Tensor& gradInput, bool average, P... p) {
  check_same_count(input, target, "input", "target");
  gradInput.resize_as(input);
  Dense x(input), t(target);
  DenseResult r(gradInput);
  const int64_t n = input.numel();
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const F<T> f{T(p)...};
    const T norm = average && n ? T(1.0 / double(n)) : T(1);
    const T *px = x.data<T>(), *pt = t.data<T>();
    T* pr = r.data<T>();
    parallel_for(n, kGrain, [=](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) pr[k] = norm * f.slope(px[k], pt[k]);
    });
  });
}

void l1_cost(Tensor& input, Tensor& output) {
  Dense x(input);
  double sum = 0;
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = x.data<T>();
    sum = blocked_sum<T>(input.numel(), [=](int64_t k) { return std::abs(p[k]); });
  });
  set_loss(output, sum);
}

void l1_cost_gradient(Tensor& input, Tensor*, Tensor& gradInput) {
  gradInput.resize_as(input);
  Dense x(input);
  DenseResult r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = x.data<T>();
    T* q = r.data<T>();
    for (int64_t k = 0, n = input.numel(); k < n; ++k) q[k] = p[k] > 0 ? T(1) : p[k] < 0 ? T(-1) : T(0);
  });
}

// ---- binary cross entropy; weights have the input's size ----

constexpr double kTiny = 1e-12;

void bce(Tensor& input, Tensor& target, Tensor& output, bool average, Tensor* weights) {
  check_same_count(input, target, "input", "target");
  if (weights) check_same_count(*weights, target, "weights", "target");
  Dense x(input), t(target), w(weights ? *weights : input);
  const int64_t n = input.numel();
  double sum = 0;
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pt = t.data<T>(), *pw = weights ? w.data<T>() : nullptr;
    for (int64_t k = 0; k < n; ++k) {
      T v = px[k], y = pt[k];
      T term = std::log(v + T(kTiny)) * y + std::log(T(1) - v + T(kTiny)) * (1 - y);
      sum -= pw ? term * pw[k] : term;
    }
  });
  set_loss(output, average && n ? sum / double(n) : sum);
}

void bce_gradient(Tensor& input, Tensor& target, Tensor& gradInput, bool average, Tensor* weights) {
  check_same_count(input, target, "input", "target");
  if (weights) check_same_count(*weights, target, "weights", "target");
  gradInput.resize_as(input);
  Dense x(input), t(target), w(weights ? *weights : input);
  DenseResult r(gradInput);
  const int64_t n = input.numel();
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pt = t.data<T>(), *pw = weights ? w.data<T>() : nullptr;
    T* pr = r.data<T>();
    const T norm = average && n ? T(1.0 / double(n)) : T(1);
    for (int64_t k = 0; k < n; ++k) {
      T v = px[k];
      T g = -norm * (pt[k] - v) / ((T(1) - v + T(kTiny)) * (v + T(kTiny)));
      pr[k] = pw ? g * pw[k] : g;
    }
  });
}

// ---- negative log likelihood over [n][classes][area] ----

struct Likelihood {
  int64_t n = 1, classes = 0, area = 1;
};

void check_labels(const Tensor& target, int64_t classes, int64_t ignore) {
  Dense t(target);
  const int64_t* p = t.data<int64_t>();
  for (int64_t k = 0, n = target.numel(); k < n; ++k)
    T9_CHECK((p[k] >= 1 && p[k] <= classes) || p[k] == ignore, "Assertion `cur_target >= 0 && cur_target < n_classes' failed. target %lld is not in 1..%lld",
             (long long)p[k], (long long)classes);
}

constexpr int64_t kNone = INT64_MIN;

void likelihood(const Likelihood& s, Tensor& input, Tensor& target, Tensor& output, bool average, Tensor* weights,
                Tensor& total, int64_t ignore) {
  T9_CHECK(!weights || weights->numel() == s.classes, "weight tensor should be defined either for all or no classes");
  check_labels(target, s.classes, ignore);
  Dense x(input), t(target), w(weights ? *weights : input);
  const int64_t* label = t.data<int64_t>();
  double sum = 0, weight_sum = 0;
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *p = x.data<T>(), *pw = weights ? w.data<T>() : nullptr;
    for (int64_t k = 0; k < s.n * s.area; ++k) {
      if (label[k] == ignore) continue;
      const double weight = pw ? double(pw[label[k] - 1]) : 1;
      weight_sum += weight;
      sum -= weight * double(p[(k / s.area * s.classes + label[k] - 1) * s.area + k % s.area]);
    }
  });
  set_loss(output, average && weight_sum != 0 ? sum / weight_sum : sum);
  set_loss(total, weight_sum);
}

// gradInput is zero where the caller left it so
void likelihood_gradient(const Likelihood& s, Tensor& input, Tensor& target, Tensor& gradInput, bool average,
                         Tensor* weights, Tensor& total, int64_t ignore) {
  T9_CHECK(!total.empty(), "total_weight is empty");
  T9_CHECK(gradInput.numel() == input.numel(), "gradInput must have the size of the input");
  T9_CHECK(!weights || weights->numel() == s.classes, "weight tensor should be defined either for all or no classes");
  check_labels(target, s.classes, ignore);
  Dense t(target), w(weights ? *weights : input);
  DenseResult r(gradInput, true);
  const int64_t* label = t.data<int64_t>();
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* pw = weights ? w.data<T>() : nullptr;
    const double sum = double(*total.data<T>());
    if (average && !(sum > 0)) return;
    T* p = r.data<T>();
    for (int64_t k = 0; k < s.n * s.area; ++k) {
      if (label[k] == ignore) continue;
      const double weight = pw ? double(pw[label[k] - 1]) : 1;
      p[(k / s.area * s.classes + label[k] - 1) * s.area + k % s.area] = T(-weight / (average ? sum : 1));
    }
  });
}

Likelihood rows(const Tensor& input, const Tensor& target) {
  T9_CHECK(input.nDimension == 1 || input.nDimension == 2, "input tensor should be 1D or 2D");
  T9_CHECK(target.nDimension <= 1, "multi-target not supported");
  Likelihood s;
  s.classes = input.size[input.nDimension - 1];
  if (input.nDimension == 2) s.n = input.size[0];
  T9_CHECK(target.numel() == s.n, "mismatch between the batch size of input (%lld) and that of target (%lld)",
           (long long)s.n, (long long)target.numel());
  return s;
}
void nll(Tensor& x, Tensor& t, Tensor& y, bool average, Tensor* w, Tensor& total, int64_t ignore) {
  likelihood(rows(x, t), x, t, y, average, w, total, ignore);
}
void nll_gradient(Tensor& x, Tensor& t, Tensor& r, bool average, Tensor* w, Tensor& total, int64_t ignore) {
  likelihood_gradient(rows(x, t), x, t, r, average, w, total, ignore);
}

Likelihood images(const Tensor& input, const Tensor& target) {
  T9_CHECK(target.nDimension == 3, "only batches of spatial targets supported (3D tensors)  but got targets of dimension: %d",
           target.nDimension);
  T9_CHECK(input.nDimension == 4, "only batches of spatial inputs supported (4D tensors), but got input of dimension: %d",
           input.nDimension);
  Likelihood s{input.size[0], input.size[1], input.size[2] * input.size[3]};
  T9_CHECK(target.size[0] == s.n && target.size[1] == input.size[2] && target.size[2] == input.size[3],
           "size mismatch (got input: [%s], target: [%s])", input.size_text().c_str(), target.size_text().c_str());
  return s;
}
void spatial_nll(Tensor& x, Tensor& t, Tensor& y, bool average, Tensor* w, Tensor& total) {
  likelihood(images(x, t), x, t, y, average, w, total, kNone);
}
void spatial_nll_gradient(Tensor& x, Tensor& t, Tensor& r, bool average, Tensor* w, Tensor& total) {
  likelihood_gradient(images(x, t), x, t, r, average, w, total, kNone);
}

// ---- margins between classes ----

void multi_margin(Tensor& input, Tensor& target, Tensor& output, bool average, int64_t p, Tensor* weights, double margin) {
  Likelihood s = rows(input, target);
  check_labels(target, s.classes, kNone);
  T9_CHECK(!weights || weights->numel() == s.classes, "weights must have as many elements as there are classes");
  Dense x(input), t(target), w(weights ? *weights : input);
  const int64_t* label = t.data<int64_t>();
  double sum = 0;
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pw = weights ? w.data<T>() : nullptr;
    for (int64_t k = 0; k < s.n; ++k, px += s.classes)
      for (int64_t c = 0; c < s.classes; ++c) {
        double z = margin - px[label[k] - 1] + px[c];
        if (c == label[k] - 1 || !(z > 0)) continue;
        sum += (p == 1 ? z : z * z) * (pw ? double(pw[label[k] - 1]) : 1);
      }
  });
  sum /= double(s.classes);
  set_loss(output, average ? sum / double(s.n) : sum);
}

void multi_margin_gradient(Tensor& input, Tensor& target, Tensor& gradInput, bool average, int64_t p, Tensor* weights,
                           double margin) {
  Likelihood s = rows(input, target);
  check_labels(target, s.classes, kNone);
  T9_CHECK(!weights || weights->numel() == s.classes, "weights must have as many elements as there are classes");
  gradInput.resize_as(input);
  Dense x(input), t(target), w(weights ? *weights : input);
  DenseResult r(gradInput);
  const int64_t* label = t.data<int64_t>();
  const double norm = 1.0 / double(average ? s.n * s.classes : s.classes);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T *px = x.data<T>(), *pw = weights ? w.data<T>() : nullptr;
    T* pr = r.data<T>();
    for (int64_t k = 0; k < s.n; ++k, px += s.classes, pr += s.classes) {
      double at_label = 0;
      for (int64_t c = 0; c < s.classes; ++c) {
        double z = margin - px[label[k] - 1] + px[c];
        pr[c] = 0;
        if (c == label[k] - 1 || !(z > 0)) continue;
        double h = (p == 1 ? norm : 2 * norm * z) * (pw ? double(pw[label[k] - 1]) : 1);
        at_label -= h;
        pr[c] = T(h);
      }
      pr[label[k] - 1] = T(at_label);
    }
  });
}

// Labels of a row stand before its first 0.
struct LabelRows {
  int64_t n = 1, classes;
  LabelRows(const Tensor& input, const Tensor& target) {
    T9_CHECK(input.nDimension == 1 || input.nDimension == 2, "vector or matrix expected");
    T9_CHECK(target.numel() == input.numel() && target.nDimension == input.nDimension, "inconsistent target size");
    classes = input.size[input.nDimension - 1];
    if (input.nDimension == 2) n = input.size[0];
    Dense t(target);
    const int64_t* p = t.data<int64_t>();
    for (int64_t k = 0; k < target.numel(); ++k)
      T9_CHECK(p[k] >= 0 && p[k] <= classes, "target out of range");
  }
};

// f(row's input, its label, other class c)
template <class T, class F>
void label_pairs(const LabelRows& s, const int64_t* target, T* member, F f) {
  for (int64_t k = 0; k < s.n; ++k, target += s.classes, member += s.classes) {
    std::fill_n(member, s.classes, T(0));
    int64_t count = 0;
    while (count < s.classes && target[count] != 0) member[target[count++] - 1] = 1;
    for (int64_t j = 0; j < count; ++j)
      for (int64_t c = 0; c < s.classes; ++c)
        if (member[c] == 0) f(k, target[j] - 1, c);
  }
}

void multi_label(Tensor& input, Tensor& target, Tensor& output, Tensor& isTarget, bool average) {
  LabelRows s(input, target);
  isTarget.resize_as(target);
  Dense x(input), t(target);
  DenseResult member(isTarget);
  double sum = 0;
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = x.data<T>();
    label_pairs(s, t.data<int64_t>(), member.data<T>(), [&](int64_t k, int64_t label, int64_t c) {
      double z = 1 - double(p[k * s.classes + label]) + double(p[k * s.classes + c]);
      if (z > 0) sum += z;
    });
  });
  sum /= double(s.classes);
  set_loss(output, average ? sum / double(s.n) : sum);
}

void multi_label_gradient(Tensor& input, Tensor& target, Tensor& gradInput, Tensor& isTarget, bool average) {
  LabelRows s(input, target);
  gradInput.resize_as(input);
  isTarget.resize_as(target);
  Dense x(input), t(target);
  DenseResult member(isTarget), r(gradInput);
  floating(input, [&](auto type) {
    using T = typename decltype(type)::type;
    const T* p = x.data<T>();
    T* q = r.data<T>();
    std::fill_n(q, input.numel(), T(0));
    const T norm = T(1.0 / double(average ? s.n * s.classes : s.classes));
    label_pairs(s, t.data<int64_t>(), member.data<T>(), [&](int64_t k, int64_t label, int64_t c) {
      const int64_t row = k * s.classes;
      if (1 - p[row + label] + p[row + c] > 0) {
        q[row + label] -= norm;
        q[row + c] += norm;
      }
    });
  });
}

}  // namespace

OpList criterion_rows() {
  return {
      kernel("AbsCriterion_updateOutput", sig<loss<Absolute>, "T T T boolean">{}),
      kernel("AbsCriterion_updateGradInput", sig<slope<Absolute>, "T T T boolean">{}),
      kernel("MSECriterion_updateOutput", sig<loss<Squared>, "T T T boolean">{}),
      kernel("MSECriterion_updateGradInput", sig<slope<Squared>, "T T T boolean">{}),
      kernel("SmoothL1Criterion_updateOutput", sig<loss<SmoothL1>, "T T T boolean">{}),
      kernel("SmoothL1Criterion_updateGradInput", sig<slope<SmoothL1>, "T T T boolean">{}),
      kernel("SoftMarginCriterion_updateOutput", sig<loss<SoftMargin>, "T T T boolean">{}),
      kernel("SoftMarginCriterion_updateGradInput", sig<slope<SoftMargin>, "T T T boolean">{}),
      kernel("DistKLDivCriterion_updateOutput", sig<loss<KullbackLeibler>, "T T T boolean">{}),
      kernel("DistKLDivCriterion_updateGradInput", sig<slope<KullbackLeibler>, "T T T boolean">{}),
      kernel("MarginCriterion_updateOutput", sig<loss<Margin, double>, "T T T boolean double">{}),
      kernel("MarginCriterion_updateGradInput", sig<slope<Margin, double>, "T T T boolean double">{}),
      kernel("L1Cost_updateOutput", sig<l1_cost, "T T">{}),
      kernel("L1Cost_updateGradInput", sig<l1_cost_gradient, "T T? T">{}),
      kernel("BCECriterion_updateOutput", sig<bce, "T T T boolean T?">{}),
      kernel("BCECriterion_updateGradInput", sig<bce_gradient, "T T T boolean T?">{}),
      kernel("ClassNLLCriterion_updateOutput", sig<nll, "T LongTensor T boolean T? T int">{}),
      kernel("ClassNLLCriterion_updateGradInput", sig<nll_gradient, "T LongTensor T boolean T? T int">{}),
      kernel("SpatialClassNLLCriterion_updateOutput", sig<spatial_nll, "T LongTensor T boolean T? T">{}),
      kernel("SpatialClassNLLCriterion_updateGradInput", sig<spatial_nll_gradient, "T LongTensor T boolean T? T">{}),
      kernel("MultiMarginCriterion_updateOutput", sig<multi_margin, "T LongTensor T boolean int T? double">{}),
      kernel("MultiMarginCriterion_updateGradInput", sig<multi_margin_gradient, "T LongTensor T boolean int T? double">{}),
      kernel("MultiLabelMarginCriterion_updateOutput", sig<multi_label, "T LongTensor T T boolean">{}),
      kernel("MultiLabelMarginCriterion_updateGradInput", sig<multi_label_gradient, "T LongTensor T T boolean">{}),
  };
}

}  // namespace t9::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace t9::nn {
HWY_EXPORT(criterion_rows);
}
namespace t9 {
OpList criterion_kernels() {
  using namespace nn;
  return HWY_DYNAMIC_DISPATCH(criterion_rows)();
}
}  // namespace t9
#endif
