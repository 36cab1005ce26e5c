/// annulet reproduce as people type it.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_program.hpp"
#include "tests/support/child_ring.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(reproduce)

namespace {

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

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

// What would be noticed after half an hour is looked at first.
BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_used_is_refused_before_anything_is_computed) {
  const WorkFolder folder;
  const auto rows = folder.at("rows.libsvm");
  std::filesystem::create_directory(folder.at("taken"));
  folder.write("taken/reproduction.html", "the page of last week");
  const auto taken = run({"reproduce", "--data", rows, "-o", folder.at("taken"), "--json"});
  BOOST_TEST(taken.code == 2);
  BOOST_TEST(taken.err.find("AN312") != std::string::npos, taken.err);
  BOOST_TEST(taken.out.find("\"error_code\":\"AN312\"") != std::string::npos, taken.out);
  BOOST_TEST(text_of(folder.at("taken/reproduction.html")) == "the page of last week");
  std::filesystem::create_directory(folder.at("mine"));
  folder.write("mine/cells.csv", "my own");
  const auto mine = run({"reproduce", "--data", rows, "-o", folder.at("mine")});
  BOOST_TEST(mine.code == 2);
  BOOST_TEST(text_of(folder.at("mine/cells.csv")) == "my own");
  const auto no_folder = run({"reproduce", "--data", rows, "-o", rows + "/page"});
  BOOST_TEST(no_folder.code == 4);
  BOOST_TEST(no_folder.err.find("AN502") != std::string::npos, no_folder.err);
  for (const auto& one : {taken, no_folder}) BOOST_TEST(one.err.find("of 89") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_model_that_memory_does_not_hold_is_refused) {
  const WorkFolder folder;
  const auto rows = folder.write("wide.libsvm", "+1 1:1\n-1 400000000:1\n");
  const auto wide = run({"reproduce", "--data", rows, "-o", folder.at("page")});
  BOOST_TEST(wide.code == 4);
  BOOST_TEST(wide.err.find("AN303") != std::string::npos, wide.err);
  BOOST_TEST(wide.err.find("Row 2 has the index 400,000,000") != std::string::npos, wide.err);
}

BOOST_AUTO_TEST_CASE(ctrl_c_ends_it_and_leaves_nothing) {
  const WorkFolder folder;
  std::string rows;  // 1,000 features, 3 rows a feature: minutes, if it were let
  for (int i = 0; i < 3000; ++i) {
    rows += (i % 7 < 3 ? "+1 " : "-1 ") + std::to_string(i % 1000 + 1) + ":" +
            std::to_string(i % 11 + 1) + "\n";
  }
  ChildProgram child({"reproduce", "--json", "--data", folder.write("many.libsvm", rows), "-o",
                      folder.at("page")});
  child.wait_for("0 of 89");
  child.send(SIGINT);
  BOOST_TEST(child.wait() == 130);
  BOOST_TEST(child.errors().find("annulet: interrupted: no page was written") != std::string::npos);
  BOOST_TEST(child.output().find("\"exit_reason\":\"interrupted\"") != std::string::npos);
  BOOST_TEST(!std::filesystem::exists(folder.at("page")));
}

BOOST_AUTO_TEST_CASE(other_data_are_refused_in_a_line) {
  const WorkFolder folder;
  const auto alike = run({"reproduce", "--data", folder.write("alike.libsvm", "+1 1:1\n-1 1:1\n"),
                          "-o", folder.at("page")});
  BOOST_TEST(alike.code == 4);
  BOOST_TEST(alike.err.find("AN408: there is nothing to learn") != std::string::npos, alike.err);
  BOOST_TEST(!std::filesystem::exists(folder.at("page")));
  const auto outputs =
      run({"reproduce", "--data", folder.write("two.train", "2 1 2\n0.5\n0.5 0.25\n1\n0.25 1\n")});
  BOOST_TEST(outputs.code == 4);
  BOOST_TEST(outputs.err.find("give a LIBSVM file") != std::string::npos, outputs.err);
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
