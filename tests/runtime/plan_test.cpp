/// A plan says what a simulated run then counts: rounds and bytes exactly, virtual time nearly.
#include "runtime/plan.hpp"

#include <chrono>
#include <cmath>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/runtime/planned_run.hpp"
#include "tests/support/codecs.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(plan)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

/// `growing` of docs/extending.md: 1 after a round of much drift, else 1 + t/t0.
class Growing final : public SyncSchedule {
 public:
  explicit Growing(model::Step t0) : t0_(t0) {}
  [[nodiscard]] model::Step local_steps(const RoundFacts& facts) const override {
    return facts.drift > facts.delta_norm2 ? 1 : 1 + facts.t / t0_;
  }
  [[nodiscard]] std::string reason(const RoundFacts&) const override { return "it grows"; }
  [[nodiscard]] std::string name() const override { return "growing"; }

 private:
  model::Step t0_;
};

Schedules with_growing(std::vector<RoundFacts> extremes) {
  Schedules schedules = Schedules::builtin();
  schedules.add({.name = "growing",
                 .keys = {"t0"},
                 .extremes = std::move(extremes),
                 .make = [](const ScheduleSection& section, const ScheduleFacts&) {
                   return std::make_unique<Growing>(section.t0);
                 }});
  return schedules;
}

const std::string kGrowing = "kind = \"growing\", t0 = 10";

}  // namespace

// Fewer elements than devices, too: then segments are empty, but for the facts of the last.
BOOST_DATA_TEST_CASE(
    rounds_and_bytes_are_those_of_the_run,
    data::make<std::size_t>({1, 2, 3, 5, 8, 16}) *
        data::make<std::string>({"kind = \"fixed\", h = 1", "kind = \"fixed\", h = 16",
                                 "kind = \"one-shot\"", "kind = \"doubling\", alpha = 3, t0 = 10",
                                 "kind = \"theory\", kappa = 1", "kind = \"qsr\", alpha = 0.5"}) *
        data::make<std::string>({"", ", output = \"quadratic\""}) * data::make({false, true}),
    W, schedule, output, overlap) {
  auto config = config_of(schedule, "steps = 150" + output);
  config.overlap = overlap;
  const PlannedRing ring{.devices = W};
  const auto plan = plan_of(config, ring);
  const auto end = simulated(config, ring);
  BOOST_TEST(plan.exact);
  BOOST_TEST(plan.fewest.rounds == end.rounds);
  BOOST_TEST(plan.most.rounds == end.rounds);
  BOOST_TEST(plan.fewest.model_bytes == end.sent_model_bytes_per_device.value());
  BOOST_TEST(plan.every_step.model_bytes == end.baseline_bytes_per_device.value());
  BOOST_TEST(plan.every_step.rounds == 150);
}

// H = 1 stays what a run is compared with: float32.
BOOST_DATA_TEST_CASE(bytes_are_those_of_the_run_with_a_codec,
                     data::make<std::size_t>({1, 2, 3, 8, 16}) * data::make(transport::kLossy) *
                         data::make<std::string>({"", ", output = \"linear\""}) *
                         data::make<std::string>({"steps", "time"}),
                     W, codec, output, pace) {
  auto config = config_of("kind = \"doubling\", alpha = 3, t0 = 10", "steps = 150" + output);
  config.compress = codec;
  config.pace = pace == "time" ? Pace::time : Pace::steps;
  const PlannedRing ring{.devices = W};
  const auto plan = plan_of(config, ring);
  const auto end = simulated(config, ring);
  BOOST_TEST(plan.fewest.model_bytes == end.sent_model_bytes_per_device.value());
  BOOST_TEST(plan.every_step.model_bytes == end.baseline_bytes_per_device.value());
}

