/// Whole rounds of a run, timed: one process a rank, for what of their time protects them.
///
///   PEERS=IP0,... round_bench RANK WORLD PARAMETERS ROUNDS FOLDER
///
/// Rank 0 starts a run at IP0 (127.0.0.1 without PEERS) that the others join: logistic regression
/// on two rows with three numbers each, one local step a round, so that a round is what surrounds
/// the steps. Each writes a run's results into FOLDER/RANK. Rank 0 prints the row that
/// benchmarks/harness/harness.hpp describes, of the time from the end of a round to the end of the
/// next one, without the first two. Exit codes: 0; 1 what went wrong is said.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/harness/harness.hpp"
#include "benchmarks/monotonic.hpp"
#include "runtime/artefacts.hpp"
#include "runtime/data_source.hpp"
#include "runtime/observers.hpp"
#include "runtime/run_config.hpp"
#include "runtime/wall_time.hpp"
#include "runtime/wiring.hpp"

namespace annulet::benchmarks {
namespace {

constexpr std::int64_t kWarmRounds = 2;  // in which vectors are made
constexpr std::uint16_t kPort = 17169;
constexpr const char* kRows = "/two rows";  // stands for a file

struct Options {
  Subject subject{.program = "annulet", .algorithm = "round"};
  std::size_t parameters = 0;
  std::int64_t rounds = 0;
  std::filesystem::path folder;
  transport::Endpoint starter{"127.0.0.1", kPort};
};

Options options_of(std::span<char*> words) {
  if (words.size() != 6) {
    throw std::invalid_argument("usage: round_bench RANK WORLD PARAMETERS ROUNDS FOLDER");
  }
  Options options;
  options.subject.rank = number_of("RANK", words[1]);
  options.subject.world = number_of("WORLD", words[2]);
  options.parameters = number_of("PARAMETERS", words[3]);
  options.rounds = static_cast<std::int64_t>(number_of("ROUNDS", words[4]));
  options.folder = std::filesystem::path(words[5]) / words[1];
  if (options.rounds <= kWarmRounds) throw std::invalid_argument("ROUNDS: 3 at least");
  const auto peers = words_of(setting("PEERS"));
  if (!peers.empty()) options.starter.host = peers.front();
  return options;
}

model::Dataset two_rows() {
  return model::Dataset::sparse({0, 3, 6}, {0, 1, 2, 0, 1, 2}, {1, 0, 0.5F, 0, 1, 0.25F}, {1, -1},
                                3);
}

runtime::RunConfig config_of(const Options& options) {
  runtime::RunConfig config;
  config.run.steps = options.rounds;
  config.model.kind = "logistic";
  config.data.train.file = kRows;
  config.data.features = options.parameters;
  config.data.partition.kind = model::PartitionKind::all;
  config.train.batch = 1;
  config.schedule.kind = "fixed";
  config.checkpoint_every = std::chrono::seconds(0);
  return config;
}

/// When rounds end, and what they take of the processor.
class Stopwatch final : public runtime::Observer {
 public:
  void round_done(const runtime::RoundDone& event, std::span<const float> /*x*/) override {
    const auto now = monotonic();
    const auto used = used_so_far();
    if (event.round > kWarmRounds) {
      timing_.times_us.push_back(microseconds(now - last_));
      timing_.add_used(used_, used);
    }
    last_ = now;
    used_ = used;
  }
  [[nodiscard]] Timing take() { return std::move(timing_); }

 private:
  Timing timing_;
  Nanoseconds last_{};
  Used used_;
};

runtime::RunFinished take_part(const Options& options, runtime::Observer& observer) {
  const auto data = std::make_shared<runtime::SharedData>();
  model::DataPath path;
  path.file = kRows;
  data->put(path, two_rows());
  runtime::RealDevice device;
  device.data = data;
  device.session.name = "rank-" + std::to_string(options.subject.rank);
  if (options.subject.rank > 0) {
    return runtime::join_run(device, {.starter = options.starter}, observer);
  }
  const runtime::StartOptions start{.devices = options.subject.world,
                                    .wait = std::chrono::seconds(30)};
  return runtime::start_run(device, config_of(options), start, options.starter, observer, {});
}

void bench(std::span<char*> words) {
  const auto options = options_of(words);
  runtime::Artefacts artefacts(options.folder, runtime::utc_now);
  Stopwatch stopwatch;
  runtime::Observers observers;
  observers.add(artefacts);
  observers.add(stopwatch);
  const auto end = take_part(options, observers);
  if (end.exit_code != 0) throw std::runtime_error(end.exit_reason);
  if (!artefacts.problem().empty()) throw std::runtime_error(artefacts.problem());
  if (options.subject.rank > 0) return;
  print_row(options.subject, options.parameters * sizeof(float), stopwatch.take(), true);
}

}  // namespace
}  // namespace annulet::benchmarks

int main(int count, char** words) {
  return annulet::benchmarks::exit_code_of("round_bench", [&] {
    annulet::benchmarks::bench({words, static_cast<std::size_t>(count)});
  });
}
