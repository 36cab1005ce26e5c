/// Folders for results are made once each, and only from the start of a run on.
#include "runtime/results_folder.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include <boost/test/unit_test.hpp>

#include "devices/error_code.hpp"
#include "runtime/artefacts.hpp"
#include "runtime/file_error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(results_folder)

namespace {

namespace fs = std::filesystem;

/// What is said when another has the folder.
std::string refusal_of(const std::function<void()>& take) {
  try {
    take();
  } catch (const devices::UserError& error) {
    BOOST_TEST((error.error() == ErrorCode::folder_in_use));
    return error.what();
  }
  return "none";
}

std::string noon() { return "2026-11-22T12:00:00.000Z"; }

}  // namespace

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

BOOST_AUTO_TEST_CASE(a_folder_has_one_owner_at_a_time) {
  const tests::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  const auto make = [&] { static_cast<void>(OwnFolder::make(folder)); };
  const auto take = [&] { static_cast<void>(OwnFolder::of(folder)); };
  const auto beginning = folder.string() + " is being written by another annulet: wait for it";
  {
    const auto own = OwnFolder::make(folder);
    BOOST_TEST(refusal_of(make) == beginning + ", or name another folder with --out");
    BOOST_TEST(refusal_of(take) == beginning + " to end");
    BOOST_TEST(fs::is_directory(folder));  // who was refused takes nothing away
    std::ofstream(folder / "file") << "a file";
  }
  BOOST_TEST(refusal_of(make) == "none");
  BOOST_TEST(refusal_of(take) == "none");
  BOOST_TEST(fs::exists(folder / "file"));
}

BOOST_AUTO_TEST_CASE(folders_that_stayed_empty_go_again) {
  const tests::TemporaryFolder temporary;
  const auto there = temporary.path() / "there";
  fs::create_directory(there);
  static_cast<void>(OwnFolder::make(there));
  BOOST_TEST(fs::exists(there));  // it was made by somebody else
  static_cast<void>(OwnFolder::make(there / "a" / "b"));
  BOOST_TEST(fs::is_empty(there));
  {
    const auto own = OwnFolder::make(there / "a" / "b");
    std::ofstream(there / "a" / "file") << "a file";
  }
  BOOST_TEST(!fs::exists(there / "a" / "b"));
  BOOST_TEST(fs::exists(there / "a" / "file"));
}

BOOST_AUTO_TEST_CASE(a_run_writes_into_no_folder_that_another_has) {
  const tests::TemporaryFolder temporary;
  const auto folder = temporary.path() / "run";
  Artefacts first(folder, noon), second(folder, noon), third(folder, noon, FolderUse::continued);
  first.take_folder();
  const auto taken = folder.string() + " is being written by another annulet";
  BOOST_TEST(refusal_of([&] { second.take_folder(); }).starts_with(taken));
  BOOST_TEST(refusal_of([&] { third.take_folder(); }).starts_with(taken));
  second.started({});
  BOOST_TEST(second.problem().starts_with(taken));
  BOOST_TEST(fs::is_empty(folder));
  first.started({});
  BOOST_TEST(first.problem() == "");
  BOOST_TEST(fs::exists(folder / "log.jsonl"));
}

// Its folder may be one that goes on, of a run that has ended; but there must be one.
BOOST_AUTO_TEST_CASE(a_run_goes_on_in_no_folder_that_is_not_there) {
  const tests::TemporaryFolder temporary;
  Artefacts artefacts(temporary.path() / "nowhere", noon, FolderUse::continued);
  BOOST_CHECK_EXCEPTION(artefacts.take_folder(), FileError, [&](const FileError& error) {
    return error.error() == ErrorCode::no_checkpoint &&
           error.what() == "cannot read the folder " + (temporary.path() / "nowhere").string() +
                               ": No such file or directory";
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
