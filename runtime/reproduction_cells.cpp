/// What is measured for the figures.
#include "runtime/reproduction_cells.hpp"

#include <algorithm>

#include "runtime/text.hpp"

namespace annulet::runtime {
namespace {

using model::Step;

/// Collects cells, each once.
class Cells {
 public:
  explicit Cells(const ReproductionScope& scope) : scope_(scope) {}

  void add(std::string name, Trial trial) {
    const auto same = [&](const Cell& cell) { return cell.name == name; };
    if (std::ranges::any_of(cells_, same)) return;
    Tuning tuning{scope_.grid, scope_.seeds, kMost};
    // A hundred times as many steps are needed: fewer seeds, and what seems a quarter worse is
    // given up. The best ones decay late: found first, they spare the others most of their steps.
    if (trial.target < kNear) {
      tuning = {nearest_first(scope_.grid, kLate), std::min(scope_.seeds, 3), 10 * kMost, 1.25};
    }
    cells_.push_back({std::move(name), std::move(trial), std::move(tuning)});
  }
  void add_own_step(Step h) {
    cells_.push_back({own_step_name(h),
                      paper_trial(scope_.ring, h),
                      {{{StepChoice::Family::paper}}, std::min(scope_.seeds, 3), 2 * kMost}});
  }
  [[nodiscard]] std::vector<Cell> take() { return std::move(cells_); }

 private:
  static constexpr Step kMost = 100'000;
  static constexpr double kNear = 1e-3;
  static constexpr int kLate = -1;
  const ReproductionScope& scope_;
  std::vector<Cell> cells_;
};

Trial local_trial(std::size_t devices, Step h, double eps) {
  auto trial = paper_trial(devices, std::max<Step>(h, 1));
  trial.one_shot = h == kOneShot;
  trial.target = eps;
  return trial;
}

Trial batch_trial(std::size_t devices, Step factor) {
  auto trial = paper_trial(devices, 1);
  trial.config.train.batch *= static_cast<std::size_t>(factor);
  return trial;
}

Trial doubling_trial(std::size_t devices, double alpha) {
  auto trial = paper_trial(devices, 1);
  trial.config.schedule = {.kind = "doubling", .alpha = alpha, .t0 = 64};
  return trial;
}

}  // namespace

std::string h_text(Step h) { return h == kOneShot ? "H = T" : "H = " + std::to_string(h); }

std::string cell_name(std::size_t devices, Step h, double eps) {
  return "W = " + std::to_string(devices) + ", " + h_text(devices == 1 ? 1 : h) +
         ", eps = " + digits_text(eps, 3);
}

std::string batch_name(std::size_t devices, Step factor) {
  return "W = " + std::to_string(devices) + ", B = " + std::to_string(4 * factor);
}

std::string doubling_name(double alpha) { return "doubling, alpha = " + digits_text(alpha, 3); }

std::string own_step_name(Step h) { return "the paper's step, " + h_text(h); }

ReproductionScope whole_scope() { return {}; }

ReproductionScope quick_scope() {
  ReproductionScope scope;
  scope.devices = {1, 8, 64};
  scope.h = {1, 16, 64};
  scope.factors = {16, 64};
  scope.alphas = {1, 2};
  scope.seeds = 2;
  scope.targets = {0.005};
  scope.longest = 16'384;
  std::erase_if(scope.grid, [](const StepChoice& step) {
    const bool decays = step.family == StepChoice::Family::decaying;
    return decays ? step.power < -4 || step.power > -2 : step.power < -6 || step.power > -3;
  });
  return scope;
}

std::vector<Cell> reproduction_cells(const ReproductionScope& scope) {
  Cells cells(scope);
  auto hs = scope.h;
  hs.push_back(kOneShot);
  for (auto eps = scope.targets.rbegin(); eps != scope.targets.rend(); ++eps) {
    for (const std::size_t devices : scope.devices) {
      for (const Step h : hs) {
        cells.add(cell_name(devices, h, *eps), local_trial(devices, h, *eps));
      }
    }
  }
  for (const Step factor : scope.factors) {
    for (const std::size_t devices : scope.devices) {
      cells.add(batch_name(devices, factor), batch_trial(devices, factor));
    }
  }
  for (const Step factor : scope.factors) {  // H that only the comparison with batches has
    const double eps = scope.targets.front();
    cells.add(cell_name(scope.ring, factor, eps), local_trial(scope.ring, factor, eps));
  }
  for (const double alpha : scope.alphas) {
    cells.add(doubling_name(alpha), doubling_trial(scope.ring, alpha));
  }
  for (const Step h : {Step{1}, scope.h.back()}) cells.add_own_step(h);
  return cells.take();
}

}  // namespace annulet::runtime
