/// Human formats, and what text from the network may do to a terminal: nothing.
#include "runtime/text.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(ordinary_names_are_shown_as_they_are) {
  BOOST_TEST(printable("pi-3") == "pi-3");
  BOOST_TEST(printable("") == "");
  BOOST_TEST(printable("K\xC3\xBC"
                       "che \xE7\x94\xB2 \xF0\x9F\x8D\x93") ==
             "K\xC3\xBC"
             "che \xE7\x94\xB2 \xF0\x9F\x8D\x93");
}

BOOST_AUTO_TEST_CASE(control_characters_cannot_reach_the_terminal) {
  BOOST_TEST(printable("\x1B[2Jpi\r\n") == "\\x1b[2Jpi\\x0d\\x0a");
  BOOST_TEST(printable(std::string("a\0b", 3)) == "a\\x00b");
  BOOST_TEST(printable("\x7F") == "\\x7f");
  // U+009B is a control sequence introducer in eight-bit terminals.
  BOOST_TEST(printable("\xC2\x9B"
                       "2J") == "\\x9b2J");
  // U+202E turns the rest of the line round.
  const std::string right_to_left{'\xE2', '\x80', '\xAE'};
  BOOST_TEST(printable(right_to_left + "gnp") == "\\u{202e}gnp");
}

// NOLINTBEGIN(misc-misleading-bidirectional): they are what is tested.
BOOST_AUTO_TEST_CASE(what_cannot_be_seen_is_shown) {
  BOOST_TEST(printable("pi\xC2\xAD-3") == "pi\\xad-3");             // soft hyphen
  BOOST_TEST(printable("pi\xD8\x9C-3") == "pi\\u{061c}-3");         // Arabic letter mark
  BOOST_TEST(printable("pi\xE2\x81\x9F-3") == "pi\xE2\x81\x9F-3");  // U+205F is a space
  BOOST_TEST(printable("pi\xE2\x81\xA0-3") == "pi\\u{2060}-3");     // word joiner
  BOOST_TEST(printable("pi\xE2\x81\xA4-3") == "pi\\u{2064}-3");     // invisible plus
  BOOST_TEST(printable("pi\xE2\x81\xA6-3") == "pi\\u{2066}-3");     // isolate
  BOOST_TEST(printable("pi\xEF\xBB\xBF-3") == "pi\\u{feff}-3");     // byte order mark
}
// NOLINTEND(misc-misleading-bidirectional)

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_escaped_one_by_one) {
  BOOST_TEST(printable("\xFF\xFE") == "\\xff\\xfe");
  BOOST_TEST(printable("\xC0\x80") == "\\xc0\\x80");                    // overlong zero
  BOOST_TEST(printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");           // a surrogate
  BOOST_TEST(printable("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // above 0x10FFFF
  BOOST_TEST(printable("a\xE7\x94") == "a\\xe7\\x94");                  // cut
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_at_whole_code_points) {
  BOOST_TEST(printable(std::string(64, 'x')) == std::string(64, 'x'));
  BOOST_TEST(printable(std::string(65, 'x')) == std::string(64, 'x') + "...");
  BOOST_TEST(printable("\xC3\xBC\xC3\xBC\xC3\xBC", 2) == "\xC3\xBC\xC3\xBC...");
}

BOOST_AUTO_TEST_CASE(bytes_have_three_digits) {
  BOOST_TEST(bytes_text(0) == "0 B");
  BOOST_TEST(bytes_text(999) == "999 B");
  BOOST_TEST(bytes_text(999.6) == "1.0 kB");
  BOOST_TEST(bytes_text(57.84e6) == "57.8 MB");
  BOOST_TEST(bytes_text(99.96e6) == "100 MB");
  BOOST_TEST(bytes_text(163.2e6) == "163 MB");
  BOOST_TEST(bytes_text(13.03e9) == "13.0 GB");
  BOOST_TEST(bytes_text(5e18) == "5000 PB");
}

BOOST_AUTO_TEST_CASE(counts_are_grouped_by_thousands) {
  BOOST_TEST(count_text(0) == "0");
  BOOST_TEST(count_text(999) == "999");
  BOOST_TEST(count_text(4000) == "4,000");
  BOOST_TEST(count_text(1234567) == "1,234,567");
  BOOST_TEST(count_text(-123456) == "-123,456");
  BOOST_TEST(count_text(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
  BOOST_TEST(size_text(std::uint64_t{1} << 63U) == "9,223,372,036,854,775,808");
}

BOOST_AUTO_TEST_CASE(durations_use_two_units_at_most) {
  BOOST_TEST(seconds_text(0) == "0 ms");
  BOOST_TEST(seconds_text(0.00037) == "0.4 ms");
  BOOST_TEST(seconds_text(0.00994) == "9.9 ms");
  BOOST_TEST(seconds_text(0.00996) == "10 ms");
  BOOST_TEST(seconds_text(0.412) == "412 ms");
  BOOST_TEST(seconds_text(0.9996) == "1.0 s");
  BOOST_TEST(seconds_text(47.94) == "47.9 s");
  BOOST_TEST(seconds_text(59.96) == "1 min 0 s");
  BOOST_TEST(seconds_text(400.4) == "6 min 40 s");
  BOOST_TEST(seconds_text(5940) == "1 h 39 min");
  BOOST_TEST(seconds_text(3599.7) == "1 h 0 min");
  BOOST_TEST(seconds_text(183600) == "2 d 3 h");
  BOOST_TEST(seconds_text(86399) == "1 d 0 h");
  BOOST_TEST(seconds_text(std::numeric_limits<double>::infinity()) == "inf");
  BOOST_TEST(!seconds_text(1e300).empty());
}

BOOST_AUTO_TEST_CASE(ratios_percentages_and_values_are_short) {
  BOOST_TEST(percent_text(0.901) == "90.1 %");
  BOOST_TEST(factor_text(1) == "1.0x");
  BOOST_TEST(factor_text(9.72) == "9.7x");
  BOOST_TEST(factor_text(9.96) == "10x");
  BOOST_TEST(factor_text(18.8) == "19x");
  BOOST_TEST(value_text(0.40192) == "0.4019");
  BOOST_TEST(value_text(2.302585) == "2.3026");
  BOOST_TEST(value_text(0) == "0.0000");
  BOOST_TEST(value_text(-1.2e-5) == "-1.2e-05");
  BOOST_TEST(value_text(1.2345e6) == "1.234e+06");
  BOOST_TEST(value_text(std::nan("")) == "nan");
  BOOST_TEST(hash_text(0x9c1e) == "0000000000009c1e");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
