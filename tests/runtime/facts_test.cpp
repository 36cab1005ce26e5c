/// The facts of a round as they travel.
#include "runtime/facts.hpp"

#include <array>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(facts)

BOOST_AUTO_TEST_CASE(facts_come_out_of_a_tail_as_they_were_written) {
  const Facts facts{.loss = 0.5, .delta_norm2 = 2, .samples = 32, .request = kStop};
  std::array<float, kFacts> tail{};
  facts.write(tail);
  const Facts read = Facts::from(tail);
  BOOST_TEST(read.loss == 0.5);
  BOOST_TEST(read.delta_norm2 == 2.0);
  BOOST_TEST(read.samples == 32.0);
  BOOST_TEST(read.requests() == kStop);
}

BOOST_AUTO_TEST_CASE(a_tail_that_is_empty_says_nothing) {
  const std::vector<float> none;
  const Facts read = Facts::from(none);
  BOOST_TEST(read.samples == 0.0);
  BOOST_TEST(read.not_finite == 0.0);
  BOOST_TEST(read.requests() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
