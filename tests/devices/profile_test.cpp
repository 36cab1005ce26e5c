/// The known boards say where their figures come from, and docs/plan.md has the same.
#include "devices/profile.hpp"

#include <set>
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/data_folder.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::devices {
BOOST_AUTO_TEST_SUITE(profile)

namespace {

/// "| `pi-4` | 1.5e9 | cited: peak of one core (cpufp), 12.0 GFLOPS; / 8"; then where that was
/// read.
std::string row_of(const Profile& profile) {
  std::ostringstream row;
  row << "\n| `" << profile.name << "` | " << profile.flops_per_second / 1e9 << "e9 | "
      << profile.source << ' ';
  return row.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_figure_is_measured_or_cited_and_on_the_page) {
  const auto page = tests::read_all(tests::source_folder() / "docs" / "plan.md");
  std::set<std::string_view> names;
  for (const auto& board : profiles()) {
    BOOST_TEST_CONTEXT(board.name << row_of(board)) {
      BOOST_TEST(names.insert(board.name).second);
      const auto at = page.find(row_of(board));
      BOOST_TEST_REQUIRE(at != std::string::npos);
      const bool has_reference = page[at + row_of(board).size()] == '[';
      BOOST_TEST(has_reference == board.source.starts_with("cited: "));
      BOOST_TEST((has_reference || board.source.starts_with("measured: ") ||
                  board.source.starts_with("as pi-4 ")));
    }
  }
}

BOOST_AUTO_TEST_CASE(boards_are_found_by_name) {
  BOOST_TEST(find_profile("pi-4").value().flops_per_second == 1.5e9);
  BOOST_TEST(!find_profile("pi-9").has_value());
  BOOST_TEST(!find_profile("").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::devices
