/// Figure (f): the theorem's bound beside what is measured.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "model/logistic_values.hpp"
#include "runtime/gradient_moments.hpp"
#include "runtime/in_parallel.hpp"
#include "runtime/memory_ring.hpp"
#include "runtime/reproduction_cells.hpp"
#include "runtime/reproduction_figures.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

using model::Step;

constexpr double kPaperBatch = 4;

struct Measured {
  double steps, gap;
};

/// One run at the paper's step size with the paper's average.
struct Path {
  Step h = 1;
  std::vector<Measured> points;
  double variance = 0, second = 0;  // the largest sigma^2 and G^2 that were met
};

void note_moments(const PaperProblem& problem, std::span<const float> x, Path& path) {
  const auto moments = gradient_moments(problem, x);
  path.variance = std::max(path.variance, moments.variance);
  path.second = std::max(path.second, moments.second(kPaperBatch));
}

Path follow(const FigureInputs& in, Step h, const std::stop_token& stop) {
  const auto& problem = in.problem;
  const StepChoice own{StepChoice::Family::paper};
  auto inputs =
      ring_inputs(problem, paper_trial(in.scope.ring, h), {own.options(), 1, in.scope.longest});
  inputs.averages = {
      {model::AverageKind::quadratic, std::max(16 * problem.kappa(), static_cast<double>(h))}};
  MemoryRing ring(std::move(inputs));
  model::LogisticValues values(*problem.rows, problem.l2);
  Path path{.h = h, .points = {}};
  note_moments(problem, ring.state().x, path);
  std::array<std::vector<float>, 1> average;
  std::array<double, 1> value{};
  for (Step look = 256; look <= in.scope.longest; look *= 2) {
    while (ring.state().t < look) {
      if (stop.stop_requested() || !ring.take_round()) return path;
    }
    note_moments(problem, ring.state().x, path);
    ring.averaged(0, average[0]);
    values.find(average, value);
    path.points.push_back({static_cast<double>(ring.state().t), value[0] - problem.f_star});
  }
  return path;
}

/// Nowhere on the plot more than a twentieth apart.
bool lie_together(const std::vector<Path>& paths) {
  constexpr double kSeen = 1.05;
  for (std::size_t i = 0; i < paths.front().points.size(); ++i) {
    double least = paths.front().points[i].gap, most = least;
    for (const auto& path : paths) {
      if (i >= path.points.size()) return false;
      least = std::min(least, path.points[i].gap);
      most = std::max(most, path.points[i].gap);
    }
    if (!(most <= kSeen * least)) return false;
  }
  return true;
}

std::string readable(double ratio) { return ratio < 10 ? fixed_text(ratio, 2) : rounded(ratio); }

/// How much H changes what is measured.
std::string measured_reading(const std::vector<Path>& paths) {
  const auto& once = paths.front();
  const auto& most = paths.back();
  if (once.points.empty() || once.points.size() != most.points.size()) return {};
  return "At T = " + count_text(std::llround(once.points.back().steps)) + " " + h_text(most.h) +
         " is at " + fixed_text(most.points.back().gap / once.points.back().gap, 2) +
         " times the distance of " + h_text(once.h) +
         (lie_together(paths) ? "; all measured lines lie on each other." : ".");
}

}  // namespace

Figure bound_figure(const FigureInputs& in, std::size_t threads, const std::stop_token& stop) {
  std::vector<Path> paths(in.scope.h.size());
  in_parallel(threads, paths.size(),
              [&](std::size_t i) { paths[i] = follow(in, in.scope.h[i], stop); });
  double variance = 0, second = 0;
  for (const auto& path : paths) {
    variance = std::max(variance, path.variance);
    second = std::max(second, path.second);
  }
  Figure figure{.id = "bound",
                .title = "(f) The theorem's bound, and what is measured",
                .reading = {},
                .x = {"local steps T of each device", Axis::Scale::log2},
                .y = {"f(x-bar) - f*", Axis::Scale::log10},
                .lines = {}};
  double closest = 0, farthest = 0;
  for (const auto& path : paths) {
    const std::size_t look = figure.lines.size() / 2;
    Line measured{.name = h_text(path.h), .look = look};
    Line bound{.name = "bound, " + h_text(path.h), .dashed = true, .look = look};
    for (const auto& [steps, gap] : path.points) {
      const double most = theorem_bound(in.problem, {.steps = steps,
                                                     .h = static_cast<double>(path.h),
                                                     .devices = static_cast<double>(in.scope.ring),
                                                     .batch = kPaperBatch,
                                                     .variance = variance,
                                                     .second = second});
      measured.points.push_back({steps, gap});
      bound.points.push_back({steps, most});
      if (!(gap > 0)) continue;  // f* to the last digit
      closest = closest > 0 ? std::min(closest, most / gap) : most / gap;
      farthest = std::max(farthest, most / gap);
    }
    figure.lines.push_back(std::move(measured));
    figure.lines.push_back(std::move(bound));
  }
  figure.reading =
      std::to_string(in.scope.ring) +
      " devices at the paper's step and average. Measured sigma^2 = " + digits_text(variance, 3) +
      " (of a row), G^2 = " + digits_text(second, 3) +
      " (of a batch of 4), the largest met. The bound is " + readable(closest) + " to " +
      readable(farthest) + " times what is measured. " + measured_reading(paths);
  return figure;
}

}  // namespace annulet::runtime
