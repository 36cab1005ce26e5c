/// Series that are short as their arguments are small.
#include "model/portable_math.hpp"

#include <cmath>

namespace annulet::model {
namespace {

constexpr double kLn2 = 0.69314718055994530942;

}  // namespace

double portable_log(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < 0.70710678118654752440) {
    m *= 2;
    --exponent;
  }
  // log m = 2 atanh(s), |s| < 0.172: the term s^23/23 is below 1e-18.
  const double s = (m - 1) / (m + 1);
  double sum = 0;
  for (int k = 21; k >= 1; k -= 2) {
    sum = sum * s * s + 1.0 / k;
  }
  return exponent * kLn2 + 2 * s * sum;
}

double portable_exp(double x) {
  constexpr double kSmallest = -745;
  if (x < kSmallest) {
    return 0;
  }
  const double k = std::nearbyint(x / kLn2);
  const double rest = x - k * kLn2;
  double sum = 1;
  for (int i = 18; i >= 1; --i) {
    sum = 1 + sum * rest / i;
  }
  return std::ldexp(sum, static_cast<int>(k));
}

}  // namespace annulet::model