BOOST_DATA_TEST_CASE(bytes_are_those_of_the_run_over_a_mesh,
                     data::make<std::size_t>({1, 2, 3, 8, 16}) *
                         data::make<std::string>({"", ", output = \"linear\""}),
                     W, output) {
  auto config = config_of("kind = \"doubling\", alpha = 3, t0 = 10", "steps = 150" + output);
  config.exchange = Exchange::automatic;
  const PlannedRing ring{.devices = W};
  const auto plan = plan_of(config, ring);
  const auto end = simulated(config, ring);
  BOOST_TEST(plan.takes_mesh == (W > 1));
  BOOST_TEST(plan.fewest.model_bytes == end.sent_model_bytes_per_device.value());
  BOOST_TEST(plan.every_step.model_bytes == end.baseline_bytes_per_device.value());
}

// Another device is the last to end every round, by where in the ring the segment with the facts
// begins, and segments differ by an element: 28 bytes of some hundred, while a hop takes 2 ms. Nor
// do all devices hear at the same moment that they may begin: a hop of the first round.
BOOST_DATA_TEST_CASE(time_is_that_of_the_run_to_half_a_percent,
                     data::make<std::size_t>({1, 2, 3, 8}) *
                         data::make<std::string>({"kind = \"fixed\", h = 1",
                                                  "kind = \"doubling\", alpha = 3, t0 = 10"}) *
                         data::make<int>({0, 1, 2}) * data::make({false, true}),
                     W, schedule, line, overlap) {
  const std::vector<devices::LinkSpeed> links{{1.25e6, 2ms}, {0, 5ms}, {12.5e6, 200us}};
  auto config = config_of(schedule);
  config.overlap = overlap;
  const PlannedRing ring{
      .devices = W, .link = links.at(static_cast<std::size_t>(line)), .flops_per_second = {1e5}};
  const auto plan = plan_of(config, ring);
  const double seconds = simulated(config, ring).virtual_seconds.value();
  BOOST_TEST_MESSAGE("planned " << plan.fewest.seconds() << " s, simulated " << seconds << " s");
  BOOST_TEST(plan.fewest.seconds() == seconds, boost::test_tools::tolerance(0.005));
}

