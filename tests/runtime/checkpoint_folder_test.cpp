/// The files of checkpoints: few, whole, and the older one when the newer cannot be used.
#include "runtime/checkpoint_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <new>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/checkpoint_store.hpp"
#include "runtime/file_error.hpp"
#include "tests/support/failing_disk.hpp"
#include "tests/support/small_checkpoint.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(checkpoint_folder)

namespace {

namespace fs = std::filesystem;
namespace data = boost::unit_test::data;
using runtime::Kept;
using runtime::RealDisk;

void write(runtime::Disk& disk, const fs::path& folder, std::int64_t round,
           const std::vector<std::int64_t>& keep) {
  const auto record = record_of(small_checkpoint(round));
  const std::vector<std::span<const std::byte>> records = {record};
  runtime::write_checkpoint(disk, folder, round, records, keep);
}

/// The rounds of the checkpoints that can be read, newest first.
std::vector<std::int64_t> rounds_in(const fs::path& folder) {
  RealDisk disk;
  std::vector<std::int64_t> rounds;
  for (const auto& file : runtime::find_checkpoints(disk, folder).files) {
    rounds.push_back(file.at(0).state.round);
  }
  return rounds;
}

std::vector<std::string> names_in(const fs::path& folder) {
  auto names = RealDisk().list(folder);
  std::ranges::sort(names);
  return names;
}

void spoil(const fs::path& file, std::size_t length) { fs::resize_file(file, length); }

}  // namespace

