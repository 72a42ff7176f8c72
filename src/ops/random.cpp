// Random numbers: the streams of base/random.h, one draw an element in row-major order.
#include <cmath>

#include "base/scratch.h"
#include "base/threads.h"
#include "ops/iterate.h"
#include "ops/op.h"
#include "ops/random_loops.h"

namespace t9 {

namespace {

constexpr double kUnit = 1.0 / 4294967296.0;  // of a word
// Fills t in row-major order: draw(Raw* raw, n) takes the next n from the stream, finish(raw, T* out, n) makes elements of
// them. With threads, what is costly to finish is drawn in larger parts and finished by all: the stream stays the same.
template <class T, class Raw, class Draw, class Finish>
void fill_parts(Tensor& t, bool costly, Draw&& draw, Finish&& finish) {
  constexpr int64_t kBlock = 1024, kPart = 1 << 17, kShare = 4096;
  if (t.empty()) return;
  T* base = t.data<T>();
  Walk<1> walk({&t});
  const bool together = costly && walk.total >= 4 * kShare && num_threads() > 1 && !omp_in_parallel();
  const Scratch<Raw> raw(std::min(together ? kPart : kBlock, walk.total));
  walk.run(0, walk.total, [&](const auto& offset, const auto& step, int64_t n) {
    T* x = base + offset[0];
    const bool dense = step[0] == 1;
    const int64_t part = dense && together ? kPart : kBlock;
    T block[kBlock];
    for (int64_t done = 0; done < n; done += part) {
      const int64_t m = std::min(part, n - done);
      draw(raw, m);
      T* out = dense ? x + done : block;
      parallel_for(m, kShare, [&](int64_t b, int64_t e) { finish(raw + b, out + b, e - b); });
      if (!dense)
        for (int64_t k = 0; k < m; ++k) x[(done + k) * step[0]] = block[k];
    }
  });
}

// One word a value: f(word), or f(words, out, n) for many. kCostly: f takes longer than drawing the words.
template <class T, bool kCostly = false, class F>
void fill_words(Tensor& t, Generator& gen, F&& f) {
  fill_parts<T, uint32_t>(
      t, kCostly, [&](uint32_t* words, int64_t n) { gen.random(words, n); },
      [&](const uint32_t* words, T* out, int64_t n) {
        if constexpr (std::is_invocable_v<F, const uint32_t*, T*, int64_t>) {
          f(words, out, n);
        } else {
          for (int64_t k = 0; k < n; ++k) out[k] = T(f(words[k]));
        }
      });
}

// Parameters of Float tensors are floats.
template <class T>
double as(Scalar v) {
  return double(v.to<T>());
}

// ---- numbers ----

double uniform_number(Generator& gen, double a, double b) { return gen.uniform(a, b); }
double normal_number(Generator& gen, double mean, double stdv) { return gen.normal(mean, stdv); }
double cauchy_number(Generator& gen, double median, double sigma) { return gen.cauchy(median, sigma); }
double log_normal_number(Generator& gen, double mean, double stdv) { return gen.log_normal(mean, stdv); }
double exponential_number(Generator& gen, double lambda) { return gen.exponential(lambda); }
double geometric_number(Generator& gen, double p) { return double(gen.geometric(p)); }
double bernoulli_number(Generator& gen, double p) { return gen.bernoulli(p); }
double random_word(Generator& gen) { return double(gen.random()); }

// Numbers a..b; `span` 0 stands for 2^64.
struct Span {
  int64_t a;
  uint64_t span;
  Span(int64_t first, int64_t last) : a(first), span(uint64_t(last) - uint64_t(first) + 1) {
    T9_CHECK_ARG(last >= first, 2, "upper bound must be larger than lower bound");
  }
  int64_t operator()(uint32_t word) const {
    uint64_t rest = span == 0 || span > 0xffffffffu ? word : word % uint32_t(span);
    return int64_t(rest + uint64_t(a));
  }
};

Span up_to(int64_t b) {
  T9_CHECK_ARG(b > 0, 1, "upper bound must be strictly positive");
  return Span(1, b);
}

double random_between(Generator& gen, int64_t a, int64_t b) { return double(Span(a, b)(gen.random())); }
double random_up_to(Generator& gen, int64_t b) { return double(up_to(b)(gen.random())); }

// ---- tensors ----

void uniform(Tensor& t, Generator& gen, Scalar from, Scalar to) {
  dispatch<kFloating>(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    const double a = as<T>(from), width = as<T>(to) - a;
    fill_words<T>(t, gen, [=](const uint32_t* words, T* out, int64_t n) { word_loops<T>().uniform(words, out, n, a, width); });
  });
}

void check_deviation(double s) { T9_CHECK_ARG(s > 0, 2, "standard deviation must be strictly positive"); }

// finish(values, out, n) makes elements of values with the mean and deviation.
template <class T, class F>
void fill_normal(Tensor& t, Generator& gen, Scalar mean, Scalar stdv, F&& finish) {
  const double m = as<T>(mean), s = as<T>(stdv);
  check_deviation(s);
  constexpr bool kExact = !std::is_same_v<T, float>;  // seeds fix doubles to the last bit
  fill_parts<T, double>(
      t, true, [&](double* values, int64_t n) { gen.normals(values, n, kExact); },
      [&](const double* values, T* out, int64_t n) { finish(values, out, n, m, s); });
}

void normal(Tensor& t, Generator& gen, Scalar mean, Scalar stdv) {
  dispatch<kFloating>(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    fill_normal<T>(t, gen, mean, stdv, word_loops<T>().affine);
  });
}

