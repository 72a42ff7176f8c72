// The rows of the transfer functions.
#include <cmath>

#include "nn/activation.h"
#include "nn/dnnl.h"
#include "nn/kernel.h"

namespace t9::nn {

namespace {

using enum ActivationKind;

constexpr int64_t kGrain = 16384;

// Elements that a convolution left in its own layout stay there: the order does not matter here.
bool apply_blocked(ActivationKind kind, Tensor& input, Tensor& output, double p0, double p1, bool inplace) {
  std::shared_ptr<BlockedData> from = blocked(input);
  if (!from) return false;
  auto f = activation(kind).forward[0];
  if (from->padded()) {
    float zero = 0;
    f(&zero, &zero, 1, p0, p1);
    if (zero != 0) return false;
  }
  float* x = from->block.data();
  std::shared_ptr<BlockedData> to = from;
  if (inplace) {
    share_blocked(output, input);
  } else {
    output.resize_as(input);
    to = leave_blocked(output, from->layout);
    if (!to) return false;
  }
  float* y = to->block.data();
  parallel_for(from->elements(), kGrain, [=](int64_t begin, int64_t end) { f(x + begin, y + begin, end - begin, p0, p1); });
  return true;
}

bool derive_blocked(ActivationKind kind, Tensor& source, Tensor& gradOutput, Tensor& gradInput, double p0, double p1,
                    bool inplace) {
  std::shared_ptr<BlockedData> a = blocked(source), g = blocked(gradOutput);
  if (!a || !g || !same_layout(a->layout, g->layout)) return false;
  // a zero gradient gives a zero, so that the padding needs no care
  std::shared_ptr<BlockedData> to = g;
  if (inplace) {
    share_blocked(gradInput, gradOutput);
  } else {
    gradInput.resize_as(source);
    to = leave_blocked(gradInput, g->layout);
    if (!to) return false;
  }
  float* r = to->block.data();
  const float *pa = a->block.data(), *pg = g->block.data();
  auto f = activation(kind).backward[0];
  parallel_for(g->elements(), kGrain, [=](int64_t begin, int64_t end) {
    f(pa + begin, pg + begin, r + begin, end - begin, p0, p1);
  });
  return true;
}

void apply(ActivationKind kind, Tensor& input, Tensor& output, double p0 = 0, double p1 = 0, bool inplace = false) {
  if (apply_blocked(kind, input, output, p0, p1, inplace)) return;
  if (inplace) output.set(input);
  else output.resize_as(input);
  if (input.empty()) return;
  Dense x(input);
  DenseResult y(output);
  const bool wide = input.type == Type::Double;
  const int64_t width = wide ? 8 : 4;
  char* from = static_cast<char*>(x->bytes());
  char* to = wide ? reinterpret_cast<char*>(y.data<double>()) : reinterpret_cast<char*>(y.data<float>());
  auto f = activation(kind).forward[wide];
  parallel_for(input.numel(), kGrain, [=](int64_t begin, int64_t end) {
    f(from + begin * width, to + begin * width, end - begin, p0, p1);
  });
}

// `source` is what the derivative is computed from
void derive(ActivationKind kind, Tensor& source, Tensor& gradOutput, Tensor& gradInput, double p0 = 0, double p1 = 0,
            bool inplace = false) {
  check_same_count(source, gradOutput, "input", "gradOutput");
  if (derive_blocked(kind, source, gradOutput, gradInput, p0, p1, inplace)) return;
  if (inplace) gradInput.set(gradOutput);
  else gradInput.resize_as(source);
  if (source.empty()) return;
  Dense a(source), g(gradOutput);
  DenseResult r(gradInput);
  const bool wide = source.type == Type::Double;
  const int64_t width = wide ? 8 : 4;
  char* pa = a->bytes();
  char* pg = g->bytes();
  char* pr = wide ? reinterpret_cast<char*>(r.data<double>()) : reinterpret_cast<char*>(r.data<float>());
  auto f = activation(kind).backward[wide];
  parallel_for(source.numel(), kGrain, [=](int64_t begin, int64_t end) {
    f(pa + begin * width, pg + begin * width, pr + begin * width, end - begin, p0, p1);
  });
}

// Functions without parameters, whose derivative needs the input.
template <ActivationKind kKind>
void forward(Tensor& x, Tensor& y) { apply(kKind, x, y); }
template <ActivationKind kKind>
void backward(Tensor& x, Tensor& g, Tensor& r) { derive(kKind, x, g, r); }
// ... the output
template <ActivationKind kKind>
void backward_output(Tensor&, Tensor& g, Tensor& r, Tensor& y) { derive(kKind, y, g, r); }
// One parameter.
template <ActivationKind kKind>
void forward1(Tensor& x, Tensor& y, double p) { apply(kKind, x, y, p); }
template <ActivationKind kKind>
void backward1(Tensor& x, Tensor& g, Tensor& r, double p) { derive(kKind, x, g, r, p); }

void elu(Tensor& x, Tensor& y, double alpha, bool inplace) { apply(Elu, x, y, alpha, 0, inplace); }
void elu_gradient(Tensor&, Tensor& g, Tensor& r, Tensor& y, double alpha, bool inplace) {
  derive(Elu, y, g, r, alpha, 0, inplace);
}
void leaky(Tensor& x, Tensor& y, double slope, bool inplace) { apply(LeakyRelu, x, y, slope, 0, inplace); }
void leaky_gradient(Tensor& x, Tensor& g, Tensor& r, double slope, bool inplace) {
  derive(LeakyRelu, x, g, r, slope, 0, inplace);
}
template <ActivationKind kKind>
void forward_between(Tensor& x, Tensor& y, double a, double b, bool inplace) { apply(kKind, x, y, a, b, inplace); }
template <ActivationKind kKind>
void backward_between(Tensor& x, Tensor& g, Tensor& r, double a, double b, bool inplace) {
  derive(kKind, x, g, r, a, b, inplace);
}
void softplus(Tensor& x, Tensor& y, double beta, double threshold) { apply(SoftPlus, x, y, beta, threshold); }
void softplus_gradient(Tensor&, Tensor& g, Tensor& r, Tensor& y, double beta, double threshold) {
  derive(SoftPlus, y, g, r, beta, threshold);
}
void logsigmoid(Tensor& x, Tensor& y, Tensor&) { apply(LogSigmoid, x, y); }
void logsigmoid_gradient(Tensor& x, Tensor& g, Tensor& r, Tensor&) { derive(LogSigmoid, x, g, r); }

template <class T, class F>
void each(const T* x, T* y, int64_t n, F f) {
  parallel_for(n, 2048, [=](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) y[k] = f(x[k]);
  });
}

void gelu(Tensor& input, Tensor& output, bool approximate) {
  if (approximate) return apply(GeluTanh, input, output);
  output.resize_as(input);
  Dense x(input);
  DenseResult y(output);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    each(x.data<T>(), y.data<T>(), input.numel(),
         [](T v) { return T(0.5) * v * (1 + std::erf(v * T(0.70710678118654752))); });
  });
}

