/// JSON objects as every reader accepts them.
#include "runtime/json_writer.hpp"

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {

BOOST_AUTO_TEST_SUITE(json_writer)

BOOST_AUTO_TEST_CASE(keys_keep_their_order) {
  JsonObject object;
  object.add("z", 1).add("a", "text").add("yes", true).add("no", false);
  BOOST_TEST(object.text() == R"({"z":1,"a":"text","yes":true,"no":false})");
  BOOST_TEST(JsonObject().text() == "{}");
}

BOOST_AUTO_TEST_CASE(strings_are_escaped) {
  BOOST_TEST(json_string(R"(a"b\c/d)") == R"("a\"b\\c/d")");
  BOOST_TEST(json_string("\b\t\n\f\r") == R"("\b\t\n\f\r")");
  BOOST_TEST(json_string(std::string("\0\x01\x1F\x7F", 4)) == R"("\u0000\u0001\u001f\u007f")");
  BOOST_TEST(JsonObject().add("a\"", 1).text() == R"({"a\"":1})");
}

BOOST_AUTO_TEST_CASE(invalid_utf8_becomes_the_replacement_character) {
  const std::string replacement = "\xEF\xBF\xBD";
  BOOST_TEST(json_string("a\xFFz") == "\"a" + replacement + "z\"");
  BOOST_TEST(json_string("\xC3") == "\"" + replacement + "\"");
  BOOST_TEST(json_string("\xED\xA0\x80") == "\"" + replacement + replacement + replacement + "\"");
  BOOST_TEST(json_string("\xC3\xBC\xF0\x9F\x8D\x93") == "\"\xC3\xBC\xF0\x9F\x8D\x93\"");
}

BOOST_AUTO_TEST_CASE(numbers_read_back_as_the_same_bits) {
  for (const double value : {0.1, 1.0 / 3, 1e-300, 6.02214076e23, -0.0, 5e-324}) {
    const auto text = JsonObject().add("v", value).text();
    BOOST_TEST(std::strtod(text.c_str() + 5, nullptr) == value);
  }
  BOOST_TEST(JsonObject().add("v", 0.1).text() == R"({"v":0.1})");
  BOOST_TEST(JsonObject().add("v", std::numeric_limits<std::uint64_t>::max()).text() ==
             R"({"v":18446744073709551615})");
  BOOST_TEST(JsonObject().add("v", std::numeric_limits<std::int64_t>::min()).text() ==
             R"({"v":-9223372036854775808})");
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_null) {
  JsonObject object;
  object.add("a", std::nan("")).add("b", std::numeric_limits<double>::infinity());
  BOOST_TEST(object.text() == R"({"a":null,"b":null})");
}

BOOST_AUTO_TEST_CASE(an_empty_optional_is_left_out) {
  const std::optional<double> none;
  JsonObject object;
  object.add("a", none).add("b", std::optional<double>(2.5));
  object.add("c", std::optional<std::string>("x"));
  BOOST_TEST(object.text() == R"({"b":2.5,"c":"x"})");
}

BOOST_AUTO_TEST_CASE(objects_and_arrays_nest) {
  const std::array<std::string, 2> names = {"pi-1", "\"pi\""};
  const std::array<std::uint64_t, 2> numbers = {0, 7850};
  JsonObject object;
  object.add("names", names).add("numbers", numbers).add("inner", JsonObject().add("k", 1));
  BOOST_TEST(object.text() == R"({"names":["pi-1","\"pi\""],"numbers":[0,7850],"inner":{"k":1}})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
