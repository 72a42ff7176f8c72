// The error bounds of the vector functions, in units in the last place of the exact result.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "ops/loops.h"

namespace t9 {
namespace {

using namespace formula;

template <class T>
double ulp_error(T got, long double want) {
  if (std::isnan(want)) return std::isnan(got) ? 0 : INFINITY;
  const T rounded = T(want);
  if (got == rounded) return 0;
  if (!std::isfinite(got) || !std::isfinite(rounded)) return INFINITY;
  const T size = std::max<T>(std::fabs(rounded), std::numeric_limits<T>::min());
  const T ulp = std::nextafter(size, std::numeric_limits<T>::infinity()) - size;
  return double(std::fabs((long double)(got) - want) / ulp);
}

// Geometric and linear steps over [-limit, limit], and the special values.
template <class T>
std::vector<T> samples(double low, double high) {
  std::vector<T> out = {0, T(-0.0), 1, -1, T(0.5), std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity(),
                        std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::max(), std::numeric_limits<T>::lowest(),
                        std::numeric_limits<T>::min(), std::numeric_limits<T>::denorm_min()};
  const int n = 20000;
  for (int k = 0; k <= n; ++k) out.push_back(T(low + (high - low) * k / n));
  for (double x = 1e-30; x < 1e4; x *= 1.0037) {
    if (x <= high) out.push_back(T(x));
    if (-x >= low) out.push_back(T(-x));
  }
  return out;
}

template <class F, class T>
void check(const char* name, double low, double high, double bound, double absolute = 0) {
  const std::vector<T> x = samples<T>(low, high);
  std::vector<T> y(x.size());
  loop<MathLoops, F, 1>(kTypeOf<T>)(int64_t(x.size()), y.data(), x.data(), nullptr, nullptr, nullptr);
  double worst = 0;
  T at = 0;
  for (size_t k = 0; k < x.size(); ++k) {
    const long double want = F::of((long double)(x[k]));
    if (std::fabs((long double)(y[k]) - want) <= absolute) continue;
    const double e = ulp_error(y[k], want);
    if (e > worst) worst = e, at = x[k];
  }
  EXPECT_LE(worst, bound) << name << " of " << at << " as " << info(kTypeOf<T>).name;
  testing::Test::RecordProperty(name, std::to_string(worst));
}

template <class F>
void check_both(const char* name, double low, double high, double bound_float, double bound_double, double absolute = 0) {
  check<F, float>(name, low, high, bound_float, absolute);
  check<F, double>(name, low, high, bound_double, absolute);
}

TEST(Simd, Exp) { check_both<Exp>("exp", -750, 720, 1.5, 1.5); }
TEST(Simd, ExpSmall) { check_both<Exp>("exp", -20, 20, 1.5, 1.5); }
TEST(Simd, Log) { check_both<Log>("log", 0, 10, 1.5, 2.5); }
TEST(Simd, Log1p) { check_both<Log1p>("log1p", -1, 10, 3, 3); }
TEST(Simd, Tanh) { check_both<Tanh>("tanh", -25, 25, 3, 3); }
TEST(Simd, Sigmoid) { check_both<Sigmoid>("sigmoid", -50, 50, 2.5, 2.5, 1e-37); }
TEST(Simd, Sin) { check_both<Sin>("sin", -100, 100, 2, 4, 1e-7); }
TEST(Simd, Cos) { check_both<Cos>("cos", -100, 100, 2, 4, 1e-7); }
TEST(Simd, SinLarge) { check<Sin, float>("sin", -90000, 200000, 2, 2.4e-7); }
TEST(Simd, CosLarge) { check<Cos, float>("cos", -90000, 200000, 2, 2.4e-7); }
TEST(Simd, Tan) { check_both<Tan>("tan", -1.5, 1.5, 4, 6); }
TEST(Simd, Asin) { check_both<Asin>("asin", -1.1, 1.1, 3, 4); }
TEST(Simd, Acos) { check_both<Acos>("acos", -1.1, 1.1, 3, 4); }
TEST(Simd, Atan) { check_both<Atan>("atan", -100, 100, 4, 4); }
TEST(Simd, Sinh) { check_both<Sinh>("sinh", -720, 720, 5, 5); }
TEST(Simd, Cosh) { check_both<Cosh>("cosh", -720, 720, 5, 5); }

template <class T>
void check_pow(double bound) {
  const std::vector<T> x = samples<T>(-3, 10);
  double worst = 0;
  T at = 0, to = 0;
  for (double e : {0.0, 1.0, 2.5, -1.5, 3.0, -3.0, 17.3, -0.3, 100.0, 1.0 / 3}) {
    std::vector<T> y(x.size());
    const Scalar number(e);
    loop<MathLoops, Pow, 1, 1>(kTypeOf<T>)(int64_t(x.size()), y.data(), x.data(), nullptr, nullptr, &number);
    for (size_t k = 0; k < x.size(); ++k) {
      const double error = ulp_error(y[k], Pow::of((long double)(x[k]), (long double)(T(e))));
      if (error > worst) worst = error, at = x[k], to = T(e);
    }
  }
  EXPECT_LE(worst, bound) << "pow(" << at << ", " << to << ") as " << info(kTypeOf<T>).name;
}
TEST(Simd, Pow) {
  check_pow<float>(1);
  check_pow<double>(1.5);
}

}  // namespace
}  // namespace t9
