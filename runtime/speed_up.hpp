/// The paper's model of how much faster W devices are than one.
#pragma once

#include <cmath>
#include <cstddef>

namespace annulet::runtime {

/// rho: what an average costs, in local steps. Source: Stich 2019, section 4.
inline constexpr double kPaperRho = 25;

/// What the model depends on.
struct SpeedUpCase {
  double devices = 1;  // W
  double h = 1;        // H
  double eps = 0;      // the accuracy that is wanted; 0: in the long run
};

/// The time of T local steps where every H-th is followed by an average: T (1 + rho/H); one device
/// averages with nobody.
[[nodiscard]] inline double time_of(double steps, const SpeedUpCase& of) {
  return of.devices > 1 ? steps * (1 + kPaperRho / of.h) : steps;
}

/// S(W) = W / [(1/2 + 1/2 sqrt(1 + eps (1 + H + H^2 W))) (1 + rho/H)]; 1 for one device.
/// Source: Stich 2019, equations 5 and 6, with an average for the cost of rho steps whatever W is.
[[nodiscard]] inline double computed_speed_up(const SpeedUpCase& of) {
  if (of.devices <= 1) return 1;
  const double more = 0.5 + 0.5 * std::sqrt(1 + of.eps * (1 + of.h + of.h * of.h * of.devices));
  return of.devices / time_of(more, of);
}

}  // namespace annulet::runtime
