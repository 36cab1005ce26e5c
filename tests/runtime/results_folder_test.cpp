/// Folders for results are made once each, and only from the start of a run on.
#include "runtime/results_folder.hpp"

#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "runtime/artefacts.hpp"
#include "runtime/file_error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
namespace {

std::string noon() { return "2026-11-22T12:00:00.000Z"; }

}  // namespace

BOOST_AUTO_TEST_SUITE(results_folder)

BOOST_AUTO_TEST_CASE(everyone_who_wants_the_same_folder_gets_one_alone) {
  const tests::TemporaryFolder temporary;
  const auto wanted = temporary.path() / "runs" / "noon";
  for (const char* suffix : {"", "-2", "-3"}) {
    BOOST_TEST(make_new_folder(wanted) == wanted.string() + suffix);
    BOOST_TEST(std::filesystem::is_directory(wanted.string() + suffix));
  }
}

BOOST_AUTO_TEST_CASE(a_file_of_that_name_is_passed_over) {
  const tests::TemporaryFolder temporary;
  const auto wanted = temporary.path() / "noon";
  std::ofstream(wanted) << "a file";
  BOOST_TEST(make_new_folder(wanted) == temporary.path() / "noon-2");
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_named) {
  const tests::TemporaryFolder temporary;
  const auto file = temporary.path() / "file";
  std::ofstream(file) << "a file";
  const auto says_so = [&](const FileError& error) {
    return error.what() == "cannot make the folder " + (file / "a").string() + ": Not a directory";
  };
  BOOST_CHECK_EXCEPTION(make_folder(file / "a"), FileError, says_so);
  BOOST_CHECK_EXCEPTION(static_cast<void>(make_new_folder(file / "a" / "b")), FileError, says_so);
}

BOOST_AUTO_TEST_CASE(two_runs_that_want_one_folder_write_into_two) {
  const tests::TemporaryFolder temporary;
  const auto wanted = temporary.path() / "noon";
  Artefacts first(wanted, noon, FolderUse::new_one), second(wanted, noon, FolderUse::new_one);
  Artefacts never(wanted, noon, FolderUse::new_one);
  BOOST_TEST(!std::filesystem::exists(wanted));
  second.started({});
  first.started({});
  BOOST_TEST(second.folder() == wanted);
  BOOST_TEST(first.folder() == temporary.path() / "noon-2");
  BOOST_TEST(std::filesystem::exists(first.folder() / "log.jsonl"));
  BOOST_TEST(!std::filesystem::exists(temporary.path() / "noon-3"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
