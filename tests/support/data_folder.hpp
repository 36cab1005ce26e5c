/// Where the real data sets are, for tests that read them.
#pragma once

#include <filesystem>
#include <string_view>

#include <boost/test/unit_test.hpp>

namespace annulet::tests {

/// The folder given as -DANNULET_DATA_DIR, or an empty path.
[[nodiscard]] std::filesystem::path data_folder();

/// The root of the source tree, for golden files.
[[nodiscard]] std::filesystem::path source_folder();

/// A precondition for a test case: skips it, saying why, where the file is not there.
/// Use: BOOST_AUTO_TEST_CASE(name, *boost::unit_test::precondition(have_data("w8a.xz")))
struct have_data {
  explicit have_data(std::string_view file) : file_(file) {}
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const;

 private:
  std::string_view file_;
};

}  // namespace annulet::tests
