/// What is minimised: f(x; batch) = mean of loss(x; sample) + l2/2 |x|^2.
#include "model/objective.hpp"

#include <stdexcept>

#include "model/objectives.hpp"

namespace annulet::model {

template <class Scalar>
std::unique_ptr<Objective<Scalar>> make_objective(const ObjectiveOptions& options) {
  switch (options.kind) {
    case ObjectiveKind::logistic:
      return make_logistic<Scalar>(options);
    case ObjectiveKind::softmax:
      return make_softmax<Scalar>(options);
    case ObjectiveKind::quadratic:
      return make_quadratic<Scalar>(options);
  }
  throw std::invalid_argument("no such kind of objective");
}

template std::unique_ptr<Objective<float>> make_objective<float>(const ObjectiveOptions&);
template std::unique_ptr<Objective<double>> make_objective<double>(const ObjectiveOptions&);

LabelUse label_use(ObjectiveKind kind) noexcept {
  switch (kind) {
    case ObjectiveKind::logistic:
      return LabelUse::binary;
    case ObjectiveKind::softmax:
      return LabelUse::classes;
    case ObjectiveKind::quadratic:
      break;
  }
  return LabelUse::none;
}

}  // namespace annulet::model
