/// Schedules: round counts equal the closed form exactly.
#include "runtime/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(schedule)

namespace {

namespace data = boost::unit_test::data;

struct Count {
  std::size_t workers, batch;
  double alpha;
  model::Step steps;
  std::int64_t rounds;
};
std::ostream& operator<<(std::ostream& out, const Count& c) {
  return out << "W=" << c.workers << " B=" << c.batch << " alpha=" << c.alpha << " T=" << c.steps;
}

std::unique_ptr<SyncSchedule> doubling(const Count& count) {
  ScheduleSection section;
  section.alpha = count.alpha;
  return make_schedule(section, {count.batch, count.workers});
}

std::unique_ptr<SyncSchedule> fixed(model::Step h) {
  return make_schedule({.kind = "fixed", .h = h}, {});
}

const std::vector<Count> kCounts{{8, 4, 2, 2608, 341}, {4, 32, 16, 800, 41}, {4, 32, 8, 800, 84}};

/// Rounds that a schedule takes for T steps, when it depends on t alone.
std::int64_t count_rounds(const SyncSchedule& schedule, model::Step steps) {
  std::int64_t rounds = 0;
  RoundFacts facts;
  while (facts.t < steps) {
    facts.t += std::min(schedule.local_steps(facts), steps - facts.t);
    ++rounds;
  }
  return rounds;
}

}  // namespace

BOOST_DATA_TEST_CASE(doubling_takes_the_rounds_of_the_closed_form, data::make(kCounts), count) {
  BOOST_TEST(count_rounds(*doubling(count), count.steps) == count.rounds);
}

// The closed form: the sum over phases of ceil(length / H).
BOOST_DATA_TEST_CASE(doubling_equals_the_sum_over_phases,
                     data::make({0.25, 1.0, 2.0, 7.5}) *
                         data::make({1, 63, 64, 65, 127, 128, 5000, 100000}),
                     alpha, steps) {
  constexpr model::Step kFirst = 64;
  std::int64_t rounds = 0;
  for (model::Step begin = 0; begin < steps;) {
    const model::Step horizon = std::max(begin, kFirst);
    const model::Step end = std::min<model::Step>(steps, begin == 0 ? kFirst : 2 * begin);
    const auto h = std::max<model::Step>(
        1, static_cast<model::Step>(alpha * std::sqrt(static_cast<double>(horizon) / 32)));
    rounds += (end - begin + h - 1) / h;
    begin = end;
  }
  BOOST_TEST(count_rounds(*doubling({8, 4, alpha, steps, 0}), steps) == rounds);
}

BOOST_AUTO_TEST_CASE(doubling_never_passes_h_max_or_the_end_of_a_phase) {
  ScheduleSection section;
  section.alpha = 50;
  section.h_max = 100;
  const auto schedule = make_schedule(section, {4, 8});
  for (model::Step t = 0; t < 2000; ++t) {
    RoundFacts facts;
    facts.t = t;
    const model::Step h = schedule->local_steps(facts);
    BOOST_TEST((h >= 1 && h <= 100));
    for (model::Step end = 64; end < 4000; end *= 2) BOOST_TEST((t >= end || t + h <= end));
  }
}

BOOST_AUTO_TEST_CASE(fixed_and_one_shot_count_as_their_names_say) {
  BOOST_TEST(count_rounds(*fixed(1), 800) == 800);
  BOOST_TEST(count_rounds(*fixed(16), 160) == 10);
  BOOST_TEST(count_rounds(*fixed(16), 161) == 11);
  BOOST_TEST(count_rounds(*make_schedule({.kind = "one-shot"}, {}), 12345) == 1);
}

// The horizon at the end of a phase is twice that at its start: sqrt(2) times as many steps.
BOOST_DATA_TEST_CASE(doubling_may_take_the_horizon_at_the_end_of_a_phase,
                     data::make({0.25, 1.0, 2.0, 7.5}) * data::make({64, 127, 5000, 100000}), alpha,
                     steps) {
  constexpr model::Step kFirst = 64;
  std::int64_t rounds = 0;
  for (model::Step begin = 0; begin < steps;) {
    const model::Step whole = begin == 0 ? kFirst : 2 * begin;
    const model::Step end = std::min<model::Step>(steps, whole);
    const auto h = std::max<model::Step>(
        1, static_cast<model::Step>(alpha * std::sqrt(static_cast<double>(whole) / 32)));
    rounds += (end - begin + h - 1) / h;
    begin = end;
  }
  const auto schedule = make_schedule({.alpha = alpha, .horizon = Horizon::end}, {4, 8});
  BOOST_TEST(count_rounds(*schedule, steps) == rounds);
}

