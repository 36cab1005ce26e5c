/// An all-reduce takes no memory: what it needs is there from the ring's first ones on.
#include <algorithm>
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
  // Operations; the most frames of coroutines that are needed at once may come late.
  constexpr std::uint64_t kFirst = 50, kCounted = 40, kTimes = 8;
  tests::TcpRings tcp(sum.ranks);
  if (sum.mesh) tcp.add_mesh();
  std::vector<std::vector<float>> x(sum.ranks, std::vector<float>(sum.elements, 0.25F));
  std::vector<std::vector<float>> facts(sum.ranks, std::vector<float>(sum.facts, 1.0F));
  const auto limit = tcp.clock.now() + std::chrono::hours(1);
  std::uint64_t least = kCounted;  // of all ranks, which are on this thread
  tcp.on_all([&](std::size_t rank, Ring& ring) -> asio::awaitable<void> {
    BOOST_TEST(ring.takes_mesh(nullptr, sum.elements + sum.facts) == sum.mesh);
    std::uint64_t before = 0;
    for (std::uint64_t k = 0; k <= kFirst + kTimes * kCounted; ++k) {
      if (k >= kFirst && (k - kFirst) % kCounted == 0) {
        const auto now = tests::times_allocated();
        if (rank == 0 && k > kFirst) least = std::min(least, now - before);
        before = now;
      }
      co_await ring.all_reduce({1, k, 7, true}, x[rank], facts[rank], limit);
    }
  });
  BOOST_TEST(least == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
