/// Arithmetic on parameters that solvers share.
#include "model/rows.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

namespace annulet::model {
BOOST_AUTO_TEST_SUITE(rows)

using Scalars = boost::mpl::list<float, double>;

BOOST_AUTO_TEST_CASE_TEMPLATE(a_scaled_vector_gets_more_of_another, Scalar, Scalars) {
  std::vector<Scalar> x, y, expected;
  for (std::size_t j = 0; j < 37; ++j) {
    x.push_back(1 / (static_cast<Scalar>(j) + 3));
    y.push_back(static_cast<Scalar>(j) / 7);
    expected.push_back(
        static_cast<Scalar>(0.3 * static_cast<double>(x[j]) + 1.7 * static_cast<double>(y[j])));
  }
  scale_and_add<Scalar>(0.3, x, 1.7, y);
  BOOST_TEST(x == expected, boost::test_tools::per_element());
}

// Also in its signs, which a model's hash has in it.
BOOST_AUTO_TEST_CASE_TEMPLATE(no_other_vector_is_one_of_zeros, Scalar, Scalars) {
  const std::vector<Scalar> start{Scalar(-0.0), Scalar(0), Scalar(-1) / 3, Scalar(1e30)};
  auto with_zeros = start, with_none = start;
  scale_and_add<Scalar>(0.3, with_zeros, 1.7, std::vector<Scalar>(start.size()));
  scale_and_add<Scalar>(0.3, with_none, 1.7, {});
  BOOST_TEST(with_none == with_zeros, boost::test_tools::per_element());
  for (std::size_t j = 0; j < start.size(); ++j) {
    BOOST_TEST(std::signbit(with_none[j]) == std::signbit(with_zeros[j]));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::model
