/// What of the arithmetic on parameters is long enough for vectors.
#include "model/rows.hpp"

namespace annulet::model {

template <class Scalar>
void scale_and_add(double factor, Params<Scalar> x, double weight, ConstParams<Scalar> y) {
  if (y.empty()) {
    // As with zeros and a weight that is not below 0, also where x is -0.
    for (auto& value : x) value = static_cast<Scalar>(factor * static_cast<double>(value) + 0.0);
    return;
  }
  for (std::size_t j = 0; j < x.size(); ++j) {
    x[j] = static_cast<Scalar>(factor * static_cast<double>(x[j]) +
                               weight * static_cast<double>(y[j]));
  }
}

template void scale_and_add(double, Params<float>, double, ConstParams<float>);
template void scale_and_add(double, Params<double>, double, ConstParams<double>);

}  // namespace annulet::model
