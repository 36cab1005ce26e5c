/// Lengths of models, and whether they are any.
#include "model/lengths.hpp"

#include <cstddef>
#include <limits>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace annulet::model {
BOOST_AUTO_TEST_SUITE(lengths)

namespace {

namespace data = boost::unit_test::data;
const auto kSizes = data::make<std::size_t>({1, 15, 16, 17, 100});
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

}  // namespace

// Of 1, -2, 3, ...: whole numbers, whose sums have no rounding.
BOOST_DATA_TEST_CASE(each_element_counts_once, kSizes, size) {
  std::vector<float> x;
  double sum = 0;
  for (std::size_t i = 1; i <= size; ++i) {
    x.push_back(static_cast<float>(i) * (i % 2 == 0 ? -1.0F : 1.0F));
    sum += static_cast<double>(i * i);
  }
  BOOST_TEST(norm2(x) == sum);
}

// Thirds, whose squares and differences have roundings.
BOOST_DATA_TEST_CASE(a_difference_has_its_own_length, kSizes, size) {
  std::vector<float> x, y, difference;
  for (std::size_t i = 1; i <= size; ++i) {
    x.push_back(static_cast<float>(i) / 3);
    y.push_back(-1 / static_cast<float>(i));
    difference.push_back(x.back() - y.back());
  }
  const double length2 = subtract(y, x);
  BOOST_TEST(x == difference, boost::test_tools::per_element());
  BOOST_TEST(length2 == norm2(difference));
}

BOOST_DATA_TEST_CASE(a_step_says_how_long_its_change_was, kSizes, size) {
  std::vector<float> x, change, next;
  for (std::size_t i = 1; i <= size; ++i) {
    x.push_back(1 / static_cast<float>(i));
    change.push_back(static_cast<float>(i) / 3);
    next.push_back(x.back() + 0.7F * change.back());
  }
  const double expected = norm2(change);
  BOOST_TEST(step_along(x, 0.7F, change) == expected);
  BOOST_TEST(change == next, boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(one_that_is_not_finite_is_found_anywhere,
                     kSizes* data::make({kInfinity, -kInfinity, kNan, -kNan}), size, odd) {
  for (std::size_t at = 0; at < size; ++at) {
    std::vector<float> x(size, -std::numeric_limits<float>::max());
    BOOST_TEST(all_finite(x));
    x[at] = odd;
    BOOST_TEST(!all_finite(x));
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_finite_and_has_no_length) {
  BOOST_TEST(all_finite(ConstParams<float>()));
  BOOST_TEST(norm2(ConstParams<float>()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::model
