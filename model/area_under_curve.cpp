/// Area under the ROC curve by ranks (Mann and Whitney 1947).
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "model/objective.hpp"

namespace annulet::model {

void append_scores(std::span<const double> said, std::size_t outputs, std::vector<double>& scores) {
  if (outputs == 1) scores.insert(scores.end(), said.begin(), said.end());
  if (outputs != 2) return;
  for (std::size_t i = 0; i < said.size(); i += 2) scores.push_back(said[i + 1] - said[i]);
}

double area_under_curve(std::span<const double> scores, std::span<const float> targets) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  if (std::any_of(scores.begin(), scores.end(), [](double s) { return std::isnan(s); })) {
    return kUnknown;  // such scores have no order
  }
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  double negatives = 0;
  double positives = 0;
  double won = 0;  // pairs in which the positive row scores higher, ties counted half
  for (std::size_t i = 0; i < order.size();) {
    double tied_negatives = 0;
    double tied_positives = 0;
    const double score = scores[order[i]];
    for (; i < order.size() && scores[order[i]] == score; ++i) {
      (targets[order[i]] > 0.5F ? tied_positives : tied_negatives) += 1;
    }
    won += tied_positives * (negatives + tied_negatives / 2);
    negatives += tied_negatives;
    positives += tied_positives;
  }
  return negatives > 0 && positives > 0 ? won / (negatives * positives) : kUnknown;
}

}  // namespace annulet::model
