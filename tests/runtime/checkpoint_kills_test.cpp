/// A writer of checkpoints, killed 200 times at random moments: what it acknowledged is there.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "model/random.hpp"
#include "runtime/checkpoint_folder.hpp"
#include "tests/support/small_checkpoint.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(checkpoint_kills)

namespace {

constexpr std::uint64_t kSeed = 20261128;
constexpr int kKills = 200;
constexpr std::size_t kParameters = 20'000;  // large enough to be killed within a write

/// Writes checkpoint after checkpoint from `round` on, and each round to the pipe when it is there.
/// Never returns.
[[noreturn]] void write_for_ever(const std::filesystem::path& folder, std::int64_t round,
                                 int acknowledge) {
  runtime::RealDisk disk;
  auto checkpoint = small_checkpoint(1);
  checkpoint.state.averages.clear();
  checkpoint.state.v.clear();
  checkpoint.state.u.clear();
  checkpoint.state.r.clear();
  checkpoint.state.x.assign(kParameters, 1.5F);
  checkpoint.state.under_way.clear();
  for (;; ++round) {
    checkpoint.state.round = checkpoint.state.t = round;
    checkpoint.state.x[0] = static_cast<float>(round);
    const auto record = record_of(checkpoint);
    const std::vector<std::span<const std::byte>> records = {record};
    const std::array keep = {round - 1};
    runtime::write_checkpoint(disk, folder, round, records, keep);
    if (::write(acknowledge, &round, sizeof round) != sizeof round) ::_exit(1);
  }
}

/// The last round that a writer acknowledged before it was killed, at a moment of `random`.
std::int64_t kill_a_writer(const std::filesystem::path& folder, std::int64_t round,
                           model::Random& random) {
  std::array<int, 2> pipe{};
  BOOST_REQUIRE(::pipe(pipe.data()) == 0);
  const pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    ::close(pipe[0]);
    write_for_ever(folder, round, pipe[1]);
  }
  ::close(pipe[1]);
  std::int64_t acknowledged = 0;
  const auto read_one = [&] {
    return ::read(pipe[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged;
  };
  // After a few acknowledgements and a while of counting: anywhere within a write.
  for (auto wanted = random.below(3); wanted > 0; --wanted) BOOST_REQUIRE(read_one());
  volatile std::uint64_t spin = random.below(2'000'000);
  while (spin > 0) spin = spin - 1;
  ::kill(child, SIGKILL);
  while (read_one()) {
  }
  ::close(pipe[0]);
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
  return acknowledged;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_was_acknowledged_outlives_the_writer) {
  BOOST_TEST_MESSAGE("seed " << kSeed);
  const TemporaryFolder folder;
  model::Random random(kSeed);
  runtime::RealDisk disk;
  std::int64_t round = 1, acknowledged = 0;
  std::size_t before = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    BOOST_TEST_CONTEXT("seed " << kSeed << ", kill " << kill) {
      const auto last = kill_a_writer(folder.path(), round, random);
      acknowledged = std::max(acknowledged, last);
      const auto found = runtime::find_checkpoints(disk, folder.path());
      // Half a file never has a checkpoint's name, so that none is even refused.
      BOOST_TEST(found.refused.empty());
      // What was acknowledged is there with the one before; beside these are the next one's half
      // file, or the next one itself. A writer that came to no acknowledgement has added no more
      // than that to what it found.
      const auto files = disk.list(folder.path()).size();
      BOOST_TEST(files <= (last > 0 ? 3U : before + 1));
      before = files;
      if (acknowledged == 0 && found.files.empty()) continue;
      BOOST_REQUIRE(!found.files.empty());
      const auto& state = found.files[0].at(0).state;
      BOOST_TEST(state.round >= acknowledged);
      BOOST_TEST(state.x.size() == kParameters);
      BOOST_TEST(state.x[0] == static_cast<float>(state.round));
      round = state.round + 1;
    }
  }
  BOOST_TEST(round > 20);  // it got somewhere
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
