/// What of the arithmetic on rows is no template.
#include "model/rows.hpp"

namespace annulet::model {

double norm2(ConstParams<float> x) {
  double sum = 0;
  for (const float value : x) sum += static_cast<double>(value) * static_cast<double>(value);
  return sum;
}

}  // namespace annulet::model
