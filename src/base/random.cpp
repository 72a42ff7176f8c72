#include "base/random.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "base/random_loops.h"
#include "base/scratch.h"
#include "base/threads.h"
#include "torch9/error.h"

namespace t9 {

namespace {
constexpr double kPi = 3.14159265358979323846;
}  // namespace

void Generator::manual_seed(int64_t n) {
  seed_ = uint64_t(n);
  state_[0] = uint32_t(uint64_t(n));
  for (int j = 1; j < kWords; ++j)
    state_[j] = 1812433253u * (state_[j - 1] ^ (state_[j - 1] >> 30)) + uint32_t(j);
  left_ = 1;
  next_ = 0;
  normal_x_ = normal_y_ = normal_rho_ = 0;
  normal_valid_ = false;
}

int64_t Generator::seed() {
  std::random_device device;
  int64_t n = int64_t(device()) << 20 ^ int64_t(device());
  n &= (int64_t(1) << 53) - 1;  // exact as a Lua number
  manual_seed(n);
  return n;
}

void Generator::twist() {
  random_loops().twist(state_);
  left_ = kWords;
  next_ = 0;
}

void Generator::random(uint32_t* out, int64_t n) {
  const RandomLoops& loops = random_loops();
  while (n > 0) {
    if (left_ == 1) {
      twist();
      left_ = kWords + 1;  // as if one draw were still to be counted
    }
    int64_t take = std::min<int64_t>(n, left_ - 1);
    loops.temper(state_ + next_, out, take);
    left_ -= int32_t(take);
    next_ += take;
    out += take;
    n -= take;
  }
}

double Generator::normal(double mean, double stdv) {
  T9_CHECK(stdv > 0, "standard deviation must be strictly positive");
  if (!normal_valid_) {
    normal_x_ = uniform();
    normal_y_ = uniform();
    normal_rho_ = std::sqrt(-2.0 * std::log(1.0 - normal_y_));
    normal_valid_ = true;
    return normal_rho_ * std::cos(2.0 * kPi * normal_x_) * stdv + mean;
  }
  normal_valid_ = false;
  return normal_rho_ * std::sin(2.0 * kPi * normal_x_) * stdv + mean;
}

namespace {
// What normal(0, 1) makes of two words, and what it gives next.
void exact_pairs(const uint32_t* words, double* out, int64_t pairs) {
  constexpr double kUnit = 1.0 / 4294967296.0;
  for (int64_t k = 0; k < 2 * pairs; k += 2) {
    const double angle = 2.0 * kPi * (words[k] * kUnit);
    const double rho = std::sqrt(-2.0 * std::log(1.0 - words[k + 1] * kUnit));
    out[k] = rho * std::cos(angle);
    out[k + 1] = rho * std::sin(angle);
  }
}
}  // namespace

void Generator::normals(double* out, int64_t n, bool exact) {
  if (n > 0 && normal_valid_) *out++ = normal(0, 1), --n;
  if (n > 2) {  // the last pair leaves its trace in the state
    const int64_t pairs = (n - 1) / 2;
    const Scratch<uint32_t> words(2 * pairs);
    random(words, 2 * pairs);
    const auto f = exact ? exact_pairs : random_loops().normal_pairs;
    parallel_for(pairs, 2048, [&](int64_t b, int64_t e) { f(words + 2 * b, out + 2 * b, e - b); });
    out += 2 * pairs;
    n -= 2 * pairs;
  }
  for (; n > 0; --n) *out++ = normal(0, 1);
}

double Generator::exponential(double lambda) { return -1.0 / lambda * std::log(1.0 - uniform()); }

double Generator::cauchy(double median, double sigma) {
  return median + sigma * std::tan(kPi * (uniform() - 0.5));
}

double Generator::log_normal(double mean, double stdv) { return std::exp(normal(mean, stdv)); }

int64_t Generator::geometric(double p) {
  T9_CHECK(p > 0 && p < 1, "must be > 0 and < 1");
  return int64_t(std::log(1.0 - uniform()) / std::log(p)) + 1;
}

bool Generator::bernoulli(double p) {
  T9_CHECK(p >= 0 && p <= 1, "must be >= 0 and <= 1");
  return uniform() <= p;
}

namespace {
struct StateImage {
  uint64_t seed;
  int32_t left;
  int32_t seeded;
  uint64_t next;
  uint64_t words[Generator::kWords];
  double x, y, rho;
  int32_t valid;
  int32_t pad;
};
static_assert(sizeof(StateImage) == Generator::kStateBytes);
}  // namespace

void Generator::get_state(uint8_t* bytes) const {
  StateImage s{};
  s.seed = seed_;
  s.left = left_;
  s.seeded = 1;
  s.next = uint64_t(next_);
  for (int j = 0; j < kWords; ++j) s.words[j] = state_[j];
  s.x = normal_x_;
  s.y = normal_y_;
  s.rho = normal_rho_;
  s.valid = normal_valid_;
  std::memcpy(bytes, &s, sizeof s);
}

bool Generator::set_state(const uint8_t* bytes) {
  StateImage s;
  std::memcpy(&s, bytes, sizeof s);
  if (s.seeded != 1 || s.left < 1 || s.left > kWords || s.next > kWords ||
      (s.left > 1 && s.next + uint64_t(s.left) > kWords + 1))
    return false;
  seed_ = s.seed;
  left_ = s.left;
  next_ = int64_t(s.next);
  for (int j = 0; j < kWords; ++j) state_[j] = uint32_t(s.words[j]);
  normal_x_ = s.x;
  normal_y_ = s.y;
  normal_rho_ = s.rho;
  normal_valid_ = s.valid != 0;
  return true;
}

}  // namespace t9
