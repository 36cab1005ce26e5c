/// Lists of strings in a model file's metadata.
#include "runtime/json_words.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {

using Words = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(json_words)

BOOST_AUTO_TEST_CASE(a_list_of_strings_is_read) {
  BOOST_TEST(*parse_words(R"([])") == Words{});
  BOOST_TEST(*parse_words(R"(["a, b","\"\u00fc\\", ""])") == (Words{"a, b", "\"\xc3\xbc\\", ""}));
}

BOOST_AUTO_TEST_CASE(anything_else_is_not) {
  for (const char* text :
       {"", "a, b", "\"a\"", "[\"a\"", "[\"a\",]", "[1]", "[null]", "[true]", "[[\"a\"]]",
        "[\"a\", [\"b\"]]", "{\"a\":\"b\"}", "[{}]", "[\"a\"]x", "[\"\xff\"]"}) {
    BOOST_TEST(!parse_words(text), text);
  }
  BOOST_TEST(!parse_words(std::string(1'000'000, '[')));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