// Segments of 33 kB and more, so that bytes are what takes the time.
BOOST_DATA_TEST_CASE(time_is_that_of_the_run_with_a_codec,
                     data::make<std::size_t>({2, 3, 8}) *
                         data::make({transport::Compress::f16, transport::Compress::q4}),
                     W, compress) {
  auto config = config_of("kind = \"fixed\", h = 5", "steps = 10");
  config.data.features = 530'000;
  config.compress = compress;
  const PlannedRing ring{.devices = W, .link = {1.25e6, 2ms}, .flops_per_second = {1e9}};
  const auto options = objective_options(config.model, {530'000, 2, 60});
  const auto objective = model::make_objective<float>(options);
  const auto plan = make_plan({config, *objective, options, 60}, ring);
  const double seconds = simulated(config, ring).virtual_seconds.value();
  BOOST_TEST(plan.fewest.seconds() == seconds, boost::test_tools::tolerance(0.005));
}

BOOST_AUTO_TEST_CASE(an_average_takes_its_hops) {
  // 100,000 floats over 4 devices: segments of 100,000 bytes and a checksum, 0.8 s at 1 Mbit/s.
  const devices::LinkSpeed slow{125e3, 10ms};
  const double s = 100'008 / 125e3, header = 48 / 125e3;
  BOOST_TEST(average_seconds(4, 400'000, slow) == header + 6 * s + 0.01,
             boost::test_tools::tolerance(1e-12));
  // Short segments leave as one.
  const double short_s = 4'008 / 125e3;
  BOOST_TEST(average_seconds(4, 16'000, slow) == header + 6 * (short_s + 0.01),
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(average_seconds(4, 16'000, {0, 10ms}) == 0.06, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(average_seconds(1, 16'000, slow) == 0.0);
}

// Steps of 16 and averages that take 0.5 to 3 times as long, boards that are not alike.
BOOST_DATA_TEST_CASE(so_it_is_where_averages_are_made_beside_the_steps,
                     data::make({0.5, 1.0, 3.0}) * data::make<std::string>({"steps", "time"}),
                     ratio, pace) {
  auto config = config_of("kind = \"fixed\", h = 16", "steps = 800");
  config.overlap = true;
  config.pace = pace == "time" ? Pace::time : Pace::steps;
  PlannedRing ring{.devices = 4, .link = {0, 5ms}, .flops_per_second = {1, 0.25, 1}};
  const double round_s = 16 * plan_of(config, ring).step_s[pace == "time" ? 0 : 1];
  for (double& rate : ring.flops_per_second) rate *= round_s / (0.03 / ratio);
  const auto plan = plan_of(config, ring);
  const double seconds = simulated(config, ring).virtual_seconds.value();
  BOOST_TEST_MESSAGE("planned " << plan.fewest.seconds() << " s, simulated " << seconds << " s");
  if (pace == "steps") {
    BOOST_TEST(plan.fewest.seconds() == seconds, boost::test_tools::tolerance(0.005));
    const double longer = std::max(plan.fewest.compute_s, plan.fewest.average_s);
    BOOST_TEST(plan.fewest.seconds() == longer, boost::test_tools::tolerance(0.05));
  } else {
    // In the first rounds fast devices begin an average while the slow one still steps.
    BOOST_TEST(std::abs(plan.fewest.seconds() - seconds) <= plan.average_s);
  }
}

BOOST_DATA_TEST_CASE(guarded_ends_within_its_bounds,
                     data::make<std::size_t>({2, 5}) *
                         data::make<std::string>({"0.001", "0.9", "1.1", "1.5", "1e9"}) *
                         data::make({false, true}),
                     W, guard, overlap) {
  auto config = config_of("kind = \"guarded\", alpha = 8, t0 = 10, guard = " + guard);
  config.overlap = overlap;
  const PlannedRing ring{.devices = W};
  const auto plan = plan_of(config, ring);
  const auto end = simulated(config, ring);
  BOOST_TEST(!plan.exact);
  BOOST_TEST(plan.fewest.rounds < plan.most.rounds);
  BOOST_TEST(plan.fewest.rounds <= end.rounds);
  BOOST_TEST(end.rounds <= plan.most.rounds);
  BOOST_TEST(plan.fewest.model_bytes <= end.sent_model_bytes_per_device.value());
  BOOST_TEST(end.sent_model_bytes_per_device.value() <= plan.most.model_bytes);
  // Mini-batches always differ a little, and never that much: both bounds are met.
  if (guard == "0.001") BOOST_TEST(end.rounds == plan.most.rounds);
  if (guard == "1e9") BOOST_TEST(end.rounds == plan.fewest.rounds);
}

BOOST_AUTO_TEST_CASE(one_device_does_not_drift) {
  const auto schedules = with_growing({{.drift = 1}, {.delta_norm2 = 1}});
  const auto config = config_of(kGrowing, "steps = 150", schedules);
  const auto plan = plan_of(config, {.devices = 1}, schedules);
  BOOST_TEST(plan.exact);
  BOOST_TEST(plan.fewest.rounds == simulated(config, {.devices = 1}, schedules).rounds);
}

BOOST_AUTO_TEST_CASE(a_schedule_of_ones_own_is_bounded_by_its_extremes) {
  const auto schedules = with_growing({{.drift = 1}, {.delta_norm2 = 1}});
  const auto config = config_of(kGrowing, "steps = 150", schedules);
  const PlannedRing ring{.devices = 3};
  const auto plan = plan_of(config, ring, schedules);
  BOOST_TEST(!plan.exact);
  BOOST_TEST(plan.most.rounds == 150);
  // t = 0, 1 .. 10: H = 1; then 2 up to 20, 3 up to 30, and so on.
  BOOST_TEST(plan.fewest.rounds == 34);
  const auto end = simulated(config, ring, schedules);
  BOOST_TEST(plan.fewest.rounds <= end.rounds);
  BOOST_TEST(end.rounds <= plan.most.rounds);
}

BOOST_AUTO_TEST_CASE(one_that_hides_what_it_depends_on_is_bounded_by_one_round_and_all_steps) {
  const auto schedules = with_growing({});
  const auto plan =
      plan_of(config_of(kGrowing, "steps = 150", schedules), {.devices = 3}, schedules);
  BOOST_TEST(!plan.exact);
  BOOST_TEST(plan.fewest.rounds == 1);
  BOOST_TEST(plan.fewest.most_h == 150);
  BOOST_TEST(plan.most.rounds == 150);
}

BOOST_AUTO_TEST_CASE(theory_needs_an_l) {
  const auto config = config_of("kind = \"theory\"", "steps = 100000");
  const PlannedRing ring{.devices = 5};
  // kappa = 25, B W = 20: H* = sqrt(200) = 14.1
  const auto plan = plan_of(config, ring, Schedules::builtin(), 0.25);
  BOOST_TEST(plan.schedule == "theory(kappa=25)");
  BOOST_TEST(plan.fewest.rounds == 7143);
  BOOST_REQUIRE(plan.theory.has_value());
  BOOST_TEST(plan.theory->kappa == 25.0);
  BOOST_TEST(plan.theory->h.value() == std::sqrt(200.0));
  BOOST_TEST(plan.theory->cost.first_h == 14);
  BOOST_TEST(plan.theory->cost.rounds == plan.fewest.rounds);
  BOOST_TEST(plan.theory->steps_for_two == 2000);
  BOOST_CHECK_THROW(static_cast<void>(plan_of(config, ring)), std::logic_error);
  // Another schedule only lacks what the theory says.
  BOOST_TEST(!plan_of(config_of("kind = \"one-shot\""), ring).theory.has_value());
}

BOOST_AUTO_TEST_CASE(a_run_without_steps_is_planned_for_its_first_thousand) {
  const auto config = config_of("kind = \"doubling\"", "time = \"10m\"");
  const auto plan = plan_of(config, {.devices = 2}, Schedules::builtin(), 0.25);
  BOOST_TEST(plan.is_part);
  BOOST_TEST(plan.begin == 0);
  BOOST_TEST(plan.end == 1000);
  BOOST_TEST(plan.every_step.rounds == 1000);
  BOOST_TEST(!plan.theory->h.has_value());
  BOOST_TEST(plan.theory->steps_for_two == 800);
  const auto short_run = config_of("kind = \"doubling\"", "time = \"10m\", steps = 300");
  BOOST_TEST(!plan_of(short_run, {.devices = 2}).is_part);
  BOOST_TEST(plan_of(short_run, {.devices = 2}).end == 300);
}

BOOST_AUTO_TEST_CASE(a_run_that_goes_on_from_a_step_is_planned_from_there) {
  auto config = config_of("kind = \"doubling\", alpha = 3, t0 = 10");
  config.run.start_step = 80;
  const auto plan = plan_of(config, {.devices = 2});
  BOOST_TEST(plan.every_step.rounds == 70);
  BOOST_TEST(plan.fewest.first_h == 9);  // 3 sqrt(80/8)
  BOOST_TEST(plan.fewest.rounds == 8);   // 70 steps in nines
  config.run.time = 10min;
  config.run.steps_given = false;
  config.run.steps = kPlannedSteps;  // that of start_step + 1,000 which comes first
  BOOST_TEST(plan_of(config, {.devices = 2}).end == kPlannedSteps);
}

BOOST_AUTO_TEST_CASE(rounds_without_number_are_not_counted) {
  const auto config = config_of("kind = \"fixed\", h = 2", "steps = 1000000000000");
  const auto is_said = [](const ConfigError& error) {
    return std::string(error.what()) ==
           "run.steps: 1,000,000,000,000 steps would take more than 10,000,000 rounds, which a "
           "plan counts one by one: plan fewer, such as --set run.steps=10000000";
  };
  BOOST_CHECK_EXCEPTION(static_cast<void>(plan_of(config, {.devices = 2})), ConfigError, is_said);
  const auto long_rounds = config_of("kind = \"one-shot\"", "steps = 1000000000000");
  BOOST_TEST(plan_of(long_rounds, {.devices = 2}).fewest.rounds == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
