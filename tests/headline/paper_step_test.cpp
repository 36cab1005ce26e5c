/// The paper's claim, free of tuning: at its own step size 64 local steps cost no more steps
/// than 1.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "devices/processor.hpp"
#include "model/random.hpp"
#include "model/read_dataset.hpp"
#include "model/solver.hpp"
#include "runtime/averaged_model.hpp"
#include "runtime/evaluation.hpp"
#include "runtime/local_sgd.hpp"
#include "runtime/model_hash.hpp"
#include "runtime/ring_laws.hpp"
#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/data_folder.hpp"
#include "tests/support/sim_rings.hpp"

namespace annulet::tests {
namespace {

using boost::unit_test::precondition;
using model::Step;

constexpr std::size_t kDevices = 8;
constexpr double kLeastValue = 0.126180686510513;  // f*
constexpr double kTarget = 0.005;                  // eps
constexpr Step kHorizon = 60000;                   // far beyond all that is expected
constexpr const char* kPaperStep = R"({kind="paper"})";

/// The paper's experiment: w8a, l2 = 1/n, B = 4, i.i.d. draws from all rows on every device.
runtime::RunConfig experiment(Step h, int seed, const std::string& lr, Step steps = kHorizon) {
  const std::string text = "[run]\nsteps = " + std::to_string(steps) +
                           "\nseed = " + std::to_string(seed) +
                           "\n[model]\nkind = \"logistic\"\nl2 = \"1/n\"\n[data]\ntrain = \"" +
                           (data_folder() / "w8a.xz").string() +
                           "\"\nfeatures = 300\npartition = \"all\"\nsampling = "
                           "\"replacement\"\n[train]\nbatch = 4\nlr = " +
                           lr + "\n[schedule]\nkind = \"fixed\"\nh = " + std::to_string(h) + "\n";
  return runtime::parse_run_file(text, "headline.toml", "/", {});
}

const std::shared_ptr<const model::Dataset>& w8a() {
  static const auto data = std::make_shared<const model::Dataset>(
      model::read_dataset({.file = data_folder() / "w8a.xz"}));
  return data;
}

const model::Shard& all_rows() {
  static const model::Shard shard = whole(w8a(), model::LabelUse::binary);
  return shard;
}

model::ObjectiveOptions problem() {
  model::ObjectiveOptions options;
  options.features = 300;
  options.l2 = 1.0 / static_cast<double>(all_rows().size());
  return options;
}

/// A device of the ring, of the parts that the program makes it of, with three averages at once.
class Device {
 public:
  Device(devices::World& world, transport::Ring& ring, const runtime::RunConfig& config)
      : world_(world),
        ring_(ring),
        config_(config),
        objective_(model::make_objective<float>(options_)),
        solver_(model::make_solver<float>(
            options_, {*objective_, all_rows()},
            model::Sampler(config.data.sampling, all_rows().size(), config.train.batch,
                           model::derive_seed(config.run.seed, ring.place().rank, 1)))) {
    state_.x.assign(objective_->dimension(), 0.0F);
    state_.hash = runtime::hash_of(state_.x);
    for (const auto kind :
         {model::AverageKind::uniform, model::AverageKind::linear, model::AverageKind::quadratic}) {
      state_.averages.push_back({.weights = {kind, 1}});
    }
  }

  /// T: the first step of the grid at which the last iterate or an average is within eps. The grid
  /// has averages of the devices only, and grows by 10 %, 5 % and 2 % as the gap closes.
  asio::awaitable<Step> steps_to_target() {
    double gap = 1;
    while (gap > kTarget && state_.t < kHorizon) {
      const double growth = gap > 4 * kTarget ? 1.1 : gap > 1.5 * kTarget ? 1.05 : 1.02;
      co_await train_to(static_cast<Step>(std::ceil(static_cast<double>(state_.t) * growth)));
      gap = co_await best_value() - kLeastValue;
    }
    co_return state_.t;
  }

  /// At least one round.
  asio::awaitable<void> train_to(Step t) {
    co_await agree_on_laws();
    runtime::LocalSgd loop{.clock = world_,
                           .processor = processor_,
                           .ring = ring_,
                           .solver = *solver_,
                           .eta = *laws_.eta,
                           .schedule = *laws_.schedule,
                           .rules = {.share = kShare},
                           .horizon = kHorizon,
                           .epoch = 1,
                           .stop_computing = {},
                           .request = [] { return 0U; },
                           .operations = operations_};
    do {
      runtime::RoundRecord record;
      co_await runtime::take_round(loop, state_, record);
    } while (state_.t < t);
  }

  [[nodiscard]] std::uint64_t hash() const { return state_.hash; }

 private:
  static constexpr double kShare = 1.0 / kDevices;
  static constexpr devices::TimePoint kNever{std::chrono::hours(24 * 365)};

