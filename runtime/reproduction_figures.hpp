/// The figures of the reproduction, one function each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/reproduction.hpp"

namespace annulet::runtime {

/// Where the figures find what they need.
struct FigureInputs {
  const PaperProblem& problem;
  const ReproductionScope& scope;
  const Measurements& measured;

  /// Null where the target was not reached.
  [[nodiscard]] const Tuned* find(const std::string& name) const;
  /// Time of one device, in local steps; not a number where it did not reach the target.
  [[nodiscard]] double time_alone(double eps) const;
  [[nodiscard]] double first_target() const { return scope.targets.front(); }
};

/// What a cell's local steps and averages cost, in local steps with batches of 4: T factor + rho
/// rounds, one device averaging with nobody.
struct CellTime {
  std::size_t devices = 1;
  double factor = 1;
  [[nodiscard]] MeanAndSpread of(const Tuned& tuned) const;
};

inline constexpr const char* kDevicesTitle = "devices W";
inline constexpr const char* kSpeedUpTitle = "speed-up over one device";

/// "4,058"
[[nodiscard]] std::string rounded(double number);
/// "T = 4,058 ± 419, step c0.125"
[[nodiscard]] std::string steps_note(const Tuned& tuned);
/// "2.90 times"
[[nodiscard]] std::string times_text(double factor);
void add_if(Line& line, const std::optional<Point>& point);
/// A point of speed-up, whose spread is that of T; none where the target was not reached.
[[nodiscard]] std::optional<Point> speed_up_point(const FigureInputs& in, const std::string& name,
                                                  const CellTime& cost, double eps);

[[nodiscard]] Figure theory_figure(double eps);                            // (a)
[[nodiscard]] Figure speed_up_figure(const FigureInputs& in, double eps);  // (b)
[[nodiscard]] Figure strategies_figure(const FigureInputs& in);            // (c)
[[nodiscard]] Figure special_cases_figure(const FigureInputs& in);         // (d)
[[nodiscard]] Figure huge_batch_figure(const FigureInputs& in);            // (e)
[[nodiscard]] Figure bound_figure(const FigureInputs& in, std::size_t threads,
                                  const std::stop_token& stop);  // (f)
[[nodiscard]] Figure schedules_figure(const FigureInputs& in);   // (g)

}  // namespace annulet::runtime
