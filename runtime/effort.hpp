/// How unequal parts of a round are averaged: devices that took fewer steps, or none.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "model/types.hpp"

namespace annulet::runtime {

// With p_w the weights, D_w the devices' changes and E_w the sums of their step sizes, the average
// is D = Ebar sum_w p_w D_w/E_w, Ebar = sum_w p_w E_w: a device that took fewer steps pulls no less
// at the direction. The plain mean sum_w p_w D_w would minimise sum_w p_w E_w f_w, another
// objective. Devices that are absent are left out of all sums, which are divided by the p_w of the
// others. Where all take the same steps it is the plain mean, bit for bit. Source: Wang et al. 2020
// (FedNova, section 4), with step sizes in the place of counts of steps.

/// What one device did of a round's steps.
struct Effort {
  double share = 1;     // p_w
  double eta = 0;       // E_w
  double full_eta = 0;  // E: of a device that takes all H steps
  bool present = true;
};

/// E_w/E; 1 where step sizes are 0, which move nothing.
[[nodiscard]] inline double part_of(const Effort& effort) {
  const double part = effort.eta / effort.full_eta;
  return part > 0 && std::isfinite(part) ? part : 1;
}

/// What D_w is multiplied with before it is summed: p_w E/E_w.
[[nodiscard]] inline double weight_of(const Effort& effort) {
  return effort.present ? effort.share / part_of(effort) : 0;
}

/// What a round's devices left out: sums over them, which travel with the average.
struct LeftOut {
  double effort = 0;  // sum_w p_w (1 - E_w/E), of those present
  double share = 0;   // sum of the p_w of those absent
};

/// One device's part of those sums.
[[nodiscard]] inline LeftOut left_out(const Effort& effort) {
  if (!effort.present) return {0, effort.share};
  return {effort.share * (1 - part_of(effort)), 0};
}

/// What the sum of the weighted changes is multiplied with.
struct Normalised {
  double full = 1;     // gives S = E sum_w p_w D_w/E_w, as if all had taken all steps
  double average = 1;  // of S gives D = S Ebar/E
};

/// Where nobody is present there is no change at all: 0.
[[nodiscard]] inline Normalised normalised(const LeftOut& sums) {
  constexpr double kNobody = 1e-6;  // what rounding may leave of a sum of floats that is 1
  const double present = 1 - sums.share;
  if (present < kNobody) return {0, 0};
  return {1 / present, 1 - sums.effort / present};
}

/// Have all of them been measured? 0 is the time of what has not been.
[[nodiscard]] inline bool are_known(std::span<const float> seconds) {
  return std::ranges::all_of(seconds,
                             [](float value) { return value > 0 && std::isfinite(value); });
}

/// h_w: how many of H steps a device takes so that all end at about the same time, from the
/// seconds that a step took each device in its last round, in ring order. H where these are not
/// known.
[[nodiscard]] inline model::Step paced_steps(model::Step h, std::span<const float> seconds,
                                             std::size_t rank) {
  if (rank >= seconds.size() || !are_known(seconds)) return h;
  const double fastest = *std::ranges::min_element(seconds);
  const double steps = std::floor(static_cast<double>(h) * fastest / seconds[rank]);
  return std::clamp(static_cast<model::Step>(steps), model::Step{1}, h);
}

/// What a step cost the ring: the seconds that the slowest device of a round computed, waiting of
/// the others included, over H. seconds: a step's, own: h_w, of each device in ring order. 0 where
/// that is not known.
[[nodiscard]] inline double ring_step_seconds(model::Step h, std::span<const float> seconds,
                                              std::span<const model::Step> own) {
  double slowest = 0;
  for (std::size_t w = 0; w < own.size(); ++w) {
    if (own[w] == 0) continue;
    if (!are_known(seconds.subspan(w, 1))) return 0;
    slowest = std::max(slowest, static_cast<double>(own[w]) * seconds[w]);
  }
  return slowest / static_cast<double>(h);
}

/// What an average cost the ring: what is left of a round. round: its seconds from one start to the
/// next, the mean over the devices. slowest: those that the slowest device computed. 0 where that
/// is not known.
[[nodiscard]] inline double ring_average_seconds(double round, double slowest) {
  const double rest = round - slowest;
  return slowest > 0 && rest > 0 && std::isfinite(rest) ? rest : 0;
}

}  // namespace annulet::runtime