void gelu_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, bool approximate) {
  if (approximate) return derive(GeluTanh, input, gradOutput, gradInput);
  check_gradient(input, gradOutput);
  gradInput.resize_as(input);
  Dense x(input), g(gradOutput);
  DenseResult r(gradInput);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    const T *px = x.data<T>(), *pg = g.data<T>();
    T* pr = r.data<T>();
    parallel_for(input.numel(), 2048, [=](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) {
        T v = px[k];
        T cumulative = T(0.5) * (1 + std::erf(v * T(0.70710678118654752)));
        T density = T(0.39894228040143268) * std::exp(T(-0.5) * v * v);
        pr[k] = pg[k] * (cumulative + v * density);
      }
    });
  });
}

// ---- with noise or weights ----

void rrelu(Tensor& input, Tensor& output, Tensor& noise, double lower, double upper, bool train, bool inplace,
           Generator& generator) {
  if (!train) return apply(LeakyRelu, input, output, (lower + upper) / 2, 0, inplace);
  noise.resize_as(input);
  if (inplace) output.set(input);
  else output.resize_as(input);
  Dense x(input);
  DenseResult y(output), factors(noise);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    const T* px = x.data<T>();
    T *py = y.data<T>(), *pn = factors.data<T>();
    for (int64_t k = 0, n = input.numel(); k < n; ++k) {
      T v = px[k];
      pn[k] = v <= 0 ? T(generator.uniform(lower, upper)) : T(1);
      py[k] = v * pn[k];
    }
  });
}

