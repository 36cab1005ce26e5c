/// "Did you mean": near words are found, far ones are not guessed at.
#include "runtime/suggestion.hpp"

#include <array>
#include <string>

#include <boost/test/unit_test.hpp>

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(suggestion)

namespace {

constexpr std::array<std::string_view, 5> kWords = {"h", "h_max", "alpha", "kind", "steps"};

std::string suggested(std::string_view word) {
  return std::string(nearest(word, kWords).value_or("nothing"));
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_wrong_missing_extra_or_swapped_character_is_understood) {
  BOOST_TEST(suggested("hmax") == "h_max");
  BOOST_TEST(suggested("steqs") == "steps");
  BOOST_TEST(suggested("stepss") == "steps");
  BOOST_TEST(suggested("apla") == "nothing");
  BOOST_TEST(suggested("kidn") == "kind");
  BOOST_TEST(suggested("alpha") == "alpha");
}

BOOST_AUTO_TEST_CASE(other_words_are_not_guessed_at) {
  BOOST_TEST(suggested("momentum") == "nothing");
  BOOST_TEST(suggested("") == "nothing");
  BOOST_TEST(suggested("x") == "nothing");
  BOOST_TEST(suggested(std::string(100'000, 'h')) == "nothing");
}

BOOST_AUTO_TEST_CASE(first_of_equally_near_words_wins) {
  constexpr std::array<std::string_view, 2> kTwins = {"late", "lata"};
  BOOST_TEST(std::string(nearest("latx", kTwins).value_or("")) == "late");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
