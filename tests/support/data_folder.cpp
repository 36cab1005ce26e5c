/// Where the real data sets are, for tests that read them.
#include "tests/support/data_folder.hpp"

namespace annulet::tests {

std::filesystem::path data_folder() { return ANNULET_DATA_DIR; }

std::filesystem::path source_folder() { return ANNULET_SOURCE_DIR; }

boost::test_tools::assertion_result have_data::operator()(boost::unit_test::test_unit_id) const {
  const auto folder = data_folder();
  boost::test_tools::assertion_result result(!folder.empty() &&
                                             std::filesystem::exists(folder / file_));
  result.message() << "no " << file_ << " in ANNULET_DATA_DIR='" << folder.string() << "'";
  return result;
}

}  // namespace annulet::tests