  asio::awaitable<void> agree_on_laws() {
    if (laws_.eta) co_return;
    const auto inputs = law_inputs();
    laws_ = co_await runtime::make_laws(inputs, {});
  }

  /// Of the last iterate and the averages. The same bits on all devices, so that they go on or
  /// stop together.
  asio::awaitable<double> best_value() {
    double best = co_await value(state_.x);
    for (const auto& average : state_.averages) {
      const runtime::AveragedModelInputs inputs{processor_, ring_, state_.x, average, kShare};
      const auto x = co_await runtime::averaged_model(inputs, operation(), kNever);
      const double of_average = co_await value(x);
      best = std::min(best, of_average);
    }
    co_return best;
  }

  asio::awaitable<double> value(std::span<const float> x) {
    const runtime::EvaluationInputs inputs{
        processor_, ring_, *objective_, options_.l2, model::LabelUse::binary, my_part(), nullptr};
    const auto values = co_await runtime::evaluate_model(inputs, x, operation(), kNever, {});
    co_return values.objective;
  }

  [[nodiscard]] runtime::ShardPart my_part() const {
    const std::size_t n = all_rows().size();
    const std::size_t r = ring_.place().rank;
    return {all_rows(), n * r / kDevices, n * (r + 1) / kDevices};
  }

  transport::Operation operation() { return {1, operations_++, state_.hash, false}; }

  runtime::LawInputs law_inputs() {
    return {processor_,
            ring_,
            config_,
            runtime::Schedules::builtin(),
            *objective_,
            options_,
            my_part(),
            all_rows().size(),
            [this] { return operation(); },
            [] { return kNever; }};
  }

  devices::World& world_;
  devices::VirtualProcessor processor_{world_, 1e9};
  transport::Ring& ring_;
  const runtime::RunConfig& config_;
  model::ObjectiveOptions options_ = problem();
  std::unique_ptr<model::Objective<float>> objective_;
  std::unique_ptr<model::LocalSolver<float>> solver_;
  runtime::Laws laws_;
  runtime::State state_;
  std::uint64_t operations_ = 0;
};

/// T on a ring of eight.
Step steps_to_target(const runtime::RunConfig& config) {
  SimRings rings(kDevices);
  std::array<Step, kDevices> steps{};
  rings.on_all([&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
    Device device(rings.world(), ring, config);
    steps[rank] = co_await device.steps_to_target();
  });
  for (const Step t : steps) BOOST_TEST(t == steps[0]);
  BOOST_TEST(steps[0] < kHorizon, "the target was not reached");
  return steps[0];
}

/// T(H = 64) / T(H = 1), from the means over the seeds.
double cost_of_local_steps(const std::string& lr, int seeds) {
  double alone = 0, together = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const Step t1 = steps_to_target(experiment(1, seed, lr));
    const Step t64 = steps_to_target(experiment(64, seed, lr));
    BOOST_TEST_MESSAGE("seed " << seed << ": T(H=1) " << t1 << ", T(H=64) " << t64);
    alone += static_cast<double>(t1) / seeds;
    together += static_cast<double>(t64) / seeds;
  }
  BOOST_TEST_MESSAGE("mean: T(H=1) " << alone << ", T(H=64) " << together << ", ratio "
                                     << together / alone);
  return together / alone;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(paper_step, *precondition(have_data("w8a.xz")))

// What is measured below is what the program does.
BOOST_AUTO_TEST_CASE(a_device_here_trains_as_in_a_session) {
  const auto config = experiment(16, 1, kPaperStep, 64);
  SimRings rings(kDevices);
  std::array<std::uint64_t, kDevices> hashes{};
  rings.on_all([&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
    Device device(rings.world(), ring, config);
    co_await device.train_to(64);
    hashes[rank] = device.hash();
  });
  runtime::SharedData data;
  runtime::Observer nobody;
  runtime::Simulation simulation;
  simulation.devices = kDevices;
  const auto end = runtime::simulate(config, simulation, data, nobody);
  for (const auto hash : hashes) BOOST_TEST(hash == end.model_hash.value_or(0));
}

// 64 times fewer rounds for the same T. Bounds: the acceptance figure; an independent float64
// simulator found 20,354 and 20,416 (means of three seeds). The grid's own step is 2 %.
BOOST_AUTO_TEST_CASE(sixty_four_local_steps_cost_no_more_than_one) {
  const double ratio = cost_of_local_steps(kPaperStep, 3);
  BOOST_TEST(ratio >= 0.94);
  BOOST_TEST(ratio <= 1.06);
}

// It is the step size that makes them free: at ten times the paper's they are not.
BOOST_AUTO_TEST_CASE(at_ten_times_the_step_they_cost_more) {
  BOOST_TEST(cost_of_local_steps(R"({kind="paper", a=52632})", 3) > 1.06);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