void rrelu_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& noise, double lower, double upper,
                    bool train, bool inplace) {
  // with one slope for all, it is the leaky function
  if (!train || upper - lower <= 1e-6) return derive(LeakyRelu, input, gradOutput, gradInput, (lower + upper) / 2, 0, inplace);
  check_gradient(input, gradOutput);
  check_gradient(noise, gradOutput);
  if (inplace) gradInput.set(gradOutput);
  else gradInput.resize_as(input);
  Dense g(gradOutput), factors(noise);
  DenseResult r(gradInput);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    const T *pg = g.data<T>(), *pn = factors.data<T>();
    T* pr = r.data<T>();
    for (int64_t k = 0, n = input.numel(); k < n; ++k) pr[k] = pg[k] * pn[k];
  });
}

// Slopes stand along dimension 2, or 1 of a vector: [outer][planes][inner].
struct Planes {
  int64_t outer = 1, planes = 1, inner = 1;
  Planes(const Tensor& input, const Tensor& weight, int64_t nOutputPlane) {
    T9_CHECK(nOutputPlane >= 0 && !weight.empty(), "weight is empty");
    if (nOutputPlane == 0) {
      inner = input.numel();
      return;
    }
    int d = input.nDimension;
    int at = d == 1 || d == 3 ? 0 : 1;
    if (d == 1) at = 0;
    T9_CHECK(d > at && input.size[at] == nOutputPlane && weight.numel() == nOutputPlane,
             "Wrong number of input planes. Expected %lld but got %lld.", (long long)nOutputPlane,
             (long long)(d > at ? input.size[at] : 0));
    planes = nOutputPlane;
    for (int k = 0; k < at; ++k) outer *= input.size[k];
    for (int k = at + 1; k < d; ++k) inner *= input.size[k];
  }
};

void prelu(Tensor& input, Tensor& output, Tensor& weight, int64_t nOutputPlane) {
  output.resize_as(input);
  if (input.empty()) return;
  Planes s(input, weight, nOutputPlane);
  Dense x(input), w(weight);
  DenseResult y(output);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    const T *px = x.data<T>(), *pw = w.data<T>();
    T* py = y.data<T>();
    auto f = activation(LeakyRelu).forward[std::is_same_v<T, double>];
    if (s.inner < 16) {
      parallel_for(s.outer, 1 + kGrain / (s.planes * s.inner), [=](int64_t begin, int64_t end) {
        for (int64_t k = begin * s.planes * s.inner; k < end * s.planes * s.inner; ++k)
          py[k] = px[k] > 0 ? px[k] : px[k] * pw[k / s.inner % s.planes];
      });
    } else if (s.outer * s.planes == 1) {
      parallel_for(s.inner, kGrain, [=](int64_t begin, int64_t end) { f(px + begin, py + begin, end - begin, double(pw[0]), 0); });
    } else {
      parallel_for(s.outer * s.planes, 1 + kGrain / s.inner, [=](int64_t begin, int64_t end) {
        for (int64_t k = begin; k < end; ++k) f(px + k * s.inner, py + k * s.inner, s.inner, double(pw[k % s.planes]), 0);
      });
    }
  });
}

