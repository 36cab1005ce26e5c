/// Files written piece by piece: whole or not at all.
#include "runtime/whole_file.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include <boost/test/unit_test.hpp>

#include "runtime/file_error.hpp"
#include "tests/support/small_files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(whole_file)

namespace {

using tests::read_all;
using tests::TemporaryFolder;

std::size_t files_in(const TemporaryFolder& folder) {
  const auto names = std::filesystem::directory_iterator(folder.path());
  return static_cast<std::size_t>(std::distance(begin(names), end(names)));
}

}  // namespace

BOOST_AUTO_TEST_CASE(it_takes_its_name_at_the_end) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "rows.csv";
  std::ofstream(path) << "old";
  WholeFile file(path);
  file.write("one\n");
  file.write("two\n");
  BOOST_TEST(read_all(path) == "old");
  file.commit();
  BOOST_TEST(read_all(path) == "one\ntwo\n");
  BOOST_TEST(files_in(folder) == 1U);
}

BOOST_AUTO_TEST_CASE(without_an_end_nothing_stays) {
  const TemporaryFolder folder;
  {
    WholeFile file(folder.path() / "rows.csv");
    file.write("half");
    BOOST_TEST(files_in(folder) == 1U);
  }
  BOOST_TEST(files_in(folder) == 0U);
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_old_file) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "rows.csv";
  std::ofstream(path) << "old";
  {
    const tests::SmallFiles small(2);
    WholeFile file(path);
    BOOST_CHECK_EXCEPTION(file.write("new"), FileError, [&](const FileError& error) {
      return error.code() == std::errc::file_too_large &&
             std::string(error.what()).starts_with("cannot write " + path.string() + ": ");
    });
  }
  BOOST_TEST(read_all(path) == "old");
  BOOST_TEST(files_in(folder) == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_of_its_temporary_name_stays) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "rows.csv.tmp") << "mine";
  WholeFile file(folder.path() / "rows.csv");
  file.write("new");
  file.commit();
  BOOST_TEST(read_all(folder.path() / "rows.csv") == "new");
  BOOST_TEST(read_all(folder.path() / "rows.csv.tmp") == "mine");
  BOOST_TEST(files_in(folder) == 2U);
}

BOOST_AUTO_TEST_CASE(a_file_that_comes_meanwhile_can_be_kept) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "rows.csv";
  {
    WholeFile file(path, FileThere::is_kept);
    file.write("new");
    std::ofstream(path) << "theirs";
    BOOST_CHECK_EXCEPTION(file.commit(), FileError, [](const FileError& error) {
      return error.code() == std::errc::file_exists;
    });
  }
  BOOST_TEST(read_all(path) == "theirs");
  BOOST_TEST(files_in(folder) == 1U);
}

BOOST_AUTO_TEST_CASE(a_link_whose_file_is_not_there_yet_stays_a_link) {
  const TemporaryFolder folder, elsewhere;
  const auto link = folder.path() / "rows.csv", first = elsewhere.path() / "link.csv";
  std::filesystem::create_symlink(first, link);
  std::filesystem::create_symlink("target.csv", first);
  WholeFile file(link);
  file.write("new");
  file.commit();
  BOOST_TEST(std::filesystem::is_symlink(link));
  BOOST_TEST(std::filesystem::is_regular_file(elsewhere.path() / "target.csv"));
}

BOOST_AUTO_TEST_CASE(a_link_stays_a_link) {
  const TemporaryFolder folder, elsewhere;
  std::ofstream(elsewhere.path() / "target.csv") << "old";
  const auto link = folder.path() / "rows.csv";
  std::filesystem::create_symlink(elsewhere.path() / "target.csv", link);
  WholeFile file(link);
  file.write("new");
  file.commit();
  BOOST_TEST(std::filesystem::is_symlink(link));
  BOOST_TEST(read_all(elsewhere.path() / "target.csv") == "new");
}

BOOST_AUTO_TEST_CASE(a_device_is_written_to_as_it_is) {
  WholeFile file("/dev/null");
  file.write("gone");
  file.commit();
  BOOST_TEST(std::filesystem::is_character_file("/dev/null"));
  WholeFile full("/dev/full");
  BOOST_CHECK_THROW(full.write("x"), FileError);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_made_is_named) {
  const TemporaryFolder folder;
  BOOST_CHECK_THROW(WholeFile(folder.path()), FileError);
  BOOST_CHECK_THROW(WholeFile(folder.path() / "none" / "rows.csv"), FileError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
