/// The trials behind the acceptance table: w8a, B = 4, eps = 0.005 unless the name says otherwise.
#include "benchmarks/acceptance/cells.hpp"

#include <array>
#include <string>
#include <utility>

#include "benchmarks/acceptance/bf16_codec.hpp"

namespace annulet::benchmarks {
namespace {

using model::Step;
using runtime::Cell;
using runtime::paper_trial;
using runtime::StepChoice;
using runtime::Trial;

using Family = StepChoice::Family;

constexpr StepChoice kDecaying{Family::decaying, -3};
constexpr StepChoice kSlowlyDecaying{Family::decaying, -1};
constexpr StepChoice kFour{Family::constant, -3};  // the constant step 4, and 2
constexpr StepChoice kTwo{Family::constant, -4};

class Cells {
 public:
  explicit Cells(bool brief) : brief_(brief) {}

  /// known: a good step. It alone is tried in the brief form, where that has this cell.
  runtime::Tuning& add(std::string name, Trial trial, StepChoice known, bool in_brief = false) {
    cells_.push_back({std::move(name), std::move(trial)});
    known_.push_back(known);
    in_brief_.push_back(in_brief);
    return cells_.back().tuning;
  }
  [[nodiscard]] std::vector<Cell> take() {
    if (!brief_) return std::move(cells_);
    std::vector<Cell> kept;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (!in_brief_[i]) continue;
      kept.push_back(std::move(cells_[i]));
      kept.back().tuning.steps = {known_[i]};
      kept.back().tuning.seeds = 3;
    }
    return kept;
  }