void prelu_gradient(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& weight, int64_t nOutputPlane) {
  check_gradient(input, gradOutput);
  gradInput.resize_as(input);
  if (input.empty()) return;
  Planes s(input, weight, nOutputPlane);
  Dense x(input), g(gradOutput), w(weight);
  DenseResult r(gradInput);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    const T *px = x.data<T>(), *pg = g.data<T>(), *pw = w.data<T>();
    T* pr = r.data<T>();
    auto f = activation(LeakyRelu).backward[std::is_same_v<T, double>];
    if (s.inner < 16) {
      for (int64_t k = 0, n = input.numel(); k < n; ++k) pr[k] = px[k] > 0 ? pg[k] : pg[k] * pw[k / s.inner % s.planes];
    } else if (s.outer * s.planes == 1) {
      parallel_for(s.inner, kGrain, [=](int64_t begin, int64_t end) {
        f(px + begin, pg + begin, pr + begin, end - begin, double(pw[0]), 0);
      });
    } else {
      parallel_for(s.outer * s.planes, 1 + kGrain / s.inner, [=](int64_t begin, int64_t end) {
        for (int64_t k = begin; k < end; ++k)
          f(px + k * s.inner, pg + k * s.inner, pr + k * s.inner, s.inner, double(pw[k % s.planes]), 0);
      });
    }
  });
}

// Sum of x g where x is not positive, in eight strands that the compiler keeps in vectors.
template <class T>
double negative_product(const T* x, const T* g, int64_t n) {
  double total = 0;
  for (int64_t block = 0; block < n; block += 4096) {
    T part[16] = {};
    int64_t end = std::min(n, block + 4096), k = block;
    for (; k + 16 <= end; k += 16)
      for (int i = 0; i < 16; ++i) part[i] += (x[k + i] > 0 ? T(0) : x[k + i]) * g[k + i];
    for (; k < end; ++k) part[0] += (x[k] > 0 ? T(0) : x[k]) * g[k];
    for (T p : part) total += p;
  }
  return total;
}

void prelu_weight_gradient(Tensor& input, Tensor& gradOutput, Tensor*, Tensor& weight, Tensor& gradWeight, Tensor&, Tensor&,
                           int64_t nOutputPlane, double scale) {
  check_gradient(input, gradOutput);
  if (input.empty()) return;
  Planes s(input, weight, nOutputPlane);
  T9_CHECK(gradWeight.numel() == s.planes, "gradWeight has size [%s]", gradWeight.size_text().c_str());
  Dense x(input), g(gradOutput);
  DenseResult gw(gradWeight, true);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    const T *px = x.data<T>(), *pg = g.data<T>();
    T* pw = gw.data<T>();
    for (int64_t o = 0; o < s.outer; ++o)
      for (int64_t p = 0; p < s.planes; ++p) {
        int64_t at = (o * s.planes + p) * s.inner;
        pw[p] += T(scale * negative_product(px + at, pg + at, s.inner));
      }
  });
}

// Fills `noise` with 0 or `factor`, each kept with probability `keep`, and multiplies.
void dropout(Tensor& input, Tensor& output, Tensor& noise, double keep, double factor, Generator& generator) {
  if (output.storage != input.storage || output.storageOffset != input.storageOffset) output.resize_as(input);
  noise.resize_as(input);
  Dense x(input);
  DenseResult y(output), mask(noise);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    const T* px = x.data<T>();
    T *py = y.data<T>(), *pn = mask.data<T>();
    const T value = T(factor);
    uint32_t words[1024];
    // u * 2^-32 <= keep
    const double limit = keep * 4294967296.0;
    for (int64_t at = 0, n = input.numel(); at < n;) {
      int64_t m = std::min<int64_t>(n - at, 1024);
      generator.random(words, m);
      for (int64_t k = 0; k < m; ++k) {
        T f = double(words[k]) <= limit ? value : T(0);
        pn[at + k] = f;
        py[at + k] = px[at + k] * f;
      }
      at += m;
    }
  });
}

}  // namespace

}  // namespace t9::nn

