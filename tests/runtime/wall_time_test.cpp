/// Dates as text, without the system's time zones.
#include "runtime/wall_time.hpp"

#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(wall_time)

namespace {

/// Whether text is like the pattern, in which 0 is any digit.
bool is_like(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (pattern[i] == '0' ? !digit : text[i] != pattern[i]) return false;
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_CASE(seconds_become_dates) {
  BOOST_TEST(utc_text(0) == "1970-01-01 00:00 UTC");
  BOOST_TEST(utc_text(951'782'399) == "2000-02-28 23:59 UTC");
  BOOST_TEST(utc_text(951'782'400) == "2000-02-29 00:00 UTC");
  BOOST_TEST(utc_text(1'893'456'000 - 60) == "2029-12-31 23:59 UTC");
  BOOST_TEST(utc_text(253'402'300'799) == "9999-12-31 23:59 UTC");
  BOOST_TEST(utc_text(-1) == "1969-12-31 23:59 UTC");
}

BOOST_AUTO_TEST_CASE(now_has_the_forms_of_logs_and_folders) {
  BOOST_TEST(is_like(utc_now(), "0000-00-00T00:00:00.000Z"), utc_now());
  BOOST_TEST(is_like(utc_stamp(), "00000000-000000"), utc_stamp());
  BOOST_TEST(utc_text(unix_seconds()).substr(0, 13) <= utc_now().replace(10, 1, " "));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
