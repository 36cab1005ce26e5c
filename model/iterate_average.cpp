/// Weighted averages of the iterates: whole, and for a solver that does not write them out.
#include "model/iterate_average.hpp"

#include <algorithm>

namespace annulet::model {

double AverageWeights::operator()(Step t) const noexcept {
  const double shifted = a + static_cast<double>(t);
  switch (kind) {
    case AverageKind::uniform:
      return 1;
    case AverageKind::linear:
      return shifted;
    case AverageKind::quadratic:
      return shifted * shifted;
  }
  return 1;
}

template <class Scalar>
void IterateAverage::add(Step t, ConstParams<Scalar> x) {
  const double lambda = weights(t);
  mean.resize(x.size());
  total += lambda;
  const double part = lambda / total;
  for (std::size_t j = 0; j < x.size(); ++j) {
    mean[j] += part * (static_cast<double>(x[j]) - mean[j]);
  }
}

void IterateAverage::add_sum(double weight, std::span<const double> sum) {
  mean.resize(sum.size());
  total += weight;
  for (std::size_t j = 0; j < sum.size(); ++j) {
    mean[j] += (sum[j] - weight * mean[j]) / total;
  }
}

void IterateAverage::reset() {
  total = 0;
  mean.clear();
}

template <class Scalar>
void LazyAverage::settle(ConstParams<Scalar> v, ConstParams<Scalar> correction,
                         IterateAverage& average) {
  if (weight_ == 0) return;
  for (std::size_t j = 0; j < v.size(); ++j) {  // C becomes the sum M v - C + R V
    const double drift = correction.empty() ? 0 : r_ * static_cast<double>(correction[j]);
    c_[j] = m_ * static_cast<double>(v[j]) - c_[j] + drift;
  }
  average.add_sum(weight_, c_);
  std::fill(c_.begin(), c_.end(), 0.0);
  m_ = r_ = weight_ = 0;
}

template void IterateAverage::add(Step, ConstParams<float>);
template void IterateAverage::add(Step, ConstParams<double>);
template void LazyAverage::settle(ConstParams<float>, ConstParams<float>, IterateAverage&);
template void LazyAverage::settle(ConstParams<double>, ConstParams<double>, IterateAverage&);

}  // namespace annulet::model