void log_normal(Tensor& t, Generator& gen, Scalar mean, Scalar stdv) {
  dispatch<kFloating>(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    fill_normal<T>(t, gen, mean, stdv, [](const double* values, T* out, int64_t n, double m, double s) {
      for (int64_t k = 0; k < n; ++k) out[k] = T(std::exp(values[k] * s + m));
    });
  });
}

void exponential(Tensor& t, Generator& gen, Scalar rate) {
  dispatch<kFloating>(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    const double scale = -1.0 / as<T>(rate);
    if constexpr (std::is_same_v<T, float>)
      fill_words<T, true>(t, gen, [=](const uint32_t* words, T* out, int64_t n) { word_loops<T>().exponential(words, out, n, scale); });
    else fill_words<T, true>(t, gen, [=](uint32_t w) { return scale * std::log(1.0 - w * kUnit); });
  });
}

void cauchy(Tensor& t, Generator& gen, Scalar median, Scalar sigma) {
  dispatch<kFloating>(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    const T m = median.to<T>(), s = sigma.to<T>();  // as doubles, g++ 12 would not round the pair
    fill_words<T, true>(t, gen, [=](uint32_t w) { return double(m) + double(s) * std::tan(3.14159265358979323846 * (w * kUnit - 0.5)); });
  });
}

void geometric(Tensor& t, Generator& gen, double p) {
  T9_CHECK_ARG(p > 0 && p < 1, 1, "must be > 0 and < 1");
  dispatch(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    const double base = std::log(p);
    fill_words<T, true>(t, gen, [=](uint32_t w) { return int64_t(std::log(1.0 - w * kUnit) / base) + 1; });
  });
}

void check_probability(bool valid) { T9_CHECK_ARG(valid, 1, "must be >= 0 and <= 1"); }

void bernoulli(Tensor& t, Generator& gen, double p) {
  check_probability(p >= 0 && p <= 1);
  const uint32_t last = uint32_t(std::min(std::floor(p * 4294967296.0), 4294967295.0));  // U <= p
  dispatch(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    fill_words<T>(t, gen, [=](uint32_t w) { return w <= last; });
  });
}

void bernoulli_each(Tensor& t, Generator& gen, Tensor& p) {
  check_counts(t, p);
  dispatch<kFloating>(p.type, [&](auto chance) {
    using P = typename decltype(chance)::type;
    bool valid = true;
    for_each<P>(p, [&](P v) { valid &= v >= 0 && v <= 1; });
    check_probability(valid);
    TensorRef held = overlaps(t, p) ? clone(p) : TensorRef::share(&p);
    dispatch(t.type, [&](auto type) {
      using T = typename decltype(type)::type;
      for_each2<T, P>(t, *held, [&](T& x, P v) { x = T(gen.uniform() <= v); });
    });
  });
}

void random_range(Tensor& t, Generator& gen, int64_t a, int64_t b) {
  const Span span(a, b);
  dispatch(t.type, [&](auto type) { fill_words<typename decltype(type)::type>(t, gen, span); });
}

void random_first(Tensor& t, Generator& gen, int64_t b) {
  const Span span = up_to(b);
  dispatch(t.type, [&](auto type) { fill_words<typename decltype(type)::type>(t, gen, span); });
}

void random_all(Tensor& t, Generator& gen) {
  dispatch(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    fill_words<T>(t, gen, [](uint32_t w) {
      if constexpr (std::is_same_v<T, float>) return w % ((1u << 24) + 1);
      else if constexpr (std::is_integral_v<T> && std::is_signed_v<T> && sizeof(T) <= 4) return w & uint32_t(std::numeric_limits<T>::max());
      else return w;
    });
  });
}