// T = 4 kappa B W is where H becomes 2.
BOOST_AUTO_TEST_CASE(theory_is_the_largest_h_that_the_theorem_admits) {
  const auto h = [](double kappa, model::Step steps) {
    const ScheduleFacts facts{.batch = 4, .workers = 8, .steps = steps};
    return make_schedule({.kind = "theory", .kappa = kappa}, facts)->local_steps({});
  };
  BOOST_TEST(h(100, 1) == 1);
  BOOST_TEST(h(100, 4 * 100 * 32 - 1) == 1);
  BOOST_TEST(h(100, 4 * 100 * 32) == 2);
  BOOST_TEST(h(32895.008, 4'000'000) == 1);
  BOOST_TEST(h(1, 1'000'000) == 176);
  const auto schedule = make_schedule({.kind = "theory"}, {.steps = 25'600, .kappa = 100.0});
  BOOST_TEST(schedule->local_steps({}) == 16);
  BOOST_TEST(schedule->name() == "theory(kappa=100)");
}

BOOST_AUTO_TEST_CASE(qsr_follows_the_step_size) {
  model::StepSizeOptions options;
  options.kind = model::StepSizeKind::inverse;
  options.lr0 = 1;
  options.tau = 10;
  const auto eta = model::make_step_size(options, {});  // 1 / (1 + t/10)
  const ScheduleFacts facts{.eta = eta.get()};
  const auto qsr = make_schedule({.kind = "qsr", .h = 4, .alpha = 0.5, .h_max = 100}, facts);
  const auto at = [&](model::Step t) { return qsr->local_steps({.t = t}); };
  BOOST_TEST(at(0) == 4);       // 0.5^2
  BOOST_TEST(at(40) == 6);      // 2.5^2
  BOOST_TEST(at(190) == 100);   // 10^2
  BOOST_TEST(at(1000) == 100);  // 50.5^2
}

/// Of eight devices.
RoundFacts round_of(model::Step t, model::Step h, double relative_drift) {
  return {.t = t, .h = h, .drift = 7 * relative_drift, .delta_norm2 = 1};
}

BOOST_AUTO_TEST_CASE(guarded_halves_h_while_the_devices_drift_apart) {
  // alpha = 8, B W = 32: H = 64 from step 2,048 to 4,096.
  const auto guarded = make_schedule({.kind = "guarded", .alpha = 8, .guard = 2}, {4, 8});
  const auto h = [&](const RoundFacts& facts) { return guarded->local_steps(facts); };
  BOOST_TEST(h({}) == 11);                     // as doubling
  BOOST_TEST(h(round_of(2112, 64, 2)) == 64);  // not above the guard
  BOOST_TEST(h(round_of(2112, 64, 2.1)) == 32);
  BOOST_TEST(h(round_of(2144, 32, 2.1)) == 16);
  BOOST_TEST(h(round_of(2160, 16, 0.1)) == 32);  // back as it went
  BOOST_TEST(h(round_of(2200, 1, 3)) == 1);      // never less
  BOOST_TEST(h(round_of(4090, 64, 0.1)) == 6);   // cut at the end of the phase
  BOOST_TEST(h(round_of(4096, 6, 0.1)) == 90);   // which says nothing of the next one
  BOOST_TEST(h(round_of(4096, 6, 3)) == 45);
  BOOST_TEST(h({.t = 3000}) == 64);  // of run.start_step
  BOOST_TEST(guarded->reason(round_of(2160, 16, 0.1)) == "growing back");
  BOOST_TEST(guarded->reason(round_of(2112, 64, 2)) == "horizon 2048, until step 4096");
  BOOST_TEST(guarded->reason(round_of(2112, 64, 2.1)) == "relative drift above 2");
  BOOST_TEST(guarded->name() == "guarded(guard=2, alpha=8, t0=64)");
}

BOOST_AUTO_TEST_CASE(one_device_alone_has_nobody_to_drift_from) {
  const auto guarded = make_schedule({.kind = "guarded", .alpha = 8}, {4, 1});
  const auto doubling = make_schedule({.kind = "doubling", .alpha = 8}, {4, 1});
  const RoundFacts rounding{.t = 2112, .h = 181, .drift = 1e-9, .delta_norm2 = 1};
  BOOST_TEST(guarded->local_steps(rounding) == doubling->local_steps(rounding));
}

/// The H of rounds in which an average takes the time of ratios[i] steps, which is known to round
/// i + 2: it travels a round late.
std::vector<model::Step> balanced_rounds(const ScheduleSection& section,
                                         const std::vector<double>& ratios) {
  const auto schedule = make_schedule(section, {});
  std::vector<model::Step> rounds;
  RoundFacts facts;
  for (std::size_t i = 0; i < ratios.size() + 2; ++i) {
    rounds.push_back(schedule->local_steps(facts));
    facts = {.t = facts.t + rounds.back(), .h = rounds.back(), .step_s = 0.001F};
    if (i > 0 && i <= ratios.size()) facts.average_s = static_cast<float>(0.001 * ratios[i - 1]);
  }
  return rounds;
}

BOOST_AUTO_TEST_CASE(balanced_grows_to_where_averages_take_their_budget) {
  // 25 (1 - 0.2)/0.2 = 100: 25/(25 + 100) is a fifth.
  const std::vector<model::Step> fifth{1, 1, 2, 4, 8, 16, 32, 64, 100, 100, 100};
  const std::vector<double> paper(9, 25);
  BOOST_TEST(balanced_rounds({.kind = "balanced"}, paper) == fifth,
             boost::test_tools::per_element());
  const std::vector<model::Step> half{8, 8, 16, 25, 25, 25, 25, 25, 25, 25, 25};
  BOOST_TEST(balanced_rounds({.kind = "balanced", .h = 8, .budget = 0.5}, paper) == half,
             boost::test_tools::per_element());
  const std::vector<model::Step> bounded{8, 8, 16, 30, 30, 30, 30, 30, 30, 30, 30};
  BOOST_TEST(balanced_rounds({.kind = "balanced", .h = 8, .h_max = 30}, paper) == bounded,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(balanced_follows_a_network_that_changes_but_no_hiccup) {
  // One slow average of a million steps' time; then a network that is as fast as a step.
  const std::vector<double> ratios{25, 25, 1e6, 25, 25, 1, 1, 1, 1, 1, 1};
  const std::vector<model::Step> rounds{64, 64, 100, 100, 200, 100, 100, 50, 25, 13, 7, 4, 4};
  BOOST_TEST(balanced_rounds({.kind = "balanced", .h = 64}, ratios) == rounds,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(balanced_keeps_h_where_a_time_is_not_known) {
  const auto balanced = make_schedule({.kind = "balanced", .h = 5}, {});
  BOOST_TEST(balanced->local_steps({}) == 5);
  BOOST_TEST(balanced->local_steps({.t = 90, .h = 9}) == 9);
  BOOST_TEST(balanced->local_steps({.t = 90, .h = 9, .step_s = 1}) == 9);
  BOOST_TEST(balanced->local_steps({.t = 90, .h = 9, .average_s = 1}) == 9);
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  constexpr double kEndless = std::numeric_limits<double>::infinity();
  for (const double odd : {kNone, -1.0}) {
    BOOST_TEST(balanced->local_steps({.t = 90, .h = 9, .step_s = odd, .average_s = 1}) == 9);
    BOOST_TEST(balanced->local_steps({.t = 90, .h = 9, .step_s = 1, .average_s = odd}) == 9);
  }
  BOOST_TEST(balanced->local_steps({.t = 90, .h = 9, .step_s = 1, .average_s = kEndless}) == 18);
  BOOST_TEST(balanced->local_steps({.t = 90, .h = 9, .step_s = kEndless, .average_s = 1}) == 5);
  BOOST_TEST(balanced->local_steps({.t = 90, .h = 1, .step_s = 1, .average_s = 1e-30}) == 1);
  constexpr model::Step kMost = 1'000'000'000'000;
  BOOST_TEST(balanced->local_steps({.t = 90, .h = kMost, .step_s = 1e-300, .average_s = 1e300}) ==
             kMost);
}

BOOST_AUTO_TEST_CASE(balanced_says_why) {
  const auto balanced = make_schedule({.kind = "balanced", .h_max = 120}, {});
  const auto reason = [&](model::Step h, double average_s) {
    return balanced->reason({.h = h, .step_s = 0.001F, .average_s = average_s});
  };
  BOOST_TEST(balanced->name() == "balanced(budget=0.2, h=1, h_max=120)");
  BOOST_TEST(balanced->reason({}) == "no average has been timed yet");
  BOOST_TEST(reason(1, 0) == "no average has been timed yet");
  BOOST_TEST(reason(80, 0.0251) == "an average takes the time of 25 steps");
  BOOST_TEST(reason(80, 0.00152) == "an average takes the time of 1.5 steps: half of the last H");
  BOOST_TEST(reason(20, 2) == "an average takes the time of 2,000 steps: twice the last H");
  BOOST_TEST(reason(80, 2) == "an average takes the time of 2,000 steps: h_max");
}

BOOST_AUTO_TEST_CASE(theory_has_no_h_beyond_the_longest_run) {
  const auto theory = make_schedule({.kind = "theory", .kappa = 1e-300}, {.steps = 1000});
  BOOST_TEST(theory->local_steps({}) == 1'000'000'000'000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
