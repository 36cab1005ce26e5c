/// One device's training from a standing ring to the end of the run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/processor.hpp"
#include "model/catalogue.hpp"
#include "model/solver.hpp"
#include "model/team.hpp"
#include "runtime/checkpoint.hpp"
#include "runtime/checkpoint_writer.hpp"
#include "runtime/local_sgd.hpp"
#include "runtime/observer.hpp"
#include "runtime/resume.hpp"
#include "runtime/ring_laws.hpp"
#include "runtime/run_config.hpp"
#include "runtime/run_ends.hpp"
#include "runtime/smoothness.hpp"
#include "transport/membership.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// What it takes to keep the state, and to go on from one. The pointers may be null.
struct Checkpointing {
  CheckpointHead head;                 // of every checkpoint, but for the books
  CheckpointWriter* writer = nullptr;  // null: this device keeps nothing
  ResumeFrom* resume = nullptr;        // null: the run begins
};

/// What Training borrows; all of it outlives it.
struct TrainingInputs {
  devices::Clock& clock;
  devices::Processor& processor;
  transport::Ring& ring;
  const RunConfig& config;
  const model::Catalogue& catalogue;
  const Schedules& schedules;
  const transport::View& view;
  std::size_t devices_here;  // 1; in virtual time all of the ring
  const model::Shard& shard;
  ShardPart evaluated;             // this device's part of the union of all shards
  double drop = 0;                 // the probability that a device misses a round, in simulations
  const Replay* replay = nullptr;  // what a log says of the rounds; null: they are chosen
  const model::Shard* test = nullptr;
  std::vector<float> init{};  // of the starter: what model.init holds; else none
  model::Scale init_scale{};  // and its scale, where it has one
  Observer& observer;
  std::function<std::uint32_t()> request;  // what this device asks of all: a sum of Requests
  // The starter's: f*, where run.target_gap needs it. Throws ConfigError where there is none.
  std::function<asio::awaitable<double>(std::stop_token)> find_optimum;
  std::function<void()> between_rounds;         // and before the first
  std::function<bool()> leave;                  // this device wants to leave after the round
  std::function<std::uint64_t()> control_sent;  // bytes on control connections
  // From now on shard, evaluated and test hold their rows as this scale has them.
  std::function<void(const model::Scale&)> use_scale;
  Checkpointing checkpointing;
};

enum class TrainingEnd { done, stopped, left, diverged };

class Training {
 public:
  /// samples: of all devices, in ring order.
  Training(TrainingInputs inputs, const std::vector<std::uint64_t>& samples);
  ~Training();

  /// Everything from step size constants to the last evaluation. Throws std::system_error when
  /// the ring fails; state() is then the last committed one. `stop` ends local steps early.
  asio::awaitable<TrainingEnd> run(RunStarted started, std::stop_token stop);

  [[nodiscard]] const State& state() const noexcept { return state_; }
  /// What the run would give now: x-bar, where that has been made since the last round; else x.
  [[nodiscard]] std::span<const float> model() const noexcept {
    return averaged_.empty() ? state_.x : averaged_;
  }
  /// What is known of the run's end so far.
  [[nodiscard]] const RunFinished& results() const noexcept { return results_; }
  /// Has step 0 been reached?
  [[nodiscard]] bool has_begun() const noexcept { return began_.has_value(); }
  /// Keeps the last committed state, unless that is on this device's disk already. Returns when it
  /// has been copied. What prevents that is told of as a checkpoint that failed.
  asio::awaitable<void> keep_state(CheckpointWriter::Reason reason);

 private:
  asio::awaitable<std::shared_ptr<const model::Scale>> scale();
  asio::awaitable<void> prepare(RunStarted& started, std::stop_token stop);
  asio::awaitable<void> conclude(TrainingEnd end, std::stop_token stop);
  asio::awaitable<std::shared_ptr<const model::Scale>> initial_scale();
  asio::awaitable<std::shared_ptr<const model::Scale>> resumed_scale();
  asio::awaitable<void> begin_with_model();
  [[nodiscard]] LocalSgd make_loop(std::stop_token stop);
  asio::awaitable<TrainingEnd> train(std::stop_token stop);
  asio::awaitable<std::optional<TrainingEnd>> next_round(LocalSgd& loop);
  asio::awaitable<std::optional<TrainingEnd>> after_round(RoundEnd end, model::Step before,
                                                          bool keep, std::stop_token stop);
  void begin_average();
  asio::awaitable<void> average_iterates(bool training);
  asio::awaitable<void> evaluate(std::stop_token stop);
  asio::awaitable<void> agree_on_optimum(std::stop_token stop);
  asio::awaitable<void> resume();
  asio::awaitable<void> checkpoint();
  [[nodiscard]] std::string copy_state(std::vector<std::byte>& record);
  asio::awaitable<void> close_books();
  [[nodiscard]] std::string divergence_of(const RoundRecord& record, model::Step step) const;
  void report_round(const RoundRecord& record);
  [[nodiscard]] transport::Operation next_operation();
  [[nodiscard]] devices::TimePoint deadline() const;
  [[nodiscard]] model::Step last_step() const;
  [[nodiscard]] devices::Duration passed() const;
  [[nodiscard]] double seconds() const { return devices::seconds(passed()); }
  [[nodiscard]] std::uint32_t request() const;
  [[nodiscard]] std::uint64_t model_bytes() const;
  [[nodiscard]] std::uint64_t sent_bytes() const;
  [[nodiscard]] std::uint64_t baseline_bytes() const;

  TrainingInputs in_;
  RoundRules rules_;
  model::ObjectiveOptions options_;
  std::unique_ptr<model::Team> team_;  // train.threads; null: one
  std::unique_ptr<model::Objective<float>> objective_;
  std::unique_ptr<model::LocalSolver<float>> solver_;
  Laws laws_;
  State state_;
  std::vector<float> averaged_;  // x-bar with run.output, from its making to the next round
  RunFinished results_;
  std::uint64_t operations_ = 0;
  std::uint64_t bytes_per_round_ = 0;  // model bytes this rank sends in a round of H = 1
  RunTotals before_;                   // of the run until it was last interrupted
  model::SamplerState sampler_;        // work space
  std::optional<devices::TimePoint> began_;
  devices::Duration evaluating_{0};  // left out of seconds()
  std::int64_t evaluated_ = -1;      // after that many rounds, last
  RunEnds ends_;
  std::string last_reason_;
};

}  // namespace annulet::runtime
