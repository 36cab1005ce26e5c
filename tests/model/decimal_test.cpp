/// Decimal text against the standard library's, which programs do not carry.
#include "model/decimal.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <clocale>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <boost/test/unit_test.hpp>

namespace annulet::model {
BOOST_AUTO_TEST_SUITE(decimal)

namespace {

using Limits = std::numeric_limits<double>;

template <class... How>
std::string by_the_library(How... how) {
  std::array<char, 1200> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), how...).ptr;
  return {text.data(), end};
}

/// Bits at random are numbers of every size; a decimal of few digits is what people write.
template <class Real, class Bits>
std::string first_difference(int tries) {
  std::mt19937_64 random(34);
  for (int i = 0; i < tries; ++i) {
    const auto bits = static_cast<Bits>(random());
    auto value = std::bit_cast<Real>(bits);
    if (i % 2 == 1) value = static_cast<Real>(static_cast<double>(bits % 100'000) / 1000);
    if (std::isnan(value)) continue;
    // A power of two has a narrower gap below than above: of two shortest texts one may be missed.
    int power = 0;
    if (std::abs(std::frexp(value, &power)) == Real{0.5}) continue;
    const auto expected = by_the_library(value);
    if (shortest_decimal(value) != expected) return shortest_decimal(value) + " of " + expected;
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(shortest_text_is_the_librarys) {
  BOOST_TEST((first_difference<double, std::uint64_t>(200'000)) == "");
  BOOST_TEST((first_difference<float, std::uint32_t>(200'000)) == "");
  for (const double value : {0.0,
                             -0.0,
                             1.0,
                             -1.0,
                             0.1,
                             100.0,
                             1e4,
                             1e5,
                             123456.0,
                             1e-4,
                             1e-5,
                             1e22,
                             1.2345678901234567e17,
                             4503599627370497.5,
                             5e-324,
                             Limits::min(),
                             Limits::max(),
                             -Limits::max(),
                             Limits::infinity(),
                             -Limits::infinity(),
                             Limits::quiet_NaN()}) {
    BOOST_TEST(shortest_decimal(value) == by_the_library(value));
  }
}

BOOST_AUTO_TEST_CASE(every_power_of_two_reads_back) {
  for (int power = -1074; power <= 1023; ++power) {
    const double value = std::ldexp(1.0, power);
    for (const auto& text : {shortest_decimal(value), shortest_fixed_decimal(value)}) {
      double again = 0;
      std::from_chars(text.data(), text.data() + text.size(), again);
      BOOST_TEST(again == value, text);
    }
    BOOST_TEST(shortest_decimal(value).size() <= by_the_library(value).size() + 1);
  }
}

BOOST_AUTO_TEST_CASE(other_forms_are_the_librarys) {
  std::mt19937_64 random(35);
  for (int i = 0; i < 2000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    int power = 0;
    const bool two = std::abs(std::frexp(value, &power)) == 0.5;
    BOOST_TEST_REQUIRE(fixed_decimal(value, i % 9) ==
                       by_the_library(value, std::chars_format::fixed, i % 9));
    BOOST_TEST_REQUIRE(general_decimal(value, 1 + i % 17) ==
                       by_the_library(value, std::chars_format::general, 1 + i % 17));
    BOOST_TEST_REQUIRE(
        (two || shortest_fixed_decimal(value) == by_the_library(value, std::chars_format::fixed)));
  }
  BOOST_TEST(fixed_decimal(0.125, 2) == "0.12");
  BOOST_TEST(fixed_decimal(Limits::infinity(), 2) == "inf");
  BOOST_TEST(general_decimal(-Limits::infinity(), 2) == "-inf");
  BOOST_TEST(shortest_fixed_decimal(1e-7) == "0.0000001");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::model