void rand(Tensor& t, Generator& gen, const Sizes& sizes) {
  t.resize(sizes);
  uniform(t, gen, 0, 1);
}

void randn(Tensor& t, Generator& gen, const Sizes& sizes) {
  t.resize(sizes);
  normal(t, gen, 0, 1);
}

void randperm(Tensor& t, Generator& gen, int64_t n) {
  T9_CHECK_ARG(n > 0, 1, "must be strictly positive");
  t.resize({n});
  dispatch(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    T* x = t.data<T>();
    const int64_t step = t.stride[0];
    for (int64_t i = 0; i < n; ++i) x[i * step] = T(i + 1);
    for (int64_t i = 0; i < n - 1; ++i) {
      uint64_t left = uint64_t(n - i), word = gen.random();
      uint64_t z = left > 0xffffffffu ? word : uint32_t(word) % uint32_t(left);
      std::swap(x[i * step], x[(i + int64_t(z)) * step]);
    }
  });
}

// ---- the generator ----

void manual_seed(Generator& gen, int64_t n) { gen.manual_seed(n); }
double seed(Generator& gen) { return double(gen.seed()); }
double initial_seed(Generator& gen) { return double(gen.initial_seed()); }

void get_state(Generator& gen, Tensor& bytes) {
  bytes.resize({Generator::kStateBytes});
  uint8_t state[Generator::kStateBytes];
  gen.get_state(state);
  for_each<uint8_t>(bytes, [&](uint8_t& b, int64_t k) { b = state[k]; });
}

void set_state(Generator& gen, Tensor& bytes) {
  T9_CHECK(bytes.numel() == Generator::kStateBytes, "RNG state is wrong size");
  TensorRef state = contiguous(bytes);
  T9_CHECK(gen.set_state(state->data<uint8_t>()), "Invalid RNG state");
}

}  // namespace

OpList random_ops() {
  return {
      op("uniform", kFloating, sig<uniform_number, "[Generator] [double=0] [double=1]">{},
         sig<uniform, "*T* [Generator] [real=0] [real=1]">{}),
      op("normal", kFloating, sig<normal_number, "[Generator] [double=0] [double=1]">{},
         sig<normal, "*T* [Generator] [real=0] [real=1]">{}),
      op("cauchy", kFloating, sig<cauchy_number, "[Generator] [double=0] [double=1]">{},
         sig<cauchy, "*T* [Generator] [real=0] [real=1]">{}),
      op("logNormal", kFloating, sig<log_normal_number, "[Generator] [double=1] [double=2]">{},
         sig<log_normal, "*T* [Generator] [real=1] [real=2]">{}),
      op("exponential", kFloating, sig<exponential_number, "[Generator] double">{},
         sig<exponential, "*T* [Generator] real">{}),
      op("geometric", kNumeric, sig<geometric_number, "[Generator] double">{},
         sig<geometric, "*T* [Generator] double">{}),
      op("bernoulli", kNumeric, sig<bernoulli_number, "[Generator] [double=0.5]">{},
         sig<bernoulli, "*T* [Generator] [double=0.5]">{}, sig<bernoulli_each, "*T* [Generator] FloatTensor">{},
         sig<bernoulli_each, "*T* [Generator] DoubleTensor">{}),
      op("random", kNumeric, sig<random_between, "[Generator] long long">{}, sig<random_up_to, "[Generator] long">{},
         sig<random_word, "[Generator]">{}, sig<random_range, "*T* [Generator] long long">{},
         sig<random_first, "*T* [Generator] long">{}, sig<random_all, "*T* [Generator]">{}),
      op<Form::Given>("rand", kFloating, sig<rand, "[*T*] [Generator] SIZES">{}),
      op<Form::Given>("randn", kFloating, sig<randn, "[*T*] [Generator] SIZES">{}),
      op<Form::Given>("randperm", kNumeric, sig<randperm, "[*T*] [Generator] long">{}),
      op("manualSeed", kNumeric, sig<manual_seed, "[Generator] long">{}),
      op("seed", kNumeric, sig<seed, "[Generator]">{}),
      op("initialSeed", kNumeric, sig<initial_seed, "[Generator]">{}),
      op("getRNGState", kNumeric, sig<get_state, "[Generator] [*ByteTensor*]">{}),
      op("setRNGState", kNumeric, sig<set_state, "[Generator] [*ByteTensor*]">{}),
  };
}

}  // namespace t9
