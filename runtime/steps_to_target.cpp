/// The grid of t, and the four models that are looked at there.
#include "runtime/steps_to_target.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "model/logistic_values.hpp"
#include "model/random.hpp"

namespace annulet::runtime {
namespace {

using model::Step;

// So that no round is cut where a run is given up, which would be one more place to look at.
constexpr Step kBeyond = 1'000'000;

/// Shares of all rows, shuffled, of the sizes that are asked for.
Shards sized_shards(const PaperProblem& problem, const Trial& trial, std::uint64_t seed) {
  std::vector<model::Index> rows = problem.rows->rows;
  model::Random random(model::derive_seed(seed, 0, 2));
  random.shuffle(rows);
  const auto all = std::accumulate(trial.sizes.begin(), trial.sizes.end(), std::size_t{0});
  Shards shards;
  std::size_t before = 0;
  for (const std::size_t size : trial.sizes) {
    const std::size_t begin = rows.size() * before / all;
    const std::size_t end = rows.size() * (before += size) / all;
    model::Shard shard{problem.data, {}, {}};
    for (std::size_t i = begin; i < end; ++i) {
      shard.rows.push_back(rows[i]);
      shard.targets.push_back(problem.rows->targets[rows[i]]);
    }
    shards.push_back(std::make_shared<const model::Shard>(std::move(shard)));
  }
  return shards;
}

Shards shards_of(const PaperProblem& problem, const Trial& trial, const RunConfig& config) {
  if (!trial.sizes.empty()) return sized_shards(problem, trial, config.run.seed);
  if (config.data.partition.kind == model::PartitionKind::all) {
    return {trial.devices, problem.rows};
  }
  return cut_shards(config, problem.data, trial.devices);
}

/// The least f - f* of the last iterate and the averages.
class Gap {
 public:
  Gap(const PaperProblem& problem, bool apart)
      : f_star_(problem.f_star), apart_(apart), values_(*problem.rows, problem.l2) {}

  double of(MemoryRing& ring) {
    if (apart_) {
      ring.mean(models_[0]);
    } else {
      models_[0] = ring.state().x;
    }
    for (std::size_t i = 0; i < kTargetAverages.size(); ++i) ring.averaged(i, models_[i + 1]);
    std::array<double, model::LogisticValues::kModels> values{};
    values_.find(models_, values);
    double least = std::numeric_limits<double>::infinity();
    for (const double value : values) least = std::min(least, value - f_star_);  // NaN is no less
    return least;
  }

 private:
  double f_star_;
  bool apart_;
  model::LogisticValues values_;
  std::array<std::vector<float>, model::LogisticValues::kModels> models_;
};

Step next_look(Step t, double gap, double target) {
  const double growth = gap > 4 * target ? 1.1 : gap > 1.5 * target ? 1.05 : 1.02;
  return std::max(t + 1, static_cast<Step>(std::ceil(static_cast<double>(t) * growth)));
}

/// False: it diverged, or was told to stop.
bool go_on(MemoryRing& ring, const Trial& trial, const Draw& draw, Step until, Reached& reached) {
  if (trial.one_shot) {
    ring.take_steps_apart(until - ring.state().t);
    reached.rounds = 1;
  }
  while (ring.state().t < until) {
    if (draw.stop.stop_requested() || !ring.take_round()) return false;
    ++reached.rounds;
  }
  reached.seconds = ring.seconds();
  return true;
}

}  // namespace

Trial paper_trial(std::size_t devices, Step h) {
  Trial trial;
  trial.devices = devices;
  trial.config.train.batch = 4;
  trial.config.data.partition = {model::PartitionKind::all, 0};
  trial.config.data.sampling = model::Sampling::replacement;
  trial.config.schedule.kind = "fixed";
  trial.config.schedule.h = h;
  return trial;
}

MemoryRingInputs ring_inputs(const PaperProblem& problem, const Trial& trial, const Draw& draw) {
  MemoryRingInputs in;
  in.config = trial.config;
  in.config.run.steps = draw.most + kBeyond;
  in.config.run.seed = draw.seed;
  in.config.model = {.kind = "logistic", .l2 = problem.l2};
  in.config.data.features = problem.data->features();
  in.config.train.lr = draw.lr;
  in.shards = shards_of(problem, trial, in.config);
  in.rows = problem.rows->size();
  in.smoothness = problem.smoothness;
  in.drop = trial.drop;
  in.models_as = trial.models_as;
  in.plain_mean = trial.plain_mean;
  for (const auto kind : kTargetAverages) in.averages.push_back({kind, trial.average_shift});
  model::ObjectiveOptions options;
  options.features = problem.data->features();
  const auto flops = model::make_objective<float>(options)->step_flops(trial.config.train.batch);
  in.flops_per_second = {flops};
  if (!trial.step_seconds.empty()) in.flops_per_second.clear();
  for (const double seconds : trial.step_seconds) in.flops_per_second.push_back(flops / seconds);
  return in;
}

Reached steps_to_target(const PaperProblem& problem, const Trial& trial, const Draw& draw) {
  MemoryRing ring(ring_inputs(problem, trial, draw));
  Gap gap(problem, trial.one_shot);
  Reached reached;
  reached.gap = problem.first_gap();
  double now = 1;
  for (Step look = 1; look <= draw.most && !draw.stop.stop_requested();
       look = next_look(ring.state().t, now, trial.target)) {
    if (!go_on(ring, trial, draw, look, reached) || ring.state().t > draw.most) break;
    now = gap.of(ring);
    reached.gap = std::min(reached.gap, now);
    if (!(now <= trial.target)) continue;
    reached.steps = ring.state().t;
    break;
  }
  return reached;
}

}  // namespace annulet::runtime