BOOST_AUTO_TEST_CASE(old_ones_go_when_the_new_one_is_there) {
  const TemporaryFolder folder;
  RealDisk disk;
  write(disk, folder.path(), 10, {});
  write(disk, folder.path(), 20, {10});
  BOOST_TEST(names_in(folder.path()) ==
                 (std::vector<std::string>{"checkpoint-10.rck", "checkpoint-20.rck"}),
             boost::test_tools::per_element());
  std::ofstream(folder.path() / "checkpoint.tmp") << "left by a power cut";
  std::ofstream(folder.path() / "model.safetensors") << "not ours";
  std::ofstream(folder.path() / "checkpoint-x.rck") << "not ours either";
  write(disk, folder.path(), 30, {20});
  BOOST_TEST(names_in(folder.path()) ==
                 (std::vector<std::string>{"checkpoint-20.rck", "checkpoint-30.rck",
                                           "checkpoint-x.rck", "model.safetensors"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_removed_keeps_no_other_from_going) {
  // A disk on which the call of that number fails, once; how many calls the last writing took.
  const auto write_four = [](const fs::path& folder, std::size_t fails_at) {
    RealDisk real;
    for (const std::int64_t round : {10, 20, 30}) write(real, folder, round, {10, 20});
    FailingDisk disk(real, fails_at, EIO, Failing::once, 10'000);
    write(disk, folder, 40, {});
    return disk.calls();
  };
  const TemporaryFolder all, folder;
  const auto calls = write_four(all.path(), 1000);
  BOOST_TEST(rounds_in(all.path()) == (std::vector<std::int64_t>{40}),
             boost::test_tools::per_element());
  write_four(folder.path(), calls - 3);  // the first of the three that go
  BOOST_TEST(rounds_in(folder.path()).size() == 2U);
  BOOST_TEST(rounds_in(folder.path()).front() == 40);
}

BOOST_AUTO_TEST_CASE(a_damaged_one_is_named_and_the_older_one_taken) {
  const TemporaryFolder folder;
  RealDisk disk;
  for (const std::int64_t round : {10, 20, 30}) write(disk, folder.path(), round, {10, 20});
  spoil(folder.path() / "checkpoint-30.rck", 100);
  const auto found = runtime::find_checkpoints(disk, folder.path());
  BOOST_TEST(rounds_in(folder.path()) == (std::vector<std::int64_t>{20, 10}),
             boost::test_tools::per_element());
  BOOST_REQUIRE(found.refused.size() == 1U);
  BOOST_TEST(found.refused[0] ==
             (folder.path() / "checkpoint-30.rck").string() +
                 " is damaged: its checksum does not fit; it is cut short, or bytes have changed");
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_not_read) {
  const TemporaryFolder folder;
  RealDisk disk;
  write(disk, folder.path(), 10, {});
  fs::create_directory(folder.path() / "checkpoint-20.rck");
  const auto found = runtime::find_checkpoints(disk, folder.path());
  BOOST_TEST(found.files.size() == 1U);
  BOOST_REQUIRE(found.refused.size() == 1U);
  BOOST_TEST(found.refused[0] ==
             (folder.path() / "checkpoint-20.rck").string() + " cannot be read: Invalid argument");
  BOOST_CHECK_THROW(static_cast<void>(runtime::find_checkpoints(disk, folder.path() / "nowhere")),
                    runtime::FileError);
}

// A hole of a terabyte: its length is no reason to ask for the memory.
BOOST_AUTO_TEST_CASE(one_larger_than_the_memory_is_named_and_the_older_one_taken) {
  const TemporaryFolder folder;
  RealDisk disk;
  for (const std::int64_t round : {10, 20}) write(disk, folder.path(), round, {10});
  fs::resize_file(folder.path() / "checkpoint-20.rck", std::uintmax_t{1} << 40U);
  const auto found = runtime::find_checkpoints(disk, folder.path());
  BOOST_REQUIRE(found.files.size() == 1U);
  BOOST_TEST(found.files[0].at(0).state.round == 10);
  BOOST_REQUIRE(found.refused.size() == 1U);
  BOOST_TEST(found.refused[0] == (folder.path() / "checkpoint-20.rck").string() +
                                     " is too large for this device's memory");
}

BOOST_AUTO_TEST_CASE(one_for_which_no_memory_is_free_is_named_and_the_older_one_taken) {
  const TemporaryFolder folder;
  RealDisk real;
  for (const std::int64_t round : {10, 20}) write(real, folder.path(), round, {10});
  FailingDisk disk(real, 1000, ENOSPC);
  disk.before_reading = [](const fs::path& file) {
    if (file.filename() == "checkpoint-20.rck") throw std::bad_alloc();
  };
  const auto found = runtime::find_checkpoints(disk, folder.path());
  BOOST_REQUIRE(found.files.size() == 1U);
  BOOST_TEST(found.files[0].at(0).state.round == 10);
  BOOST_REQUIRE(found.refused.size() == 1U);
  BOOST_TEST(found.refused[0] == (folder.path() / "checkpoint-20.rck").string() +
                                     " is too large for the memory that is free on this device");
}

// Every call of every writing, as long as there is one: after each the checkpoint before it can
// still be read, and the next writing leaves nothing behind.
BOOST_DATA_TEST_CASE(whichever_call_fails_the_previous_one_stays,
                     data::make({ENOSPC, EIO, EROFS}) *
                         data::make({Failing::once, Failing::from_then_on}),
                     error, failing) {
  std::size_t calls = 1;
  for (std::size_t at = 0; at < calls; ++at) {
    const TemporaryFolder folder;
    RealDisk real;
    write(real, folder.path(), 10, {});
    write(real, folder.path(), 20, {10});
    FailingDisk disk(real, at, error, failing, 500);
    std::string problem;
    try {
      write(disk, folder.path(), 30, {20});
    } catch (const runtime::FileError& failure) {
      problem = failure.what();
      BOOST_TEST(failure.code().value() == error);
      BOOST_TEST(
          problem.starts_with("cannot write " + folder.path().string() + "/checkpoint-30.rck: "));
    }
    calls = std::max(calls, disk.calls());
    const auto rounds = rounds_in(folder.path());
    BOOST_TEST_REQUIRE(!rounds.empty(), "call " << at);
    BOOST_TEST(rounds.front() >= (problem.empty() ? 30 : 20), "call " << at);
    BOOST_TEST(std::ranges::count(rounds, 20) == 1, "call " << at);

    write(real, folder.path(), 40, {20});
    BOOST_TEST(names_in(folder.path()) ==
                   (std::vector<std::string>{"checkpoint-20.rck", "checkpoint-40.rck"}),
               boost::test_tools::per_element());
  }
  BOOST_TEST(calls > 10U);  // create, six writes, sync, close, rename, sync, list, remove
}

BOOST_AUTO_TEST_CASE(a_disk_that_stays_full_gathers_no_litter) {
  const TemporaryFolder folder;
  RealDisk real;
  write(real, folder.path(), 10, {});
  for (std::int64_t round = 11; round < 40; ++round) {
    FailingDisk disk(real, 3, ENOSPC);
    BOOST_CHECK_THROW(write(disk, folder.path(), round, {10}), runtime::FileError);
  }
  for (const auto& name : names_in(folder.path())) {
    BOOST_TEST((name == "checkpoint-10.rck" || name == "checkpoint.tmp"), name);
  }
}

BOOST_AUTO_TEST_CASE(a_simulation_writes_all_devices_into_one_file) {
  const TemporaryFolder folder;
  RealDisk disk;
  runtime::SimulationCheckpoints store(disk, [&] { return folder.path(); });
  const auto put = [&](std::int64_t round, std::size_t rank) {
    auto checkpoint = small_checkpoint(round);
    checkpoint.head.rank = static_cast<std::uint32_t>(rank);
    const auto record = record_of(checkpoint);
    return store.write({.round = round, .rank = rank, .workers = 2, .record = record, .keep = {}});
  };
  BOOST_CHECK(put(10, 1) == Kept::in_part);
  BOOST_TEST(names_in(folder.path()).empty());
  BOOST_CHECK(put(10, 0) == Kept::whole);
  BOOST_CHECK(put(20, 1) == Kept::in_part);  // never whole
  BOOST_CHECK(put(30, 0) == Kept::in_part);
  BOOST_CHECK(put(30, 1) == Kept::whole);
  const auto found = runtime::find_checkpoints(disk, folder.path());
  BOOST_REQUIRE(found.files.size() == 1U);
  BOOST_REQUIRE(found.files[0].size() == 2U);
  BOOST_TEST(found.files[0][0].head.rank == 0U);
  BOOST_TEST(found.files[0][1].head.rank == 1U);
  BOOST_TEST(found.files[0][1].state.round == 30);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
