/// Figures (a), (b) and (d): from T and rounds to lines.
#include "runtime/reproduction_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "runtime/reproduction_cells.hpp"
#include "runtime/speed_up.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

using model::Step;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

Line ideal(const std::vector<std::size_t>& devices) {
  Line line{.name = "ideal", .dashed = true};
  for (const auto W : devices) {
    line.points.push_back({static_cast<double>(W), static_cast<double>(W)});
  }
  return line;
}

/// Of the last point of each line: the largest.
const Line* highest(const std::vector<const Line*>& lines) {
  const Line* best = nullptr;
  for (const auto* line : lines) {
    if (line->points.empty() || line->dashed) continue;
    if (best == nullptr || line->points.back().y > best->points.back().y) best = line;
  }
  return best;
}

/// What the lines say about the most devices.
std::string speed_up_reading(const Figure& figure) {
  std::vector<const Line*> lines;
  for (const auto& line : figure.lines) lines.push_back(&line);
  const auto* best = highest(lines);
  if (best == nullptr) return "No line reached the accuracy.";
  const auto& end = best->points.back();
  std::string text = "With " + rounded(end.x) + " devices " + best->name +
                     " is the fastest: " + times_text(end.y) + " one device";
  const auto& first = figure.lines.front();
  if (&first != best && !first.points.empty()) {
    text += "; " + first.name + " gives " + times_text(first.points.back().y);
  }
  return text + ".";
}

std::vector<Step> with_one_shot(std::vector<Step> hs) {
  hs.push_back(kOneShot);
  return hs;
}

/// T over W of one H.
Line steps_line(const FigureInputs& in, Step h) {
  Line line{.name = h_text(h)};
  for (const auto W : in.scope.devices) {
    const auto* tuned = in.find(cell_name(W, h, in.first_target()));
    if (tuned == nullptr) continue;
    const auto steps = tuned->steps();
    line.points.push_back({.x = static_cast<double>(W),
                           .y = steps.mean,
                           .low = std::max(1.0, steps.mean - steps.deviation),
                           .high = steps.mean + steps.deviation,
                           .note = "step " + tuned->step.text()});
  }
  return line;
}

}  // namespace

const Tuned* FigureInputs::find(const std::string& name) const {
  const auto found = measured.find(name);
  return found == measured.end() || !found->second ? nullptr : &*found->second;
}

double FigureInputs::time_alone(double eps) const {
  const auto* tuned = find(cell_name(1, 1, eps));
  return tuned == nullptr ? kUnknown : tuned->steps().mean;
}

MeanAndSpread CellTime::of(const Tuned& tuned) const {
  std::vector<double> times;
  for (const auto& run : tuned.runs) {
    const double average = devices > 1 ? kPaperRho * static_cast<double>(run.rounds) : 0;
    times.push_back(static_cast<double>(*run.steps) * factor + average);
  }
  return mean_and_spread(times);
}

std::string rounded(double number) { return count_text(std::llround(number)); }

std::string steps_note(const Tuned& tuned) {
  const auto steps = tuned.steps();
  return "T = " + rounded(steps.mean) + " \u00b1 " + rounded(steps.deviation) + ", step " +
         tuned.step.text();
}

std::string times_text(double factor) { return fixed_text(factor, factor < 10 ? 2 : 1) + " times"; }

void add_if(Line& line, const std::optional<Point>& point) {
  if (point) line.points.push_back(*point);
}

std::optional<Point> speed_up_point(const FigureInputs& in, const std::string& name,
                                    const CellTime& cost, double eps) {
  const auto* tuned = in.find(name);
  const double alone = in.time_alone(eps);
  if (tuned == nullptr || std::isnan(alone)) return std::nullopt;
  const auto time = cost.of(*tuned);
  return Point{.x = static_cast<double>(cost.devices),
               .y = alone / time.mean,
               .low = alone / (time.mean + time.deviation),
               .high = alone / std::max(1.0, time.mean - time.deviation),
               .note = steps_note(*tuned)};
}

Figure theory_figure(double eps) {
  Figure figure{.id = eps > 0 ? "computed-eps" : "computed",
                .title = eps > 0 ? "(a) Computed speed-up, eps = " + digits_text(eps, 2)
                                 : "(a) Computed speed-up, eps = 0",
                .reading = eps > 0 ? "For an accuracy that is reached soon, the drift between "
                                     "averages costs steps: the best H falls as W grows."
                                   : "In the long run local steps are free, and only the cost of "
                                     "averages counts: 25 local steps each.",
                .x = {kDevicesTitle, Axis::Scale::log2},
                .y = {kSpeedUpTitle, Axis::Scale::log2},
                .lines = {}};
  const std::vector<std::size_t> devices{1, 2, 4, 8, 16, 32, 64, 128, 256};
  for (const Step h : std::array<Step, 5>{1, 4, 16, 64, 256}) {
    Line line{.name = h_text(h)};
    for (const auto count : devices) {
      const auto W = static_cast<double>(count);
      const double up = computed_speed_up({.devices = W, .h = static_cast<double>(h), .eps = eps});
      line.points.push_back({W, up});
    }
    figure.lines.push_back(std::move(line));
  }
  figure.lines.push_back(ideal(devices));
  return figure;
}

Figure speed_up_figure(const FigureInputs& in, double eps) {
  Figure figure{.id = "measured-" + digits_text(eps, 3),
                .title = "(b) Measured speed-up, eps = " + digits_text(eps, 3),
                .reading = {},
                .x = {kDevicesTitle, Axis::Scale::log2},
                .y = {kSpeedUpTitle, Axis::Scale::log2},
                .lines = {}};
  for (const Step h : with_one_shot(in.scope.h)) {
    Line line{.name = h_text(h)};
    for (const auto W : in.scope.devices) {
      add_if(line, speed_up_point(in, cell_name(W, h, eps), {W}, eps));
    }
    figure.lines.push_back(std::move(line));
  }
  figure.reading = speed_up_reading(figure);
  const auto* any = in.find(cell_name(in.scope.devices.back(), in.scope.h.back(), eps));
  if (any != nullptr) figure.reading += " " + counted_text(any->runs.size(), "seed") + ".";
  figure.lines.push_back(ideal(in.scope.devices));
  return figure;
}

Figure special_cases_figure(const FigureInputs& in) {
  Figure figure{.id = "special-cases",
                .title = "(d) Steps needed: mini-batch SGD to one-shot averaging",
                .reading = {},
                .x = {kDevicesTitle, Axis::Scale::log2},
                .y = {"local steps T of each device", Axis::Scale::log10},
                .lines = {}};
  for (const Step h : with_one_shot(in.scope.h)) figure.lines.push_back(steps_line(in, h));
  const double alone = in.time_alone(in.first_target());
  Line line{.name = "T of one device / W", .dashed = true};
  for (const auto W : in.scope.devices) {
    const auto devices = static_cast<double>(W);
    if (!std::isnan(alone)) line.points.push_back({devices, alone / devices});
  }
  const auto& often = figure.lines.front();
  const auto& once = figure.lines.back();
  if (!often.points.empty() && !once.points.empty()) {
    figure.reading = "H = 1 is mini-batch SGD, H = T one average at the end. With " +
                     rounded(once.points.back().x) + " devices the one average costs " +
                     times_text(once.points.back().y / often.points.back().y) + " the steps.";
  }
  figure.lines.push_back(std::move(line));
  return figure;
}

}  // namespace annulet::runtime
