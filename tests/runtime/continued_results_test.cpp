/// The files of a run that goes on.
#include "runtime/continued_results.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "runtime/file_error.hpp"
#include "runtime/rounds_csv.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::tests {

BOOST_AUTO_TEST_SUITE(continued_results)

BOOST_AUTO_TEST_CASE(rows_after_the_round_and_half_rows_go) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "rounds.csv";
  const std::string head = runtime::rounds_csv_header();
  std::ofstream(file) << head << "1,4,x\n2,8,\"a, b\"\n10,40,y\n3,12,z";
  runtime::cut_rounds(file, 3);
  BOOST_TEST(read_all(file) == head + "1,4,x\n2,8,\"a, b\"\n");
  runtime::cut_rounds(file, 1);
  BOOST_TEST(read_all(file) == head + "1,4,x\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_gets_its_head) {
  const TemporaryFolder folder;
  runtime::cut_rounds(folder.path() / "rounds.csv", 3);
  BOOST_TEST(read_all(folder.path() / "rounds.csv") == runtime::rounds_csv_header());
}

// A link to itself cannot be opened, a folder not be read; it may as well be a disk that fails.
BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_stays_as_it_is) {
  const TemporaryFolder folder;
  const auto check = [](const std::filesystem::path& file, const std::string& why) {
    BOOST_CHECK_EXCEPTION(runtime::cut_rounds(file, 3), runtime::FileError,
                          [&](const runtime::FileError& error) {
                            return error.what() == "cannot read " + file.string() + ": " + why;
                          });
  };
  const auto link = folder.path() / "link", no_file = folder.path() / "rounds.csv";
  std::filesystem::create_symlink(link, link);
  check(link, "Too many levels of symbolic links");
  BOOST_TEST(std::filesystem::is_symlink(link));
  std::filesystem::create_directory(no_file);
  check(no_file, "Is a directory");
}

BOOST_AUTO_TEST_CASE(half_lines_are_cut_off) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "log.jsonl";
  runtime::cut_half_line(file);
  BOOST_TEST(!std::filesystem::exists(file));
  const std::string line = "{\"ev\":\"start\"}\n";
  for (const auto& whole : {std::string(), line, line + line}) {
    for (const std::string half : {"", "{", "{\"ev\":\"round\"}"}) {
      std::ofstream(file) << whole << half;
      runtime::cut_half_line(file);
      BOOST_TEST(read_all(file) == whole);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
