/// Averages that come a round late, as the rule is written, worked out apart from the product.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "model/types.hpp"

namespace annulet::tests::late {

// Numbers of few bits, so that floats and doubles are exact: weights and step sizes are powers
// of 2.
inline constexpr std::array<double, 3> kShares{0.5, 0.25, 0.25};
inline constexpr std::array<double, 3> kPulls{1, -3, 2};
inline constexpr double kEta = 0.5, kStart = 4;
inline constexpr model::Step kH = 2, kSteps = 9;

/// After every average: what all have agreed on, and this device's correction for the next steps.
struct Moment {
  double x = 0, v = 0, loss = 0;
  model::Step t = 0;
  double mean = 0;  // of its iterates so far
};

/// h steps from y to where it is pulled; the iterates are added to `sum`.
inline double walk(double y, double pull, model::Step h, double& sum) {
  for (model::Step s = 0; s < h; ++s) {
    sum += y;
    y += kEta * (pull - y);
  }
  return y;
}

/// The rule as it is written: at the end of a round y_w += D_prev - D_w,prev, and the next one
/// begins there. A correction is what the steps of two rounds before say, with the one that they
/// were taken with.
inline std::array<std::vector<Moment>, 3> naive(bool corrects) {
  std::array<std::vector<Moment>, 3> moments;
  std::array<double, 3> y{kStart, kStart, kStart}, sum_of_iterates{};
  std::array<std::array<double, 3>, 2> v{}, change{};  // of even and of odd rounds
  std::array<double, 2> mean_change{};
  double x = kStart;
  const int rounds = static_cast<int>((kSteps + kH - 1) / kH);
  for (int k = 0; k < rounds; ++k) {
    const auto now = static_cast<std::size_t>(k % 2), before = 1 - now;
    const model::Step t = k * kH, h = std::min(kH, kSteps - t);
    const auto taken = static_cast<double>(h);
    mean_change.at(now) = 0;
    for (std::size_t w = 0; w < 3; ++w) {
      const double from = y.at(w);
      y.at(w) = walk(from, kPulls.at(w) + v.at(now).at(w), h, sum_of_iterates.at(w));
      change.at(now).at(w) = y.at(w) - from;
      mean_change.at(now) += kShares.at(w) * change.at(now).at(w);
    }
    for (std::size_t w = 0; w < 3; ++w) {
      if (k > 0) y.at(w) += mean_change.at(before) - change.at(before).at(w);
      if (corrects) {
        v.at(now).at(w) += (mean_change.at(now) - change.at(now).at(w)) / (kEta * taken);
      }
    }
    x += mean_change.at(now);
    for (std::size_t w = 0; w < 3; ++w) {
      // With the last correction it would begin at x, as all do.
      BOOST_TEST(y.at(w) + mean_change.at(now) - change.at(now).at(w) == x);
      moments.at(w).push_back({x, v.at(now).at(w), static_cast<double>(t) + (taken - 1) / 2, t + h,
                               sum_of_iterates.at(w) / static_cast<double>(t + h)});
    }
  }
  return moments;
}

}  // namespace annulet::tests::late
