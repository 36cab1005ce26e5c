/// How far above the least value a run has ended, for starters that ask.
#include <optional>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(gap)

namespace {

/// Fills a ring of two whose starter wants to know the gap.
void fill(SimCluster& ring, std::optional<model::DataPath> own = std::nullopt) {
  runtime::StartOptions options;
  options.devices = 2;
  options.gap = true;
  ring.start({.name = "device-0"}, options);
  ring.join({.name = "device-1", .own_data = std::move(own)});
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_gap_is_measured_when_all_others_have_gone) {
  SimCluster target(2, small_config({"run.target_gap=1e-9"}));
  target.run();
  SimCluster ring(small_config());
  fill(ring);
  ring.run();
  BOOST_TEST(ring[0].reason() == "done");
  BOOST_TEST((ring[0].end->f_star == target[0].end->f_star));
  BOOST_TEST(*ring[0].end->gap == *ring[0].end->objective - *ring[0].end->f_star);
  BOOST_TEST((ring[0].end->model_hash == target[0].end->model_hash));
  BOOST_TEST(!ring[1].end->f_star.has_value());
  BOOST_TEST_REQUIRE(ring[0].optima.size() == 1U);
  BOOST_TEST(*ring[0].optima[0].f_star == *ring[0].end->f_star);
  BOOST_TEST(!ring[0].end->target_reached.has_value());
}

BOOST_AUTO_TEST_CASE(where_there_is_no_gap_it_is_said_and_the_run_goes_on) {
  SimCluster ring(small_config());
  model::DataPath own;
  own.file = kSparseFile;
  fill(ring, own);
  ring.run();
  BOOST_TEST(ring[0].reason() == "done");
  BOOST_TEST(!ring[0].end->gap.has_value());
  BOOST_TEST_REQUIRE(ring[0].optima.size() == 1U);
  BOOST_TEST(ring[0].optima[0].problem ==
             "device-1 brings data of its own, and the least value is that of all rows");
  BOOST_TEST(ring[0].searches.empty());
}

BOOST_AUTO_TEST_CASE(a_device_alone_has_all_rows_whosever_they_are) {
  SimCluster target(1, small_config({"run.target_gap=1e-9"}));
  target.run();
  SimCluster ring(small_config());
  runtime::StartOptions options;
  options.gap = true;
  model::DataPath own;
  own.file = kSparseFile;
  ring.start({.name = "device-0", .own_data = own}, options);
  ring.run();
  BOOST_TEST_REQUIRE(ring[0].optima.size() == 1U);
  BOOST_TEST(ring[0].optima[0].problem == "");
  BOOST_TEST_REQUIRE(target[0].end->f_star.has_value());
  BOOST_TEST((ring[0].end->f_star == target[0].end->f_star));
}

// Twelve parameters, eleven vectors of doubles.
BOOST_AUTO_TEST_CASE(a_search_that_does_not_fit_into_the_memory_does_not_begin) {
  const std::string sentence =
      "the search for f* over 12 parameters needs 1.1 kB, this device has 1.1 kB of memory. Row 3 "
      "has the index 12: is that right? data.features sets a limit";
  SimCluster ring(small_config(), {.memory_bytes = 12 * 88 - 1});
  fill(ring);
  ring.run();
  BOOST_TEST(ring[0].reason() == "done");
  BOOST_TEST(ring[0].optima.at(0).problem == sentence);
  BOOST_TEST(ring[0].searches.empty());
  SimCluster target(2, small_config({"run.target_gap=1e-9"}), {.memory_bytes = 12 * 88 - 1});
  target.run();
  BOOST_TEST(target[0].reason() == sentence);
  BOOST_TEST((target[0].end->error == devices::ErrorCode::out_of_memory));
  SimCluster enough(small_config(), {.memory_bytes = 12 * 88});
  fill(enough);
  enough.run();
  BOOST_TEST(enough[0].end->f_star.has_value());
}

BOOST_AUTO_TEST_CASE(a_run_that_did_not_end_well_has_no_gap) {
  SimCluster ring(small_config());
  fill(ring);
  ring[0].at_round = [&](const auto&) { ring[0].request_stop(); };
  ring.run();
  BOOST_TEST(ring[0].code() == 130);
  BOOST_TEST(ring[0].searches.empty());
}

BOOST_AUTO_TEST_CASE(a_request_during_the_last_search_ends_it_and_keeps_the_run) {
  SimCluster ring(small_config());
  fill(ring);
  ring[0].at_search = [&] { ring[0].request_stop(); };
  ring.run();
  BOOST_TEST(ring[0].code() == 0);
  BOOST_TEST(ring[0].optima.at(0).problem == "interrupted");
  BOOST_TEST(!ring[0].end->gap.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