namespace t9 {

using namespace nn;

OpList activation_kernels() {
  return {
      kernel("Abs_updateOutput", sig<forward<Abs>, "T T">{}),
      kernel("Abs_updateGradInput", sig<backward<Abs>, "T T T">{}),
      kernel("Square_updateOutput", sig<forward<Square>, "T T">{}),
      kernel("Square_updateGradInput", sig<backward<Square>, "T T T">{}),
      kernel("Sqrt_updateOutput", sig<forward1<Sqrt>, "T T double">{}),
      kernel("Sqrt_updateGradInput", sig<backward_output<Sqrt>, "T T T T">{}),
      kernel("Sigmoid_updateOutput", sig<forward<Sigmoid>, "T T">{}),
      kernel("Sigmoid_updateGradInput", sig<backward_output<Sigmoid>, "T T T T">{}),
      kernel("Tanh_updateOutput", sig<forward<Tanh>, "T T">{}),
      kernel("Tanh_updateGradInput", sig<backward_output<Tanh>, "T T T T">{}),
      kernel("SiLU_updateOutput", sig<forward<Silu>, "T T">{}),
      kernel("SiLU_updateGradInput", sig<backward<Silu>, "T T T">{}),
      kernel("GELU_updateOutput", sig<gelu, "T T boolean">{}),
      kernel("GELU_updateGradInput", sig<gelu_gradient, "T T T boolean">{}),
      kernel("ELU_updateOutput", sig<elu, "T T double boolean">{}),
      kernel("ELU_updateGradInput", sig<elu_gradient, "T T T T double boolean">{}),
      kernel("HardTanh_updateOutput", sig<forward_between<HardTanh>, "T T double double boolean">{}),
      kernel("HardTanh_updateGradInput", sig<backward_between<HardTanh>, "T T T double double boolean">{}),
      kernel("HardShrink_updateOutput", sig<forward1<HardShrink>, "T T double">{}),
      kernel("HardShrink_updateGradInput", sig<backward1<HardShrink>, "T T T double">{}),
      kernel("SoftShrink_updateOutput", sig<forward1<SoftShrink>, "T T double">{}),
      kernel("SoftShrink_updateGradInput", sig<backward1<SoftShrink>, "T T T double">{}),
      kernel("LeakyReLU_updateOutput", sig<leaky, "T T double boolean">{}),
      kernel("LeakyReLU_updateGradInput", sig<leaky_gradient, "T T T double boolean">{}),
      kernel("Threshold_updateOutput", sig<forward_between<Threshold>, "T T double double boolean">{}),
      kernel("Threshold_updateGradInput", sig<backward_between<Threshold>, "T T T double double boolean">{}),
      kernel("SoftPlus_updateOutput", sig<softplus, "T T double double">{}),
      kernel("SoftPlus_updateGradInput", sig<softplus_gradient, "T T T T double double">{}),
      kernel("LogSigmoid_updateOutput", sig<logsigmoid, "T T T">{}),
      kernel("LogSigmoid_updateGradInput", sig<logsigmoid_gradient, "T T T T">{}),
      kernel("PReLU_updateOutput", sig<prelu, "T T T int">{}),
      kernel("PReLU_updateGradInput", sig<prelu_gradient, "T T T T int">{}),
      kernel("PReLU_accGradParameters", sig<prelu_weight_gradient, "T T T? T T T T int double">{}),
      kernel("RReLU_updateOutput", sig<rrelu, "T T T double double boolean boolean [Generator]">{}),
      kernel("RReLU_updateGradInput", sig<rrelu_gradient, "T T T T double double boolean boolean">{}),
      kernel("Dropout_updateOutput", sig<dropout, "T T T double double [Generator]">{}),
  };
}

}  // namespace t9
