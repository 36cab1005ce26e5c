/// A ring of devices in memory: the rounds of a run without sockets, coroutines or a clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/catalogue.hpp"
#include "model/dataset.hpp"
#include "model/iterate_average.hpp"
#include "model/shard.hpp"
#include "runtime/ring_laws.hpp"
#include "runtime/round.hpp"
#include "runtime/run_config.hpp"
#include "runtime/schedule.hpp"
#include "transport/codec.hpp"

namespace annulet::runtime {

/// What each device descends on, in ring order. Devices may share a shard.
using Shards = std::vector<std::shared_ptr<const model::Shard>>;

/// The shards that data.partition and run.seed give devices which share one data set. Throws
/// model::DataError for labels that the objective cannot use.
[[nodiscard]] Shards cut_shards(const RunConfig& config,
                                const std::shared_ptr<const model::Dataset>& data,
                                std::size_t devices);

/// What a ring in memory is made of.
struct MemoryRingInputs {
  RunConfig config;  // without data.scale and model.init
  Shards shards;
  std::uint64_t rows = 0;              // n, of the union of all shards
  std::size_t classes = 2;             // of the label map, where the objective counts them
  std::optional<double> smoothness{};  // L of f, where need_smoothness()
  // Of each device, the last one also of all others.
  std::vector<double> flops_per_second{5e9};
  double drop = 0;  // the probability that a device misses a round
  // For experiments: models travel in the place of changes, as this codec's blocks, and what it
  // leaves out is forgotten. Null: changes travel, as net.compress says.
  const transport::Codec* models_as = nullptr;
  bool plain_mean = false;  // likewise: sum_w p_w D_w, whatever part of H a device has taken
  // Which averages of the iterates are kept; empty: that of run.output, if any.
  std::vector<model::AverageWeights> averages{};
  const Schedules* schedules = &Schedules::builtin();
};

/// All devices of a run on one thread, each with the solver, the draws and the state that it would
/// have on a ring; what they send is added up in the ring's order of additions. So after each round
/// the model is that of simulate() and of a ring over TCP, bit for bit; with an L that was computed
/// elsewhere, and is used, up to the last digits of that L. Averages take no time here: under
/// `balanced` H stays h. One instance may be used by one thread
/// at a time; instances are independent.
class MemoryRing {
 public:
  /// Throws ConfigError, model::DataError; std::invalid_argument where L is needed and missing.
  explicit MemoryRing(MemoryRingInputs inputs);
  ~MemoryRing();
  MemoryRing(const MemoryRing&) = delete;
  MemoryRing& operator=(const MemoryRing&) = delete;

  /// One round, at most until run.steps. False: it diverged, and nothing has changed.
  [[nodiscard]] bool take_round();
  /// h steps of each device, from its own model, without an average: of one-shot averaging, before
  /// that. No take_round() after it.
  void take_steps_apart(model::Step h);

  [[nodiscard]] std::size_t devices() const noexcept;
  /// Of one device. x, u, facts and t are those of all while rounds are taken.
  [[nodiscard]] const State& state(std::size_t rank = 0) const;
  /// p_w.
  [[nodiscard]] double share(std::size_t rank) const;
  /// sum_w p_w x_w: x, but for rounding, unless devices went apart. (d)
  void mean(std::vector<float>& out);
  /// x-bar of that average of the iterates, as averaged_model() gives it. (d)
  void averaged(std::size_t average, std::vector<float>& out);
  /// Seconds that the steps of the rounds so far took the slowest device of each.
  [[nodiscard]] double seconds() const noexcept { return seconds_; }
  /// Mini-batches of all devices so far.
  [[nodiscard]] std::int64_t steps_of_all() const noexcept { return steps_of_all_; }

 private:
  struct Device;
  void take_part_of(Device& device, const Departure& from, OwnChange& own, model::Step h) const;
  void take_steps(Device& device, const Departure& from, OwnChange& own) const;
  void add_up();
  void add_up_models();

  MemoryRingInputs in_;
  model::ObjectiveOptions options_;
  std::unique_ptr<model::Objective<float>> objective_;
  Laws laws_;
  std::vector<Device> devices_;
  std::vector<float> sum_, tail_, scratch_;
  double seconds_ = 0;
  std::int64_t steps_of_all_ = 0;
};

}  // namespace annulet::runtime
