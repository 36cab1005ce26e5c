/// Figures (c), (e) and (g): local steps against batches, doubling against a fixed H.
#include <algorithm>
#include <cmath>
#include <optional>

#include "runtime/reproduction_cells.hpp"
#include "runtime/reproduction_figures.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

using model::Step;

/// Rounds against H, of one ring.
std::optional<Point> rounds_point(const Tuned* tuned, double x) {
  if (tuned == nullptr) return std::nullopt;
  const auto rounds = tuned->rounds();
  return Point{.x = x,
               .y = rounds.mean,
               .low = std::max(1.0, rounds.mean - rounds.deviation),
               .high = rounds.mean + rounds.deviation,
               .note = steps_note(*tuned)};
}

/// T against rounds.
void add_pair(Line& line, const Tuned* tuned, const std::string& note) {
  if (tuned == nullptr) return;
  const auto steps = tuned->steps();
  line.points.push_back({.x = tuned->rounds().mean,
                         .y = steps.mean,
                         .low = std::max(1.0, steps.mean - steps.deviation),
                         .high = steps.mean + steps.deviation,
                         .note = note + ", step " + tuned->step.text()});
}

/// The fewest rounds that a line through points needs at that T, on log axes; none where its least
/// T is larger.
std::optional<double> rounds_at(const std::vector<Point>& points, double steps) {
  std::optional<double> fewest;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].y <= steps) fewest = std::min(fewest.value_or(points[i].x), points[i].x);
    if (i == 0) continue;
    const auto &a = points[i - 1], &b = points[i];
    if ((a.y <= steps) == (b.y <= steps)) continue;
    const double part = std::log(steps / a.y) / std::log(b.y / a.y);
    const double between = a.x * std::pow(b.x / a.x, part);
    fewest = std::min(fewest.value_or(between), between);
  }
  return fewest;
}

}  // namespace

Figure strategies_figure(const FigureInputs& in) {
  Figure figure{.id = "strategies",
                .title = "(c) More local steps, or larger batches?",
                .reading = {},
                .x = {kDevicesTitle, Axis::Scale::log2},
                .y = {kSpeedUpTitle, Axis::Scale::log2},
                .lines = {}};
  for (const Step factor : in.scope.factors) {
    const std::size_t look = figure.lines.size() / 2;
    Line local{.name = h_text(factor) + ", batches of 4", .look = look};
    Line batch{
        .name = "H = 1, batches of " + std::to_string(4 * factor), .dashed = true, .look = look};
    for (const auto W : in.scope.devices) {
      const double eps = in.first_target();
      const CellTime large{W, static_cast<double>(factor)};
      add_if(local, speed_up_point(in, cell_name(W, factor, eps), {W}, eps));
      add_if(batch, speed_up_point(in, batch_name(W, factor), large, eps));
    }
    figure.lines.push_back(std::move(local));
    figure.lines.push_back(std::move(batch));
  }
  figure.reading =
      "Both send the same bytes for the same number of gradients; a batch k times larger is k "
      "times "
      "the work of a step. Lines: local steps; dashed: batches.";
  return figure;
}

Figure huge_batch_figure(const FigureInputs& in) {
  const auto W = std::to_string(in.scope.ring);
  Figure figure{.id = "huge-batch",
                .title = "(e) " + W + " devices: H local steps, or one of a batch H times larger?",
                .reading = {},
                .x = {"H, or how much larger the batch is", Axis::Scale::log2},
                .y = {"rounds until f - f* <= eps", Axis::Scale::log10},
                .lines = {}};
  Line local{.name = "local SGD, batches of 4"};
  Line huge{.name = "one step of a huge batch", .dashed = true};
  Step crossover = 0;  // from which on local steps need fewer; 0: nowhere
  std::string last;
  for (const Step factor : in.scope.factors) {
    const auto* ours = in.find(cell_name(in.scope.ring, factor, in.first_target()));
    const auto* theirs = in.find(batch_name(in.scope.ring, factor));
    add_if(local, rounds_point(ours, static_cast<double>(factor)));
    add_if(huge, rounds_point(theirs, static_cast<double>(factor)));
    if (ours == nullptr || theirs == nullptr) continue;
    const double ratio = theirs->rounds().mean / ours->rounds().mean;
    if (ratio <= 1) crossover = 0;
    if (ratio > 1 && crossover == 0) crossover = factor;
    last = "At H = " + std::to_string(factor) + " huge batches need " + times_text(ratio) +
           " the rounds.";
  }
  const std::string who = last.empty() ? "One of both never gets there. "
                          : crossover == 0
                              ? "Huge batches need fewer rounds here. "
                              : "Local steps need fewer rounds from " + h_text(crossover) + " on. ";
  figure.reading = "The same bytes and gradients in a round. " + who + last;
  figure.lines = {std::move(local), std::move(huge)};
  return figure;
}

Figure schedules_figure(const FigureInputs& in) {
  const auto W = std::to_string(in.scope.ring);
  Figure figure{.id = "schedules",
                .title = "(g) " + W + " devices: doubling against fixed H",
                .reading = {},
                .x = {"rounds", Axis::Scale::log10},
                .y = {"local steps T of each device", Axis::Scale::log10},
                .lines = {}};
  Line fixed{.name = "fixed H, chosen in hindsight", .labelled = true};
  for (const Step h : in.scope.h) {
    add_pair(fixed, in.find(cell_name(in.scope.ring, h, in.first_target())), h_text(h));
  }
  Line doubling{.name = "doubling, which does not know T", .dashed = true, .labelled = true};
  for (const double alpha : in.scope.alphas) {
    const auto* tuned = in.find(doubling_name(alpha));
    add_pair(doubling, tuned, "alpha = " + digits_text(alpha, 3));
    if (tuned == nullptr || alpha != 2) continue;
    const auto best = rounds_at(fixed.points, tuned->steps().mean);
    figure.reading =
        "With alpha = 2: " + rounded(tuned->rounds().mean) +
        " rounds and T = " + rounded(tuned->steps().mean) + ". " +
        (best ? "The best fixed H needs about " + rounded(*best) + " rounds for as many steps."
              : "No fixed H needs as few steps.");
  }
  figure.lines = {std::move(fixed), std::move(doubling)};
  return figure;
}

}  // namespace annulet::runtime
