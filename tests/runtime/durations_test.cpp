/// Durations, sizes and link speeds: what people may write, and that what we write reads back.
#include "runtime/durations.hpp"

#include <cstdint>
#include <ostream>
#include <utility>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(durations)

namespace {

using devices::Duration;
using devices::LinkSpeed;

struct DurationText {
  const char* text;
  std::int64_t nanoseconds;
  friend std::ostream& operator<<(std::ostream& out, const DurationText& row) {
    return out << row.text;
  }
};
constexpr DurationText kDurations[] = {
    {"0s", 0},
    {"1ns", 1},
    {"50us", 50'000},
    {"200ms", 200'000'000},
    {"5s", 5'000'000'000},
    {"1.5s", 1'500'000'000},
    {"0.0000000005s", 1},  // rounded to the nearest nanosecond
    {"10m", 600'000'000'000},
    {"1h", 3'600'000'000'000},
    {"8760h", 31'536'000'000'000'000},  // the longest
};

constexpr const char* kNoDurations[] = {
    "",      "5",       "s",        "5 s",      "-5s",    "+5s",
    "5S",    "5sec",    "1e3s",     ".",        "1.2.3s", ".s",
    "5s ",   " 5s",     "infs",     "nans",     "0x5s",   "9223372036854775808ns",
    "8761h", "8760.1h", "2562047h", "2562048h", "1e99h",  "99999999999999999999999999h"};

struct LinkText {
  const char* text;
  LinkSpeed speed;
  friend std::ostream& operator<<(std::ostream& out, const LinkText& row) {
    return out << row.text;
  }
};
constexpr LinkText kLinks[] = {
    {"10mbit,2ms", {1'250'000, std::chrono::milliseconds(2)}},
    {"1mbit", {125'000, {}}},
    {"2.5gbit,100us", {312'500'000, std::chrono::microseconds(100)}},
    {"512kbit", {64'000, {}}},
    {"1bit", {0.125, {}}},
    {"1000000gbit", {125e12, {}}},
    {"1mbit,1s", {125'000, std::chrono::seconds(1)}},
    {"none", {0, {}}},
    {"none,2ms", {0, std::chrono::milliseconds(2)}},
};

constexpr const char* kNoLinks[] = {
    "",        ",2ms",    "10",          "mbit",           "0mbit",
    "10mbit,", "10Mbit",  "-1mbit",      "10mbit,2",       "2ms",
    "10mb",    "1e3mbit", "10mbit 2ms",  "10mbit,2ms,3ms", "nonembit",
    "infmbit", "0.9bit",  "1000001gbit", "10mbit,1.001s",  "none,2s"};

}  // namespace

BOOST_DATA_TEST_CASE(duration_texts_are_read, boost::unit_test::data::make(kDurations), row) {
  const auto duration = parse_duration(row.text);
  BOOST_REQUIRE(duration.has_value());
  BOOST_TEST(duration->count() == row.nanoseconds);
}

BOOST_DATA_TEST_CASE(duration_reads_back_what_it_writes, boost::unit_test::data::make(kDurations),
                     row) {
  const auto again = parse_duration(to_text(Duration(row.nanoseconds)));
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(again->count() == row.nanoseconds);
}

BOOST_DATA_TEST_CASE(other_duration_texts_are_refused, boost::unit_test::data::make(kNoDurations),
                     text) {
  BOOST_TEST(!parse_duration(text).has_value());
}

BOOST_AUTO_TEST_CASE(duration_is_written_in_the_largest_whole_unit) {
  BOOST_TEST(to_text(Duration(std::chrono::seconds(5))) == "5s");
  BOOST_TEST(to_text(Duration(std::chrono::milliseconds(1500))) == "1500ms");
  BOOST_TEST(to_text(Duration(std::chrono::minutes(10))) == "10m");
  BOOST_TEST(to_text(Duration(0)) == "0s");
}

BOOST_DATA_TEST_CASE(link_texts_are_read_and_written, boost::unit_test::data::make(kLinks), row) {
  const auto speed = parse_link(row.text);
  BOOST_REQUIRE(speed.has_value());
  BOOST_TEST(speed->bytes_per_second == row.speed.bytes_per_second);
  BOOST_TEST(speed->delay.count() == row.speed.delay.count());
  BOOST_TEST(to_text(row.speed) == row.text);
}

BOOST_AUTO_TEST_CASE(zero_is_an_unlimited_rate) {
  BOOST_TEST((parse_link("0") == LinkSpeed{}));
  BOOST_TEST((parse_link("0,1ms") == LinkSpeed{0, std::chrono::milliseconds(1)}));
}

BOOST_DATA_TEST_CASE(other_link_texts_are_refused, boost::unit_test::data::make(kNoLinks), text) {
  BOOST_TEST(!parse_link(text).has_value());
}

// A rate that no decimal unit can hold exactly is written in bits, where dividing loses nothing.
BOOST_DATA_TEST_CASE(every_rate_reads_back_bit_for_bit,
                     boost::unit_test::data::make({1.0 / 3, 0.125, 1e14 / 7, 12.5, 1.1e6,
                                                   123456789.123}),
                     rate) {
  const LinkSpeed speed{rate, std::chrono::nanoseconds(7)};
  const auto again = parse_link(to_text(speed));
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST((*again == speed), to_text(speed));
}

BOOST_AUTO_TEST_CASE(sizes_are_read_and_read_back) {
  const std::pair<const char*, std::uint64_t> sizes[] = {{"0B", 0},
                                                         {"1B", 1},
                                                         {"999B", 999},
                                                         {"64kB", 64'000},
                                                         {"64MB", 64'000'000},
                                                         {"64 MB", 64'000'000},
                                                         {"1.5GB", 1'500'000'000},
                                                         {"0.0014kB", 1},
                                                         {"2TB", 2'000'000'000'000},
                                                         {"1000TB", 1'000'000'000'000'000}};
  for (const auto& [text, bytes] : sizes) {
    BOOST_TEST((parse_size(text) == bytes), text);
    BOOST_TEST((parse_size(exact_size_text(bytes)) == bytes), text);
  }
  BOOST_TEST(exact_size_text(64'000'000) == "64MB");
  BOOST_TEST(exact_size_text(1'500'000'000) == "1500MB");
  BOOST_TEST(exact_size_text(1'234'567) == "1234567B");
  for (const char* text : {"", "64", "MB", "-1MB", "+1MB", "64mb", "64MiB", "64  MB", " 64MB",
                           "64MB ", "1e3MB", "1.2.3MB", "infMB", "1001TB", "9e99TB"}) {
    BOOST_TEST(!parse_size(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
