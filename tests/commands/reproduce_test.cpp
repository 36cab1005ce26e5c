/// annulet reproduce as people type it.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_program.hpp"
#include "tests/support/child_ring.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
namespace {

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reproduce)

BOOST_AUTO_TEST_CASE(any_two_classes_make_a_page_and_csv_and_each_time_the_same) {
  const WorkFolder folder;
  const auto first =
      run({"reproduce", "--quick", "--data", folder.at("rows.libsvm"), "-o", folder.at("one")});
  BOOST_TEST_REQUIRE(first.code == 0, first.err);
  BOOST_TEST(first.out.find("one/reproduction.html") != std::string::npos);
  BOOST_TEST(first.out.find("speed-up of 64 devices") != std::string::npos);
  const auto second =
      run({"reproduce", "--quick", "--data", folder.at("rows.libsvm"), "-o", folder.at("two")});
  BOOST_TEST(second.code == 0);
  for (const std::string file : {"reproduction.html", "figures.csv", "cells.csv"}) {
    const auto text = text_of(folder.at("one/" + file));
    BOOST_TEST(!text.empty());
    BOOST_TEST((text == text_of(folder.at("two/" + file))), file << " differs");
  }
}

BOOST_AUTO_TEST_CASE(other_data_are_refused_in_a_line) {
  const WorkFolder folder;
  const auto dense = run({"reproduce", "--data", folder.write("rows.csv", "a,b\n1,0\n2,1\n")});
  BOOST_TEST(dense.code == 4);
  BOOST_TEST(dense.err.find("LIBSVM") != std::string::npos, dense.err);
  const auto empty = run({"reproduce", "--data", folder.write("empty.libsvm", "+1 \n-1 \n")});
  BOOST_TEST(empty.code == 4);
  BOOST_TEST(empty.err.find("AN408") != std::string::npos, empty.err);
  const auto missing = run({"reproduce", "--data", folder.at("nothing")});
  BOOST_TEST(missing.code == 4);
  BOOST_TEST(missing.err.find("nothing") != std::string::npos, missing.err);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
