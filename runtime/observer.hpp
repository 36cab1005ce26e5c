/// What a run tells those who watch it: typed events; nobody below the program prints anything.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "devices/error_code.hpp"
#include "model/dataset.hpp"
#include "model/label_choice.hpp"
#include "model/label_map.hpp"
#include "model/types.hpp"

namespace annulet::runtime {

/// Known when the ring stands, before step 0.
struct RunStarted {
  std::string run_id;
  std::string device;                // this device's name
  std::vector<std::string> devices;  // in ring order; [0] started the run
  std::size_t rank = 0;
  std::string exchange;              // "mesh" or "ring", where net.exchange left it open; else ""
  std::size_t dimension = 0;         // d
  std::uint64_t features = 0;        // columns of the data
  bool bias = false;                 // has the model one constant feature more?
  std::vector<std::string> columns;  // names of the features, where this device's data have them
  model::LabelChoice label;  // which column or output is the label; the words of the classes
  model::DataFormat format = model::DataFormat::libsvm;  // of this device's training data
  std::vector<float> labels;  // labels[i] is what the files call class i; none: no classes
  model::LabelUse label_use = model::LabelUse::none;
  std::uint64_t rows = 0;         // n over all devices
  std::uint64_t shard_rows = 0;   // this device's
  model::Step steps = 0;          // T, or a bound where only other things end the run
  model::Step start_step = 0;     // t at which the run begins
  std::string ends;               // what can end the run: "800 steps", "f <= 0.35 or 10m"
  bool steps_given = true;        // false: steps is such a bound
  std::optional<double> seconds;  // run.time
  std::shared_ptr<const model::Scale> scale;  // of the features; null: none
  std::string model;                          // "softmax", ...
  // Of layered models, as in the run file; else empty.
  std::vector<std::size_t> layers;
  std::string activation, loss;
  std::string schedule;          // "doubling(alpha=2, t0=64)", ...
  std::string config_toml;       // the run file as used
  std::string clock;             // "real" or "virtual"
  std::int64_t resumed = 0;      // the round of the checkpoint that the run goes on from; 0: none
  model::Step resumed_step = 0;  // the steps it had taken
  bool cut = false;              // and whether run.steps had cut its last round short
};

/// What this device saw of its line to the next one, and how it sends from then on. With
/// net.streams = "auto" when the run begins; and whenever congestion control was to be another.
struct LineChosen {
  std::uint64_t segments = 0, lost = 0;  // with data, and those of them that were sent anew
  double round_trip_s = 0;               // the quickest
  std::size_t streams = 1;               // connections in use
  std::string congestion{};  // "bbr", or "refused" where the kernel does; else as it was
};

/// After every committed round. Cumulative figures count from step 0 on this device.
struct RoundDone {
  std::int64_t round = 0;     // 1-based
  model::Step step = 0;       // t after the round
  model::Step h = 0;          // local steps of this round
  model::Step own_steps = 0;  // of them, those that this device took; 0: it missed the round
  // And those of every device, in ring order; empty where all took h.
  std::vector<model::Step> all_steps{};
  // sum_w p_w (mean mini-batch loss of the round), without l2; where all missed the round, that of
  // the round before, NaN before the first.
  double loss = 0;
  double drift = 0;        // sum_w p_w |D_w|^2 - |D|^2
  double delta_norm2 = 0;  // |D|^2
  double seconds = 0;      // since step 0 on this device's clock, without evaluations
  double compute_s = 0;    // of this round: local steps
  // Of this round, but for what went on beside the next round's steps (net.overlap):
  double wait_s = 0;                 // for the neighbour's first byte
  double average_s = 0;              // the rest of the all-reduce
  std::uint64_t model_bytes = 0;     // sent, cumulative: elements and facts
  std::uint64_t sent_bytes = 0;      // sent, cumulative: everything
  std::uint64_t baseline_bytes = 0;  // what H = 1 would have sent as model bytes by now
  std::uint64_t model_hash = 0;      // XXH3-64 of the parameters after the round
  std::string reason;                // why the schedule chose h, when that changed; else empty
};

/// Values over all shards and over the test set.
struct Evaluated {
  std::int64_t round = 0;
  model::Step step = 0;
  double seconds = 0;
  std::uint64_t sent_bytes = 0;
  double objective = 0;                 // f over the union of the shards, with l2
  std::optional<double> gap;            // f - f*, where f* is known
  std::optional<double> test_loss;      // mean loss, without l2
  std::optional<double> test_accuracy;  // 0..1
  std::optional<double> test_auc;       // of two classes that are both there
  std::optional<double> test_r2;        // values only; none where all of them are equal
};

/// The search for f*, step by step. Before step 0 or after the end; on the starter only.
struct SearchStep {
  int iterations = 0;
  double f = 0;              // at x, as good as it is by now
  double gradient_norm = 0;  // |grad f(x)|
  int products = 0;          // with the Hessian so far, towards the next step
};

/// What came of it.
struct OptimumKnown {
  std::optional<double> f_star{};
  double norm = 0;  // |x*|
  double gradient_norm = 0;
  bool converged = true;  // |grad f| <= 1e-9; else f* is what rounding in double lets be found
  int iterations = 0;
  std::string problem{};  // why there is no f*
};

/// A checkpoint was written, or could not be.
struct Checkpointed {
  std::int64_t round = 0;
  model::Step step = 0;
  std::uint64_t bytes = 0;
  double seconds = 0;       // that writing took
  std::int64_t newest = 0;  // the round of the newest one that there is now; 0: none
  std::string problem;      // why it could not be written; else empty
};

/// Of a ring that is only measured: the hop from a device to the next one.
struct HopMeasured {
  double round_trip_s = 0, least_s = 0;  // of small messages there and back: median, quickest
  double delay_s = 0;                    // one way
  double bytes_per_second = 0;           // 0: too high to be seen
};

/// All-reduces of one size, as this device saw them.
struct SumsMeasured {
  std::int64_t elements = 0;
  bool over_mesh = false;
  std::uint64_t repetitions = 0;  // 0: one would have taken too long
  double median_s = 0, p10_s = 0, p90_s = 0;
};

/// What is known of such a ring by now: hops in ring order, then sizes, the largest first.
struct RingMeasured {
  std::vector<std::string> devices;  // in ring order; [0] asked for it
  std::vector<HopMeasured> hops;     // [r]: from devices[r] to the next
  std::vector<SumsMeasured> sums;
};

/// A device has gone, which ends the run on all.
struct DeviceLost {
  std::string device;
  std::string reason;  // "connection reset", "silent for 5.0 s", "left", ...
  devices::ErrorCode error = devices::ErrorCode::connection_lost;
  std::int64_t round = 0;  // the last round this device committed
  double seconds = 0;
};

/// How the run ended. The --json object is made of this.
struct RunFinished {
  int exit_code = 0;
  std::string exit_reason;  // "done", "interrupted", "device lost: pi-3: connection reset", ...
  std::optional<devices::ErrorCode> error;  // nullopt: done, or interrupted by the user
  std::size_t workers = 0;
  std::size_t measured = 0;    // devices of a ring that was only measured
  model::Step steps = 0;       // t at the end
  model::Step start_step = 0;  // t at the beginning
  std::int64_t rounds = 0;
  std::uint64_t seed = 0;
  std::optional<double> objective, objective_start, parameters_norm;
  std::optional<double> f_star, gap;   // the least value of f, and how far above it f is
  std::optional<bool> target_reached;  // with run.target_loss or run.target_gap
  std::optional<double> test_accuracy, test_auc, test_r2, test_loss;
  std::optional<std::uint64_t> model_hash;
  std::string output = "last";    // what the model is: the last iterate, or "quadratic", ...
  std::string compress = "none";  // how the deltas travelled: net.compress
  // Means over the devices.
  std::optional<double> sent_model_bytes_per_device, sent_bytes_per_device,
      baseline_bytes_per_device;
  std::optional<double> seconds, virtual_seconds;
  std::optional<std::uint64_t> peak_rss_bytes;
  std::optional<std::string> lost_device;
};

/// Called on the device's own thread, between two waits: what takes long here delays heartbeats
/// and, as all devices wait for the slowest, the ring. Must not throw. x: (d), valid
/// during the call only.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void started(const RunStarted&) {}
  virtual void line_chosen(const LineChosen&) {}
  virtual void round_done(const RoundDone&, std::span<const float> /*x*/) {}
  virtual void evaluated(const Evaluated&) {}
  virtual void searched(const SearchStep&) {}
  virtual void optimum(const OptimumKnown&) {}
  /// A checkpoint is about to be written: what was told until now must not be younger than it.
  virtual void checkpointing() {}
  /// Of a simulation, when the last device's part is there: of the end's, that may be after
  /// finished().
  virtual void checkpointed(const Checkpointed&) {}
  /// Of a ring that is only measured: when it stands, and whenever more is known.
  virtual void measured(const RingMeasured&) {}
  virtual void device_lost(const DeviceLost&) {}
  /// The last event but those of a search for f* after the end, and that checkpoint. x is the model
  /// of the last finished round, or the average of the iterates up to it (run.output); empty when
  /// none was finished.
  virtual void finished(const RunFinished&, std::span<const float> /*x*/) {}
};

}  // namespace annulet::runtime
