/// Wrong run files: each is refused with one line that says where, what, and what is allowed.
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"
#include "tests/runtime/wrong_run_files.hpp"
#include "tests/runtime/wrong_settings.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(run_file_errors)

namespace {

std::string message_of(std::string_view text, const std::vector<std::string>& settings) {
  try {
    [[maybe_unused]] const auto config = parse_run_file(text, "w.toml", "/data", settings);
    return "no error";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

}  // namespace

BOOST_DATA_TEST_CASE(wrong_line_is_refused_with_the_whole_message,
                     boost::unit_test::data::make(kWrongLines), wrong) {
  const auto expected = "w.toml:" + std::to_string(wrong.line) + ": " + wrong.message;
  BOOST_TEST(message_of(std::string(kHead) + wrong.lines, {}) == expected);
}

BOOST_DATA_TEST_CASE(wrong_setting_is_refused_with_the_whole_message,
                     boost::unit_test::data::make(kWrongSettings), wrong) {
  auto settings = wrong.before;
  settings.push_back(wrong.setting);
  BOOST_TEST(message_of(kHead, settings) == "--set " + wrong.setting + ": " + wrong.message);
}

// What is missing altogether has no line: the first one is named.
BOOST_AUTO_TEST_CASE(missing_keys_say_what_to_add) {
  BOOST_TEST(message_of("", {}) == "w.toml:1: run.steps is missing; add steps = 1000 to [run]");
  BOOST_TEST(message_of("\n[run]\nseed = 1\n", {}) ==
             "w.toml:2: run.steps is missing; add steps = 1000 to [run]");
  BOOST_TEST(message_of("run.steps = 1\n", {}) ==
             "w.toml:1: model.kind is missing; add kind = \"logistic\" to [model]");
  BOOST_TEST(message_of("run.steps = 1\nmodel.kind = \"mlp\"\n", {}) ==
             "w.toml:2: model.layers is missing; add layers = [64] to [model]");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
