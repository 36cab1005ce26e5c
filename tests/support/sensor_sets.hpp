/// The small real sets of Debian's libfann-doc, for tests that read them.
#pragma once

#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

namespace annulet::tests {

/// building.train, mushroom.test and their like.
[[nodiscard]] inline std::filesystem::path sensor_set(const std::string& name) {
  return std::filesystem::path("/usr/share/doc/libfann-dev/examples/datasets") / name;
}

/// A precondition for a test case: skips it, saying why, where the package is not installed.
struct have_sensor_sets {
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id /*id*/) const {
    boost::test_tools::assertion_result result(
        std::filesystem::exists(sensor_set("building.train")));
    result.message() << "no data sets of libfann-doc, which script/bootstrap installs";
    return result;
  }
};

}  // namespace annulet::tests
