/// The run file as values: everything a run needs that is not data. It travels to all devices.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/error_code.hpp"
#include "devices/units.hpp"
#include "model/iterate_average.hpp"
#include "model/objective.hpp"
#include "model/partition.hpp"
#include "model/read_dataset.hpp"
#include "model/sampler.hpp"
#include "model/step_size.hpp"
#include "runtime/outer_step.hpp"
#include "transport/codec.hpp"

namespace annulet::runtime {

/// The run file is wrong. what() names file, line and key, says what is allowed.
class ConfigError : public devices::UserError {
 public:
  using UserError::UserError;
  explicit ConfigError(const std::string& sentence) : UserError(ErrorCode::run_file, sentence) {}
};

// The sections and keys are those of docs/run-file.md, which says what each does.

/// How long the run goes on, and what it gives.
struct RunSection {
  model::Step steps = 0;    // T, local steps per device, >= 1
  bool steps_given = true;  // false: something else ends the run, and steps is only a bound
  std::uint64_t seed = 1;
  std::optional<model::AverageKind> output{};  // the average that the run gives; none: "last"
  std::optional<double> average_shift = 1;     // a of linear and quadratic; none: "paper"
  // What else ends the run, where given: at most one of the targets.
  std::optional<devices::Duration> time{};    // on the starter's clock, from step 0
  std::optional<double> target_loss{};        // f of the model, at an evaluation
  std::optional<double> target_gap{};         // f - f*
  std::optional<std::uint64_t> max_memory{};  // bytes that a device may need for it
  model::Step start_step = 0;  // t at which the run begins, below steps; above 0 only with init
  bool operator==(const RunSection&) const = default;
};

/// What is minimised, and where that begins.
struct ModelSection {
  std::string kind = "logistic";      // required; the name of an entry of the catalogue
  double l2 = 0;                      // lambda >= 0
  bool l2_is_one_over_n = false;      // l2 = "1/n": known when all devices have reported their rows
  bool bias = false;                  // one constant feature more
  std::vector<std::size_t> layers{};  // widths of hidden layers; empty where the kind has none
  model::Activation activation = model::Activation::tanh;
  model::Loss loss = model::Loss::softmax;
  std::filesystem::path init{};  // a model file that the starter has; empty: Objective::start()
  bool operator==(const ModelSection&) const = default;
};

/// What all devices do to the features before they train on them.
enum class DataScale { none, standard };

/// Which rows there are, which of them a device has, and in which order it takes them.
struct DataSection {
  // May be empty: then every device brings its own with --data. Its label says which column is the
  // label in all files of the run.
  model::DataPath train;
  model::DataPath test;
  std::optional<std::size_t> features;  // p; else the largest of all devices
  DataScale scale = DataScale::none;
  model::Partition partition;
  model::Sampling sampling = model::Sampling::replacement;
  bool operator==(const DataSection&) const = default;
};

/// A local step.
struct TrainSection {
  std::size_t batch = 32;  // B, rows a step and device
  model::StepSizeOptions lr;
  bool correct_drift = false;
  double drift_rate = 1;    // how much of its new estimate V takes over, 0 < rate <= 1
  std::size_t threads = 1;  // that share a step; a sparse one (model/solver.hpp) has one
  bool operator==(const TrainSection&) const = default;
};

/// Of the doubling schedule's phases: the T that H is computed for.
enum class Horizon { start, end };

/// How many local steps a round has.
struct ScheduleSection {
  std::string kind = "doubling";  // the name of an entry of Schedules, which takes some of these:
  model::Step h = 1;              // fixed, required there; qsr; balanced: of the first rounds
  double alpha = 2;               // doubling, guarded, qsr
  model::Step t0 = 64;
  std::optional<model::Step> h_max{};
  Horizon horizon = Horizon::start;  // doubling, guarded
  std::optional<double> kappa{};     // theory; not set: of the data
  double guard = 1.5;                // guarded: the most relative drift
  double budget = 0.2;               // balanced: of the time, the most for averages
  bool operator==(const ScheduleSection&) const = default;
};

/// p_w: a device's share of the rows, or 1/W.
enum class Weights { samples, equal };

/// What a slow device does: all H steps, or those that fit into the time of the fastest.
enum class Pace { steps, time };

/// Whether a device that waits for its neighbour keeps a core busy for a moment before it sleeps.
enum class Spin { where_mains, always, never };

/// How sums travel: around the ring, or, where that is faster, to everybody at once.
enum class Exchange { ring, automatic };

/// net.streams, where the losses of each line say how many it has, and how many it may have then.
inline constexpr std::size_t kChosenStreams = 0, kMostChosenStreams = 4;
/// Words of net.congestion that are no names.
inline constexpr std::string_view kChosenCongestion = "auto", kSystemCongestion = "system";

/// What a ring is asked to measure in place of a training (runtime/ring_trial.hpp).
struct MeasureSection {
  devices::Duration hop{0};   // that bytes over each hop take at least; 0: no hop is measured
  devices::Duration time{0};  // for all-reduces of each size
  std::vector<std::int64_t> elements{};  // of the all-reduces, the largest first
  bool operator==(const MeasureSection&) const = default;
};

/// The whole run file.
struct RunConfig {
  RunSection run;
  ModelSection model;
  DataSection data;
  TrainSection train;
  ScheduleSection schedule;
  OuterOptions outer;
  Weights weights = Weights::samples;                            // round.weights
  Pace pace = Pace::steps;                                       // round.pace
  devices::Duration peer_timeout = std::chrono::seconds(5);      // net.peer_timeout, 200 ms .. 1 h
  transport::Compress compress = transport::Compress::none;      // net.compress
  bool overlap = false;                                          // net.overlap
  Exchange exchange = Exchange::ring;                            // net.exchange
  std::size_t streams = 1;                                       // net.streams, 1 .. 8, or chosen
  std::string congestion{kChosenCongestion};                     // net.congestion
  Spin spin = Spin::where_mains;                                 // net.spin
  model::Step eval_every = 0;                                    // output.eval_every; 0: at the end
  devices::Duration checkpoint_every = std::chrono::minutes(2);  // output.checkpoint_every; 0: none
  std::optional<MeasureSection> measure{};                       // of annulet net; never in a file

  bool operator==(const RunConfig&) const = default;
};

}  // namespace annulet::runtime
