/// The softmax loss of a row of scores.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace annulet::model {

/// Turns one row's scores (p) into probabilities and returns the loss, -log of the target's.
template <class Scalar>
[[nodiscard]] Scalar to_probabilities(std::span<Scalar> scores, std::size_t target) {
  const Scalar highest = *std::max_element(scores.begin(), scores.end());
  const Scalar behind = highest - scores[target];
  Scalar sum = 0;
  for (auto& score : scores) {
    score = std::exp(score - highest);
    sum += score;
  }
  for (auto& score : scores) {
    score /= sum;
  }
  return std::log(sum) + behind;
}

}  // namespace annulet::model
