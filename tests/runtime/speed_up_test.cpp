/// The paper's computed speed-up at known places.
#include "runtime/speed_up.hpp"

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {

BOOST_AUTO_TEST_SUITE(speed_up)

// To the two digits after the point that are known.
BOOST_AUTO_TEST_CASE(known_values) {
  struct Known {
    SpeedUpCase at;
    double value = 0;
  };
  for (const auto& [at, value] :
       {Known{{8, 16, 0}, 3.12}, Known{{64, 16, 0}, 24.98}, Known{{8, 64, 0}, 5.75},
        Known{{8, 64, 1e-4}, 3.75}, Known{{64, 64, 1e-4}, 14.80}, Known{{64, 256, 1e-4}, 5.42},
        Known{{64, 16, 0.01}, 3.61}, Known{{64, 4, 0.01}, 4.05}}) {
    BOOST_TEST(std::abs(computed_speed_up(at) - value) <= 0.005 + 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(one_device_is_as_fast_as_itself) {
  BOOST_TEST(computed_speed_up({.devices = 1, .h = 64, .eps = 0.01}) == 1);
  BOOST_TEST(time_of(100, {.devices = 1, .h = 1}) == 100);
  BOOST_TEST(time_of(100, {.devices = 2, .h = 5}) == 600);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