 private:
  bool brief_;
  std::vector<Cell> cells_;
  std::vector<StepChoice> known_;
  std::vector<bool> in_brief_;
};

Trial of_kind(model::PartitionKind kind, Trial trial) {
  trial.config.data.partition.kind = kind;
  return trial;
}

Trial by_label(Trial trial) { return of_kind(model::PartitionKind::by_label, std::move(trial)); }

Trial corrected(Trial trial) {
  trial.config.train.correct_drift = true;
  return trial;
}

/// A quarter of each round's estimate, so that less of its noise goes into the next.
Trial gently(Trial trial) {
  trial = corrected(std::move(trial));
  trial.config.train.drift_rate = 0.25;
  return trial;
}

Trial with_momentum(Trial trial) {
  trial.config.outer.momentum = 0.5;
  return trial;
}

Trial overlapped(Trial trial) {
  trial.config.overlap = true;
  return trial;
}

Trial within(Trial trial, double eps) {
  trial.target = eps;
  return trial;
}

Trial compressed(Trial trial, transport::Compress codec) {
  trial.config.compress = codec;
  return trial;
}

Trial one_shot(std::size_t devices) {
  auto trial = paper_trial(devices, 1);
  trial.one_shot = true;
  return trial;
}

Trial doubling() {
  auto trial = paper_trial(kDevices, 1);
  trial.config.schedule = {.kind = "doubling", .alpha = 2, .t0 = 64};
  return trial;
}

Trial paced(Trial trial, runtime::Pace pace, std::vector<double> step_seconds) {
  trial.config.pace = pace;
  trial.step_seconds = std::move(step_seconds);
  return trial;
}

Trial uneven_sizes(runtime::Weights weights) {
  auto trial = paper_trial(kDevices, 16);
  trial.sizes = {16, 8, 4, 2, 1, 1, 1, 1};
  trial.config.weights = weights;
  return trial;
}

Trial dropping(double probability) {
  auto trial = paper_trial(kDevices, 16);
  trial.drop = probability;
  return trial;
}

/// T over W and H, and at the paper's own step.
void add_core(Cells& cells) {
  const auto table = [&](std::size_t devices, Step h) {
    const auto name = "W=" + std::to_string(devices) + " H=" + std::to_string(h);
    const bool brief = (devices == kDevices && h != 4) || (devices == 16 && h == 64);
    const auto known = devices >= kDevices && h > 1 ? kFour : kDecaying;
    cells.add(name, paper_trial(devices, h), known, brief).seeds = 5;
  };
  cells.add("W=1 H=1", paper_trial(1, 1), {Family::constant, -5}, true).seeds = 5;
  for (const std::size_t devices : std::array<std::size_t, 3>{4, 8, 16}) {
    for (const Step h : {1, 4, 16, 64}) table(devices, h);
    const auto name = "W=" + std::to_string(devices) + " H=T";
    cells.add(name, one_shot(devices), kTwo, devices == 16).seeds = 5;
  }
  for (const Step h : {1, 64}) {
    const StepChoice own{Family::paper};
    const auto name = "paper H=" + std::to_string(h);
    cells.add(name, paper_trial(kDevices, h), own, true).steps = {own};
  }
}

void add_drift(Cells& cells) {
  const auto plain = by_label(paper_trial(kDevices, 64));
  cells.add("labels H=64 corrected", corrected(plain), kTwo, true).steps =
      runtime::constant_steps();
  cells.add("labels H=64 gently", gently(plain), kTwo).steps = runtime::constant_steps();
  auto& never = cells.add("labels H=64 constant", plain, kTwo, true);
  never.steps = runtime::constant_steps();
  never.most = 12'000;
  never.any_seed = true;
  cells.add("labels H=64 decaying", plain, kDecaying).steps = runtime::decaying_steps();
  for (const Step h : {16, 64}) {
    const auto iid = of_kind(model::PartitionKind::iid, paper_trial(kDevices, h));
    cells.add("iid H=" + std::to_string(h), iid, kFour).seeds = 10;
    cells.add("iid H=" + std::to_string(h) + " corrected", corrected(iid), kFour).seeds = 10;
    const auto close = within(iid, 5e-4);
    cells.add("5e-4 iid H=" + std::to_string(h), close, kDecaying);
    cells.add("5e-4 iid H=" + std::to_string(h) + " corrected", corrected(close), kDecaying);
    cells.add("iid H=" + std::to_string(h) + " gently", gently(iid), kFour).seeds = 10;
    cells.add("5e-4 iid H=" + std::to_string(h) + " gently", gently(close), kDecaying);
  }
}

/// All together on sorted labels, and what may be set against it: mini-batch SGD, and huge batches
/// of as many rows and averages a round, with the same momentum.
void add_together(Cells& cells) {
  const auto all = with_momentum(corrected(by_label(paper_trial(kDevices, 64))));
  cells.add("together H=64 q8", compressed(all, transport::Compress::q8), kTwo);
  cells.add("together H=1", by_label(paper_trial(kDevices, 1)), kDecaying);
  auto huge = with_momentum(by_label(paper_trial(kDevices, 1)));
  huge.config.train.batch = 4 * 64;
  cells.add("together huge batch", huge, kDecaying);
}

/// eps = 5e-4, where a codec that leaves too much out would be seen.
void add_codecs(Cells& cells) {
  const auto plain = within(paper_trial(kDevices, 64), 5e-4);
  const auto add = [&](const std::string& name, const Trial& trial, bool brief) -> auto& {
    return cells.add("5e-4 H=64" + name, trial, kSlowlyDecaying, brief);
  };
  add("", plain, true);
  add(" q8", compressed(plain, transport::Compress::q8), true);
  add(" q4", compressed(plain, transport::Compress::q4), true);
  auto models = plain;
  models.models_as = &bf16_codec();
  // At the step that is best without: changes of models that are nearly there are lost in these.
  auto& lost = add(" bf16 models", models, false);
  lost.steps = {kSlowlyDecaying};
  lost.any_seed = true;
  add(" bf16 models, best step", models, false);
}

void add_momentum(Cells& cells) {
  for (const Step h : {16, 64}) {
    const auto suffix = " H=" + std::to_string(h);
    const auto known = h == 16 ? kFour : kTwo;
    cells.add("momentum" + suffix, with_momentum(paper_trial(kDevices, h)), known, true);
    if (h != 64) cells.add("5e-4" + suffix, within(paper_trial(kDevices, h), 5e-4), kDecaying);
    cells.add("5e-4 momentum" + suffix, within(with_momentum(paper_trial(kDevices, h)), 5e-4),
              kDecaying);
  }
  for (const Step h : {16, 64}) {
    auto huge = paper_trial(kDevices, 1);
    huge.config.train.batch = 4 * static_cast<std::size_t>(h);
    cells.add("huge batch momentum H=" + std::to_string(h), with_momentum(huge), kDecaying);
  }
}

void add_uneven(Cells& cells) {
  // The positive class, 3 % of the rows, comes last: device 7 alone has it.
  const std::vector<double> two_slow{4, 4, 1}, rare_slow{1, 1, 1, 1, 1, 1, 1, 4};
  const auto trial = paper_trial(kDevices, 16);
  cells.add("two slow, waiting", paced(trial, runtime::Pace::steps, two_slow), kFour, true);
  cells.add("two slow, paced", paced(trial, runtime::Pace::time, two_slow), kFour, true);
  auto rare = paced(by_label(trial), runtime::Pace::time, rare_slow);
  cells.add("rare slow, paced", rare, kDecaying, true);
  rare.plain_mean = true;
  auto& plain = cells.add("rare slow, plain mean", rare, kDecaying);
  plain.most = 30'000;
  plain.any_seed = true;
  cells.add("sizes weighted", uneven_sizes(runtime::Weights::samples), kDecaying);
  const auto equal = uneven_sizes(runtime::Weights::equal);
  cells.add("sizes equal", equal, kDecaying).most = 30'000;
  auto& lucky = cells.add("sizes equal, any seed", equal, kDecaying);
  lucky.most = 30'000;
  lucky.any_seed = true;
  for (const double drop : {0.1, 0.3}) {
    cells.add("drop " + std::to_string(static_cast<int>(100 * drop)), dropping(drop), kDecaying);
  }
}

void add_overlap(Cells& cells) {
  for (const Step h : {4, 16, 64}) {
    const auto known = h == 64 ? kDecaying : kFour;
    const auto name = "overlap H=" + std::to_string(h);
    cells.add(name, overlapped(paper_trial(kDevices, h)), known, h == 16);
  }
  const auto sorted = by_label(paper_trial(kDevices, 16));
  cells.add("labels H=16 corrected", corrected(sorted), kTwo);
  cells.add("labels H=16 corrected overlap", overlapped(corrected(sorted)), kTwo);
}

void add_schedules(Cells& cells) {
  cells.add("doubling", doubling(), kDecaying);
  const StepChoice known{Family::decaying, -1};
  cells.add("1e-4 H=1", within(paper_trial(kDevices, 1), 1e-4), known);
  cells.add("1e-4 doubling", within(doubling(), 1e-4), known);
}

}  // namespace

std::vector<Cell> acceptance_cells(bool brief) {
  Cells cells(brief);
  add_schedules(cells);  // the longest first
  add_core(cells);
  add_drift(cells);
  add_together(cells);
  add_codecs(cells);
  add_momentum(cells);
  add_uneven(cells);
  add_overlap(cells);
  return cells.take();
}

}  // namespace annulet::benchmarks
