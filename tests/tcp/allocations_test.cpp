/// An all-reduce takes no memory: what it needs is there from the ring's first ones on.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/counted_allocations.hpp"
#include "tests/support/tcp_rings.hpp"
#include "transport/ring.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(allocations)

namespace {

namespace data = boost::unit_test::data;

struct Sum {
  std::size_t ranks, elements, facts;
  bool mesh;
};

std::ostream& operator<<(std::ostream& out, const Sum& sum) {
  return out << sum.elements << " elements and " << sum.facts << " facts on " << sum.ranks
             << (sum.mesh ? " in a mesh" : " in a ring");
}

}  // namespace

BOOST_DATA_TEST_CASE(an_operation_allocates_nothing,
                     data::make<Sum>({{2, 1000, 6, false},
                                      {3, 1000, 0, false},
                                      {3, 1'000'000, 6, false},
                                      {3, 1000, 6, true},
                                      {4, 60'000, 0, true}}),
                     sum) {
  constexpr std::uint64_t kFirst = 50, kCounted = 200;  // operations
  tests::TcpRings tcp(sum.ranks);
  if (sum.mesh) tcp.add_mesh();
  std::vector<std::vector<float>> x(sum.ranks, std::vector<float>(sum.elements, 0.25F));
  std::vector<std::vector<float>> facts(sum.ranks, std::vector<float>(sum.facts, 1.0F));
  const auto limit = tcp.clock.now() + std::chrono::hours(1);
  std::uint64_t before = 0, after = 0;  // of all ranks, which are on this thread
  tcp.on_all([&](std::size_t rank, Ring& ring) -> asio::awaitable<void> {
    BOOST_TEST(ring.takes_mesh(nullptr, sum.elements + sum.facts) == sum.mesh);
    for (std::uint64_t k = 0; k < kFirst + kCounted; ++k) {
      if (rank == 0 && k == kFirst) before = tests::times_allocated();
      co_await ring.all_reduce({1, k, 7, true}, x[rank], facts[rank], limit);
    }
    if (rank == 0) after = tests::times_allocated();
  });
  // Not one for ten of them: the most frames of coroutines that are needed at once may come late.
  BOOST_TEST(after - before < kCounted / 10);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
