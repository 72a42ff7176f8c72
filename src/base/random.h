// The random generator: MT19937 with Torch7's exact streams (spec/torch.md, section 9).
// M. Matsumoto, T. Nishimura: Mersenne Twister, ACM TOMACS 8(1), 1998.
#pragma once

#include <atomic>
#include <cstdint>

namespace t9 {

class Generator {
 public:
  static constexpr int kWords = 624;
  static constexpr int kStateBytes = 5048;

  Generator() { seed(); }

  void manual_seed(int64_t n);
  int64_t seed();  // from the system; returns the seed
  int64_t initial_seed() const { return int64_t(seed_); }

  // Next tempered 32-bit word.
  uint32_t random() {
    if (--left_ == 0) twist();
    uint32_t y = state_[next_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }
  // `n` words at once, the same stream.
  void random(uint32_t* out, int64_t n);

  double uniform() { return random() * (1.0 / 4294967296.0); }
  double uniform(double a, double b) { return uniform() * (b - a) + a; }
  double normal(double mean, double stdv);
  // `n` of normal(0, 1), the same stream; to the last bit when `exact`, else nearly.
  void normals(double* out, int64_t n, bool exact = false);
  double exponential(double lambda);
  double cauchy(double median, double sigma);
  double log_normal(double mean, double stdv);
  int64_t geometric(double p);
  bool bernoulli(double p);

  // The state as getRNGState gives it. set_state returns false for bytes of another origin.
  void get_state(uint8_t* bytes) const;
  bool set_state(const uint8_t* bytes);

  void retain() { refcount_.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (refcount_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

 private:
  void twist();

  uint32_t state_[kWords];
  uint64_t seed_ = 0;
  int32_t left_ = 1;
  int64_t next_ = 0;
  double normal_x_ = 0, normal_y_ = 0, normal_rho_ = 0;
  bool normal_valid_ = false;
  std::atomic<int> refcount_{1};
};

}  // namespace t9
