/// docs/errors.md has a paragraph for each error code, and for nothing else.
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "devices/error_code.hpp"
#include "tests/support/data_folder.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(errors_page)

namespace {

/// Words of its text before a paragraph counts as one.
constexpr std::size_t kFewWords = 12;

struct Paragraph {
  std::string heading;
  std::size_t words = 0;
};

std::vector<Paragraph> paragraphs() {
  std::ifstream page(source_folder() / "docs" / "errors.md");
  std::vector<Paragraph> all;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) {
      all.push_back({line.substr(3)});
    } else if (!all.empty() && !line.empty()) {
      all.back().words += 1 + static_cast<std::size_t>(std::ranges::count(line, ' '));
    }
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_code_has_its_paragraph_in_order_and_nothing_else_has) {
  std::vector<std::string> expected, found;
  for (const auto& entry : devices::error_table()) {
    expected.push_back(devices::text(entry.code) + " " + std::string(entry.title));
  }
  for (const auto& paragraph : paragraphs()) {
    found.push_back(paragraph.heading);
    BOOST_TEST(paragraph.words > kFewWords, paragraph.heading);
  }
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(numbers_are_found_and_others_are_not) {
  for (const auto& entry : devices::error_table()) {
    const auto number = static_cast<std::uint32_t>(entry.code);
    BOOST_TEST((devices::find_error(number) == entry.code));
    BOOST_TEST(devices::text(entry.code) == "AN" + std::to_string(number));
  }
  for (const std::uint32_t number : {0U, 1U, 99U, 102U, 999U, 65536U + 301U}) {
    BOOST_TEST(!devices::find_error(number).has_value(), number);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
