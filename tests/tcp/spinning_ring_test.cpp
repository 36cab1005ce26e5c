/// Rings that stay awake in short waits: the same sums, and no wait for what nobody says.
#include <chrono>
#include <cstddef>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/tcp_rings.hpp"

namespace annulet::transport {
BOOST_AUTO_TEST_SUITE(spinning_ring)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

constexpr auto kPatience = 30s;  // a ring that hangs says so before the test does

std::vector<std::vector<float>> sums(std::size_t size, std::size_t d,
                                     std::chrono::nanoseconds spin) {
  constexpr std::uint64_t kRounds = 8;
  tests::TcpRings tcp(size);
  for (const auto& ring : tcp.rings) ring->set_spin(spin);
  std::vector<std::vector<float>> x(size, std::vector<float>(d));
  for (std::size_t r = 0; r < size; ++r) {
    for (std::size_t i = 0; i < d; ++i) x[r][i] = 1.0F / static_cast<float>(1 + r + i % 97);
  }
  for (std::uint64_t round = 0; round < kRounds; ++round) tcp.add_up(x, round, kPatience);
  return x;
}

}  // namespace

// A thousand elements fit into any buffer; with a million a wait ends in the middle of everything.
BOOST_DATA_TEST_CASE(the_bits_are_those_of_rings_that_sleep,
                     data::make<std::size_t>({2, 3, 4}) *
                         data::make<std::size_t>({1, 1003, 1'000'003}),
                     size, d) {
  const auto asleep = sums(size, d, 0us), awake = sums(size, d, 50us);
  for (std::size_t r = 0; r < size; ++r) {
    BOOST_TEST((asleep[r] == asleep[0]));
    BOOST_TEST((awake[r] == asleep[r]));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::transport
