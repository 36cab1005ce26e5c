/// From measurements to figures, key figures and a table.
#include "runtime/reproduction.hpp"

#include <cmath>

#include "runtime/reproduction_cells.hpp"
#include "runtime/reproduction_figures.hpp"
#include "runtime/speed_up.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

using model::Step;

/// At the paper's own step: how many more steps the largest H takes.
void add_own_step(const FigureInputs& in, std::vector<KeyFigure>& out) {
  const Step h = in.scope.h.back();
  const auto* often = in.find(own_step_name(1));
  const auto* rarely = in.find(own_step_name(h));
  if (often == nullptr || rarely == nullptr) return;
  out.push_back({fixed_text(rarely->steps().mean / often->steps().mean, 2) + "x",
                 "the steps of " + h_text(1) + " with " + h_text(h) +
                     " at the paper's own step size, so " + std::to_string(h) + "x fewer rounds (" +
                     std::to_string(in.scope.ring) + " devices)"});
}

/// The best H of the most devices.
void add_speed_up(const FigureInputs& in, std::vector<KeyFigure>& out) {
  const double eps = in.first_target(), alone = in.time_alone(eps);
  const auto W = in.scope.devices.back();
  double best = 0;
  std::string words;
  for (const Step h : in.scope.h) {
    const auto* tuned = in.find(cell_name(W, h, eps));
    if (tuned == nullptr || std::isnan(alone)) continue;
    const double found = alone / CellTime{W}.of(*tuned).mean;
    if (found <= best) continue;
    best = found;
    words = "speed-up of " + std::to_string(W) + " devices with " + h_text(h) +
            ", where an average costs 25 steps";
  }
  if (best > 0) out.push_back({factor_text(best), words});
}

void add_huge_batch(const FigureInputs& in, std::vector<KeyFigure>& out) {
  const Step h = in.scope.factors.back();
  const auto* ours = in.find(cell_name(in.scope.ring, h, in.first_target()));
  const auto* theirs = in.find(batch_name(in.scope.ring, h));
  if (ours == nullptr || theirs == nullptr) return;
  out.push_back({factor_text(theirs->rounds().mean / ours->rounds().mean),
                 "the rounds where each is one step of a batch " + std::to_string(h) +
                     " times larger, in place of " + h_text(h)});
}

void add_doubling(const FigureInputs& in, std::vector<KeyFigure>& out) {
  const auto* doubling = in.find(doubling_name(2));
  const auto* often = in.find(cell_name(in.scope.ring, 1, in.first_target()));
  if (doubling == nullptr || often == nullptr) return;
  out.push_back({factor_text(often->rounds().mean / doubling->rounds().mean),
                 "fewer rounds with doubling than with H = 1, for " +
                     fixed_text(doubling->steps().mean / often->steps().mean, 2) + "x the steps"});
}

std::string table_of(const std::vector<Cell>& cells, const Measurements& measured) {
  std::string csv = "cell,step,seeds,steps,steps_deviation,rounds,rounds_deviation\n";
  for (const auto& cell : cells) {
    csv += '"' + cell.name + "\",";
    const auto found = measured.find(cell.name);
    if (found == measured.end() || !found->second) {
      csv += "never," + std::to_string(cell.tuning.seeds) + ",,,,\n";
      continue;
    }
    const auto& tuned = *found->second;
    csv += tuned.step.text() + ',' + std::to_string(tuned.runs.size());
    for (const auto& number : {tuned.steps(), tuned.rounds()}) {
      csv += ',' + digits_text(number.mean, 7) + ',' + digits_text(number.deviation, 4);
    }
    csv += '\n';
  }
  return csv;
}

}  // namespace

Reproduction reproduce(const PaperProblem& problem, const ReproductionScope& scope,
                       const Measurements& measured, std::size_t threads,
                       const std::stop_token& stop) {
  const FigureInputs in{problem, scope, measured};
  Reproduction found;
  add_own_step(in, found.key_figures);
  add_speed_up(in, found.key_figures);
  add_huge_batch(in, found.key_figures);
  add_doubling(in, found.key_figures);
  found.figures = {theory_figure(0), theory_figure(1e-3)};
  for (const double eps : scope.targets) found.figures.push_back(speed_up_figure(in, eps));
  found.figures.push_back(strategies_figure(in));
  found.figures.push_back(special_cases_figure(in));
  found.figures.push_back(huge_batch_figure(in));
  found.figures.push_back(bound_figure(in, threads, stop));
  found.figures.push_back(schedules_figure(in));
  found.table_csv = table_of(reproduction_cells(scope), measured);
  return found;
}

}  // namespace annulet::runtime
