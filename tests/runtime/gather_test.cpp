/// Doubles of all devices, over a ring of floats, to the last bit.
#include "runtime/gather.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/sim_rings.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(gather)

namespace {

namespace data = boost::unit_test::data;
using runtime::sum_of;
using Table = std::vector<std::vector<double>>;

constexpr devices::TimePoint kNever{std::chrono::hours(1)};

/// What each rank knows after gathering the rows of `numbers`.
std::vector<Table> gathered(SimRings& rings, const Table& numbers) {
  std::vector<Table> known(numbers.size());
  rings.on_all([&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
    const transport::Operation operation{1, 1, 42, true};
    std::vector<double> mine = numbers[rank];
    known[rank] = co_await runtime::gather(ring, operation, std::move(mine), kNever);
  });
  return known;
}

}  // namespace

BOOST_DATA_TEST_CASE(every_device_knows_every_number_exactly, data::make({1, 2, 3, 7}), workers) {
  const auto W = static_cast<std::size_t>(workers);
  std::mt19937_64 random(11);
  Table numbers(W, std::vector<double>(9));
  for (auto& row : numbers) {
    for (auto& number : row) {
      // 53 random bits at a scale from 1e-25 to 1e25: within float's range.
      const auto mantissa = static_cast<double>(random() >> 11U);
      const int scale = static_cast<int>(random() % 160) - 80 - 53;
      number = std::ldexp(random() % 2 == 0 ? mantissa : -mantissa, scale);
    }
  }
  SimRings rings(W);
  for (const Table& known : gathered(rings, numbers)) {
    for (std::size_t r = 0; r < W; ++r) {
      for (std::size_t i = 0; i < 9; ++i) {
        BOOST_TEST(std::bit_cast<std::uint64_t>(known[r][i]) ==
                   std::bit_cast<std::uint64_t>(numbers[r][i]));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(zeros_and_whole_numbers_stay) {
  const Table numbers{{0, 1, 9007199254740991.0}, {-1, 0.1, 1.0 / 3}};
  SimRings rings(2);
  for (const Table& known : gathered(rings, numbers)) {
    BOOST_TEST(known[0] == numbers[0], boost::test_tools::per_element());
    BOOST_TEST(known[1] == numbers[1], boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(what_no_float_can_hold_comes_as_nan) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  SimRings rings(2);
  for (const Table& known : gathered(rings, {{kInfinity, 2}, {1, -kInfinity}})) {
    BOOST_TEST(std::isnan(known[0][0]));
    BOOST_TEST(known[0][1] == 2);
    BOOST_TEST(known[1][0] == 1);
    BOOST_TEST(std::isnan(known[1][1]));
  }
}

BOOST_AUTO_TEST_CASE(it_is_counted_as_control) {
  SimRings rings(3);
  static_cast<void>(gathered(rings, {{1}, {2}, {3}}));
  BOOST_TEST(rings.ring(1).traffic().model_sent == 0U);
  BOOST_TEST(rings.ring(1).traffic().control_sent > 0U);
}

BOOST_AUTO_TEST_CASE(sums_go_in_rank_order) {
  // In any other order the small one would be lost or kept differently.
  const Table numbers{{1e16}, {1}, {-1e16}};
  BOOST_TEST(sum_of(numbers, 0) == (1e16 + 1) - 1e16);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
