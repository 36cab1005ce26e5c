/// What a device says it has sent is what its links have carried: model, headers, checksums, every
/// message of the rendezvous, refusals and heartbeats.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(books)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

void check_books(const SimCluster& ring, std::size_t W) {
  for (std::size_t r = 0; r < W; ++r) {
    BOOST_TEST(ring[r].reason() == "done");
    BOOST_REQUIRE(!ring[r].rounds.empty());
    for (std::size_t i = 0; i < ring[r].rounds.size(); ++i) {
      BOOST_TEST(ring[r].rounds[i].sent_bytes == ring[r].carried_at_round[i]);
    }
  }
}

}  // namespace

BOOST_DATA_TEST_CASE(every_byte_is_counted, data::make<std::size_t>({1, 2, 3, 5}), W) {
  SimCluster ring(W, small_config());
  ring.run();
  check_books(ring, W);
}

BOOST_AUTO_TEST_CASE(heartbeats_refusals_and_several_calls_are_counted_too) {
  ClusterOptions slow;
  slow.flops_per_second = 1000;  // rounds of seconds: time for heartbeats
  SimCluster ring(small_config(), slow);
  runtime::StartOptions options;
  options.devices = 2;
  ring.start({.name = "desk", .token = "sesame", .after = 1s}, options);
  ring.join({.name = "pi-1", .token = "sesame"});  // dials until the starter is there
  ring.join({.name = "wrong", .token = "barley", .after = 1s});
  ring.run(1h);
  check_books(ring, 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
