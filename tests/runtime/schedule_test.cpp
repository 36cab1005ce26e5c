/// Schedules: round counts equal the closed form exactly.
#include "runtime/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
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

BOOST_AUTO_TEST_SUITE(schedule)

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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
