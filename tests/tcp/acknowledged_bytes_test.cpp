/// The ring's books against the kernel's: what we say was sent is what TCP says was acknowledged.
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/tcp_rings.hpp"
#include "transport/ring.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(acknowledged_bytes)

namespace {

namespace data = boost::unit_test::data;
constexpr std::size_t kFactsTail = 5;
constexpr int kRounds = 3;

asio::awaitable<void> average(Ring& ring, const devices::Clock& clock, std::size_t d) {
  std::vector<float> x(d, 0.25F), facts(kFactsTail, 1.0F);
  const auto limit = clock.now() + std::chrono::hours(1);
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    co_await ring.all_reduce({1, round, 7, true}, x, facts, limit);
  }
  co_await ring.all_reduce({1, kRounds, 7, false}, x, {}, limit);
}

void run(tests::TcpRings& tcp, std::size_t d) {
  tcp.on_all([&](std::size_t, Ring& ring) { return average(ring, tcp.clock, d); });
}

}  // namespace

BOOST_DATA_TEST_CASE(the_kernel_counts_what_the_ring_counts,
                     data::make<std::size_t>({2, 3, 5}) *
                         data::make<std::size_t>({1, 1003, 300'000}),
                     size, d) {
  tests::TcpRings tcp(size);
  run(tcp, d);
  for (std::size_t r = 0; r < size; ++r) {
    const std::uint64_t sent = tcp.rings[r]->traffic().sent();
    // The last acknowledgement may be under way: it comes within the kernel's 40 ms or so.
    std::uint64_t acknowledged = tcp.to_next[r]->acknowledged_bytes();
    while (acknowledged < sent) acknowledged = tcp.to_next[r]->acknowledged_bytes();
    BOOST_TEST(acknowledged == sent);
  }
}

BOOST_DATA_TEST_CASE(model_bytes_are_the_formula,
                     data::make<std::size_t>({2, 3, 5}) * data::make<std::size_t>({1, 1003}), size,
                     d) {
  tests::TcpRings tcp(size);
  run(tcp, d);
  for (std::size_t r = 0; r < size; ++r) {
    const std::size_t elements = 2 * d - segment(d, size, (r + 1) % size).length() -
                                 segment(d, size, (r + 2) % size).length();
    // Segment W-1 carries the facts: it is sent twice, but by those who skip it in one phase.
    const std::size_t tails =
        2U - ((r + 1) % size == size - 1 ? 1U : 0U) - ((r + 2) % size == size - 1 ? 1U : 0U);
    BOOST_TEST(tcp.rings[r]->traffic().model_sent ==
               kRounds * sizeof(float) * (elements + tails * kFactsTail));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
