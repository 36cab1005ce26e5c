/// How long a device rests between two runs, and what it says.
#include "runtime/between_runs.hpp"

#include <vector>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(between_runs)

namespace {

using namespace std::chrono_literals;
using Line = BetweenRuns::Line;

/// A dial that led to no run.
RunFinished no_run(ErrorCode error) {
  RunFinished end;
  end.error = error;
  end.exit_code = devices::exit_code(error);
  return end;
}

/// A run of three devices that ended after so many rounds: well, or in an error.
RunFinished run_of(std::int64_t rounds, std::optional<ErrorCode> error = {}) {
  RunFinished end = error ? no_run(*error) : RunFinished();
  end.workers = 3;
  end.rounds = rounds;
  return end;
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_a_starter_that_is_away_for_days_one_line_is_said) {
  BetweenRuns between;
  const auto first = between.after(no_run(ErrorCode::cannot_reach));
  BOOST_TEST((first.line == Line::waits));
  BOOST_TEST((first.rest == 1s));
  for (int i = 0; i < 100'000; ++i) {
    const auto next = between.after(no_run(ErrorCode::cannot_reach));
    BOOST_REQUIRE((next.line == Line::none));
    BOOST_REQUIRE((next.rest == 1s));
  }
}

BOOST_AUTO_TEST_CASE(another_reason_to_wait_is_another_line) {
  BetweenRuns between;
  using enum ErrorCode;
  for (const auto why : {cannot_reach, run_has_begun, cannot_reach, ring_complete, no_annulet}) {
    BOOST_TEST((between.after(no_run(why)).line == Line::waits));
    BOOST_TEST((between.after(no_run(why)).line == Line::none));
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_said_once) {
  BetweenRuns between;
  BOOST_TEST((between.after(no_run(ErrorCode::wrong_token)).line == Line::ended));
  BOOST_TEST((between.after(no_run(ErrorCode::wrong_token)).line == Line::again));
  BOOST_TEST((between.after(run_of(3)).line == Line::ended));
  BOOST_TEST((between.after(no_run(ErrorCode::wrong_token)).line == Line::ended));
}

BOOST_AUTO_TEST_CASE(a_starter_that_has_another_run_is_not_pestered) {
  BetweenRuns between;
  BOOST_TEST((between.after(no_run(ErrorCode::run_has_begun)).rest == 5s));
  BOOST_TEST((between.after(no_run(ErrorCode::ring_complete)).rest == 5s));
}

BOOST_AUTO_TEST_CASE(rests_grow_with_each_failure_to_a_minute) {
  BetweenRuns between;
  const std::vector<std::chrono::seconds> expected{1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s};
  for (const auto rest : expected) {
    const auto next = between.after(no_run(ErrorCode::wrong_token));
    BOOST_TEST((next.rest == rest));
  }
}

BOOST_AUTO_TEST_CASE(a_run_that_trained_ends_the_growth_however_it_ended) {
  for (const auto& trained : {run_of(5), run_of(5, ErrorCode::connection_lost)}) {
    BetweenRuns between;
    for (int i = 0; i < 5; ++i) static_cast<void>(between.after(no_run(ErrorCode::wrong_token)));
    BOOST_TEST((between.after(trained).rest == 1s));
    const auto next = between.after(no_run(ErrorCode::wrong_token));
    BOOST_TEST((next.rest == (trained.exit_code == 0 ? 1s : 2s)));
  }
}

BOOST_AUTO_TEST_CASE(a_run_without_a_round_does_not) {
  BetweenRuns between;
  BOOST_TEST((between.after(run_of(0, ErrorCode::connection_lost)).rest == 1s));
  BOOST_TEST((between.after(run_of(0, ErrorCode::connection_lost)).rest == 2s));
}

BOOST_AUTO_TEST_CASE(waiting_neither_grows_the_rest_nor_ends_its_growth) {
  BetweenRuns between;
  static_cast<void>(between.after(no_run(ErrorCode::wrong_token)));
  BOOST_TEST((between.after(no_run(ErrorCode::cannot_reach)).rest == 1s));
  BOOST_TEST((between.after(no_run(ErrorCode::wrong_token)).rest == 2s));
}

BOOST_AUTO_TEST_CASE(every_run_has_a_line_at_its_end) {
  BetweenRuns between;
  for (int i = 0; i < 3; ++i) BOOST_TEST((between.after(run_of(7)).line == Line::ended));
}

// Its door may still be open while it says goodbye, or looks for f*.
BOOST_AUTO_TEST_CASE(the_end_of_this_devices_own_run_is_no_reason_to_complain) {
  for (const auto error : {ErrorCode::run_has_begun, ErrorCode::no_annulet}) {
    BetweenRuns between;
    static_cast<void>(between.after(run_of(7)));
    BOOST_TEST((between.after(no_run(error)).line == Line::none));
    BOOST_TEST((between.after(no_run(error)).line == Line::none));
    BOOST_TEST((between.after(no_run(ErrorCode::cannot_reach)).line == Line::waits));
    BOOST_TEST((between.after(no_run(error)).line == Line::waits));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
