/// Lines that lose packets: what devices choose for them, and that no model depends on it.
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"
#include "tests/support/weak_network.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(lines)

namespace {

namespace data = boost::unit_test::data;
using Settings = std::vector<std::string>;
using Names = std::vector<std::string>;

/// Three devices; what device-1 sends, that kernel counts.
SimCluster& run_weak(SimCluster& cluster, WeakKernel& kernel) {
  runtime::StartOptions options;
  options.devices = 3;
  cluster.start({.name = "device-0"}, options);
  cluster.join({.name = "device-1", .kernel = &kernel});
  cluster.join({.name = "device-2"});
  cluster.run();
  return cluster;
}

void check_same_models(const SimCluster& cluster, const SimCluster& expected) {
  for (std::size_t r = 0; r < cluster.size(); ++r) {
    BOOST_TEST(cluster[r].reason() == "done");
    BOOST_REQUIRE(cluster[r].rounds.size() == expected[r].rounds.size());
    BOOST_TEST(cluster[r].rounds.back().model_hash == expected[r].rounds.back().model_hash);
  }
}

const Settings kLong{"run.steps=400"};

}  // namespace

BOOST_DATA_TEST_CASE(a_weak_line_has_four_streams_where_bbr_cannot_be_had,
                     data::make({true, false}), refused) {
  const Settings settings{"net.streams=auto",
                          refused ? "net.congestion=auto" : "net.congestion=system"};
  SimCluster plain(3, small_config());
  plain.run();
  WeakKernel kernel{.refuses = true};
  SimCluster cluster(small_config(settings));
  run_weak(cluster, kernel);
  check_same_models(cluster, plain);
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_REQUIRE(cluster[r].lines.size() == 1U);
    const auto& line = cluster[r].lines[0];
    BOOST_TEST(line.streams == (r == 1 ? 4U : 1U));
    BOOST_TEST((line.segments > 600'000U) == (r == 1));  // 4/3 of 256 KiB, twice
    // One stream carried them; each of the other three has lost nothing of its greeting.
    BOOST_TEST(line.lost == (r == 1 ? (line.segments - 3 * 64) / 100 : 0));
    BOOST_TEST(line.congestion == (r == 1 && refused ? "refused" : ""));
  }
  BOOST_TEST(kernel.asked_for == (refused ? Names{"bbr"} : Names{}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(with_bbr_one_stream_is_enough) {
  WeakKernel kernel;
  SimCluster cluster(small_config({"net.streams=auto"}));
  run_weak(cluster, kernel);
  BOOST_TEST(cluster[1].reason() == "done");
  BOOST_REQUIRE(cluster[1].lines.size() == 1U);
  BOOST_TEST(cluster[1].lines[0].streams == 1U);
  BOOST_TEST(cluster[1].lines[0].congestion == "bbr");
}

// 10 rounds or so have to pass before enough was seen of it.
BOOST_DATA_TEST_CASE(bbr_is_asked_for_once_in_the_middle_of_a_run, data::make({false, true}),
                     refused) {
  SimCluster plain(3, small_config(kLong));
  plain.run();
  WeakKernel kernel{.refuses = refused};
  SimCluster cluster(small_config(kLong));
  run_weak(cluster, kernel);
  check_same_models(cluster, plain);
  BOOST_TEST(kernel.asked_for == Names{"bbr"}, boost::test_tools::per_element());
  BOOST_REQUIRE(cluster[1].lines.size() == 1U);
  BOOST_TEST(cluster[1].lines[0].congestion == (refused ? "refused" : "bbr"));
  BOOST_TEST(cluster[1].lines[0].segments >= 2000U);
  BOOST_TEST(cluster[1].lines[0].segments < 2500U);
  BOOST_TEST(cluster[0].lines.empty());
}

BOOST_DATA_TEST_CASE(a_line_is_left_alone_that_is_sound_or_the_systems,
                     data::make<std::string>({"auto", "system"}), congestion) {
  WeakKernel kernel{.one_in = congestion == "auto" ? 600U : 100U};
  SimCluster cluster(small_config({kLong[0], "net.congestion=" + congestion}));
  run_weak(cluster, kernel);
  BOOST_TEST(cluster[1].reason() == "done");
  BOOST_TEST(kernel.asked_for.empty());
  BOOST_TEST(cluster[1].lines.empty());
}

BOOST_AUTO_TEST_CASE(a_name_is_asked_for_at_once) {
  WeakKernel kernel;
  SimCluster cluster(small_config({"net.congestion=vegas", "net.streams=2"}));
  run_weak(cluster, kernel);
  BOOST_TEST(cluster[1].reason() == "done");
  BOOST_TEST(kernel.asked_for == (Names{"vegas", "vegas"}), boost::test_tools::per_element());
  BOOST_TEST(cluster[1].lines.empty());
}

BOOST_AUTO_TEST_CASE(a_name_that_the_kernel_refuses_ends_the_run_on_all) {
  WeakKernel kernel{.refuses = true};
  SimCluster cluster(small_config({"net.congestion=vegas"}));
  run_weak(cluster, kernel);
  BOOST_TEST((cluster[1].end->error == ErrorCode::congestion_refused));
  for (const std::size_t r : {0U, 2U}) {
    BOOST_TEST((cluster[r].end->error == ErrorCode::device_failed));
    BOOST_TEST(cluster[r].reason().find("AN119") != std::string::npos, cluster[r].reason());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
