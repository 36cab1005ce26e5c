/// A device whose disk is full: its run goes on as if nothing were, and it is told of once.
#include <cerrno>
#include <cstddef>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/checkpoint_news.hpp"
#include "tests/support/failing_disk.hpp"
#include "tests/support/kept_devices.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(full_disk)

namespace {

namespace data = boost::unit_test::data;

runtime::RunConfig config_of() {
  return small_config({"run.steps=60", "output.checkpoint_every=1ms"});
}

/// A ring of three of which device-1 writes to that disk.
class RingWithDisk {
 public:
  explicit RingWithDisk(runtime::Disk& disk)
      : devices(3), store_(disk, [this] { return devices.folder(1); }), cluster(config_of()) {
    runtime::StartOptions start;
    start.devices = 3;
    start.run_id = KeptDevices::kRun;
    cluster.start(devices.fresh(0), start);
    auto options = devices.fresh(1);
    options.checkpoints = &store_;
    cluster.join(std::move(options));
    cluster.join(devices.fresh(2));
  }

  KeptDevices devices;

 private:
  runtime::DeviceCheckpoints store_;

 public:
  SimCluster cluster;
};

/// What a program would say of a device's checkpoints.
std::vector<std::string> said_of(const SimDevice& device) {
  runtime::CheckpointNews news;
  std::vector<std::string> sentences;
  for (const auto& event : device.checkpoints) {
    const auto sentence = news.hear(event);
    if (!sentence.empty()) sentences.push_back(sentence);
  }
  return sentences;
}

bool holds(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

// The calls of a few writings: in the first, between two, in the middle of a later one.
BOOST_DATA_TEST_CASE(a_disk_that_fills_up_changes_no_model_and_is_told_of_once,
                     data::make({0, 3, 9, 40, 90}), full_from) {
  SimCluster without(3, config_of());
  without.run();
  runtime::RealDisk real(runtime::RealDisk::Durability::unsynced);
  FailingDisk disk(real, static_cast<std::size_t>(full_from), ENOSPC, Failing::from_then_on, 1000);
  RingWithDisk ring(disk);
  ring.cluster.run();
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(ring.cluster[r].reason() == "done");
    BOOST_TEST(*ring.cluster[r].end->model_hash == *without[r].end->model_hash);
    BOOST_TEST(ring.cluster[r].rounds.size() == without[r].rounds.size());
  }
  BOOST_TEST(disk.calls() > static_cast<std::size_t>(full_from));
  const auto said = said_of(ring.cluster[1]);
  BOOST_REQUIRE(said.size() == 1U);
  BOOST_TEST(holds(said[0], "no checkpoint of round "), said[0]);
  BOOST_TEST(holds(said[0], "No space left on device. The run goes on; "), said[0]);
  BOOST_TEST(said_of(ring.cluster[0]).empty());
}

BOOST_AUTO_TEST_CASE(a_disk_that_has_space_again_is_told_of_and_all_have_the_last_round) {
  runtime::RealDisk real(runtime::RealDisk::Durability::unsynced);
  FailingDisk disk(real, 0, ENOSPC, Failing::from_then_on, 1000);
  RingWithDisk ring(disk);
  ring.cluster[0].at_round = [&](const runtime::RoundDone& event) {
    if (event.round == 7) disk.heal();
  };
  ring.cluster.run();
  const auto said = said_of(ring.cluster[1]);
  BOOST_REQUIRE(said.size() == 2U);
  BOOST_TEST(said[0].ends_with("No space left on device. The run goes on; there is no checkpoint "
                               "here yet. Free some space."),
             said[0]);
  BOOST_TEST(said[1].starts_with("checkpoints are written again: that of round "), said[1]);
  const auto last = ring.cluster[1].end->rounds;
  for (std::size_t r = 0; r < 3; ++r) BOOST_TEST(ring.devices.rounds(r).front() == last);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
