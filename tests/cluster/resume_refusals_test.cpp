/// What a ring cannot go on from: all devices end with the same sentence, and none hangs.
#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/checkpoint_folder.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/kept_devices.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(resume_refusals)

namespace {

namespace fs = std::filesystem;
constexpr const char* kOwnFile = "/data/own";

runtime::RunConfig config_of(const std::vector<std::string>& settings = {}) {
  std::vector<std::string> all{"output.checkpoint_every=1ms"};
  all.insert(all.end(), settings.begin(), settings.end());
  return small_config(all);
}

/// The first of them starts.
std::unique_ptr<SimCluster> ring_of(std::vector<DeviceOptions> devices,
                                    const std::vector<std::string>& settings = {}) {
  auto ring = std::make_unique<SimCluster>(config_of(settings));
  runtime::StartOptions start;
  start.devices = devices.size();
  start.run_id = KeptDevices::kRun;
  ring->start(std::move(devices.front()), start);
  for (std::size_t r = 1; r < devices.size(); ++r) ring->join(std::move(devices[r]));
  return ring;
}

/// A run that has ended, and whose devices now have `steps` to take.
void train(KeptDevices& devices, const std::vector<std::string>& settings = {}) {
  const auto ring = devices.ring(config_of(settings), false);
  ring->run();
  BOOST_TEST_REQUIRE((*ring)[0].reason() == "done");
}

const std::vector<std::string> kMore{"run.steps=48"};

std::vector<DeviceOptions> resumed(KeptDevices& devices) {
  std::vector<DeviceOptions> all;
  for (std::size_t r = 0; r < devices.size(); ++r) all.push_back(devices.resumed(r));
  return all;
}

void check_all_say(SimCluster& ring, ErrorCode error, const std::string& sentence) {
  ring.run();
  for (std::size_t r = 0; r < ring.size(); ++r) {
    BOOST_TEST(ring[r].reason() == sentence);
    BOOST_TEST((ring[r].end->error == error));
    BOOST_TEST(ring[r].code() == 4);
    BOOST_TEST(ring[r].rounds.empty());
  }
}

/// Devices 0 and 2 waited for device-1, and end alike.
void check_waited_in_vain(const SimCluster& ring) {
  for (const std::size_t r : {0U, 2U}) {
    BOOST_TEST((ring[r].end->error == ErrorCode::too_few_devices));
    BOOST_TEST(ring[r].reason().ends_with(ring[0].reason()), ring[r].reason());
  }
}

/// Leaves of a device's checkpoints only that of one round.
void keep_only(const KeptDevices& devices, std::size_t r, std::int64_t round) {
  for (const auto& entry : fs::directory_iterator(devices.folder(r))) {
    if (entry.path().filename() != runtime::checkpoint_name(round)) fs::remove(entry.path());
  }
}

constexpr auto kDoesNotFit = ErrorCode::checkpoint_does_not_fit;

}  // namespace

// As many rows, as many features, the same labels: one row has another one than it had.
BOOST_AUTO_TEST_CASE(data_of_one_device_that_have_changed) {
  model::DataPath own;
  own.file = kOwnFile;
  const auto rows = sparse_sample();
  std::vector<float> labels(rows->labels().begin(), rows->labels().end());
  labels[7] = -labels[7];
  KeptDevices devices(3);
  const auto ring_with = [&](std::vector<DeviceOptions> all,
                             const std::shared_ptr<const model::Dataset>& read) {
    all[1].own_data = own;
    auto ring = ring_of(std::move(all), kMore);
    ring->data.put(own, *read);
    return ring;
  };
  const auto first = ring_with({devices.fresh(0), devices.fresh(1), devices.fresh(2)}, rows);
  (*first)[0].at_round = [&](const runtime::RoundDone& event) {
    if (event.round == 3) (*first)[0].request_stop();
  };
  first->run();
  BOOST_TEST((*first)[0].reason() == "interrupted");
  check_all_say(*ring_with(resumed(devices), with_labels(*rows, labels)), kDoesNotFit,
                "The data of device-1 are not those that the run began with: bring them back, or "
                "start a new run without --resume.");
  // Fewer rows change what all of them come to, on every device.
  const auto few = std::make_shared<const model::Dataset>(
      model::Dataset::sparse({0, 1, 2}, {0, 1}, {1, 1}, {-1, 1}, 12));
  check_all_say(*ring_with(resumed(devices), few), kDoesNotFit,
                "The data of device-1 are not those that the run began with: bring them back, or "
                "start a new run without --resume.");
  const auto again = ring_with(resumed(devices), rows);
  again->run();
  BOOST_TEST((*again)[0].reason() == "done");
}

BOOST_AUTO_TEST_CASE(another_drop_than_before) {
  KeptDevices devices(3);
  devices.ring(config_of(), false, {.drop = 0.25})->run();
  for (const double drop : {0.0, 0.5}) {
    check_all_say(*devices.ring(config_of(kMore), true, {.drop = drop}), kDoesNotFit,
                  "The checkpoint of round " + std::to_string(devices.rounds(0).front()) +
                      " is of a run with --drop 0.25: give that");
  }
  const auto again = devices.ring(config_of(kMore), true, {.drop = 0.25});
  again->run();
  BOOST_TEST((*again)[0].reason() == "done");
}

BOOST_AUTO_TEST_CASE(fewer_members) {
  KeptDevices devices(3);
  train(devices);
  check_all_say(*ring_of({devices.resumed(0), devices.resumed(1)}, kMore), kDoesNotFit,
                "The run was trained by device-0, device-1 and device-2; now there are device-0 "
                "and device-1: go on with the same devices, each with --resume and its own folder "
                "of that run.");
}

BOOST_AUTO_TEST_CASE(a_member_of_another_name) {
  KeptDevices devices(3);
  train(devices);
  auto all = resumed(devices);
  all[2].name = "pi";
  check_all_say(*ring_of(std::move(all), kMore), kDoesNotFit,
                "The run was trained by device-0, device-1 and device-2; now there are device-0, "
                "device-1 and pi: go on with the same devices, each with --resume and its own "
                "folder of that run.");
}

BOOST_AUTO_TEST_CASE(another_starter) {
  KeptDevices devices(3);
  train(devices);
  check_all_say(
      *ring_of({devices.resumed(1), devices.resumed(0), devices.resumed(2)}, kMore), kDoesNotFit,
      "The run was started by device-0 and now by device-1: start it on device-0 with annulet run, "
      "and join it on the others.");
}

// All have all rows, so that their data say nothing of whose checkpoints they go on from.
BOOST_AUTO_TEST_CASE(members_that_have_swapped_their_folders) {
  const std::vector<std::string> same{"data.partition=all"};
  const std::vector<std::string> more{"data.partition=all", "run.steps=48"};
  KeptDevices devices(3);
  train(devices, same);
  auto all = resumed(devices);
  std::swap(all[1].resume, all[2].resume);
  check_all_say(*ring_of(std::move(all), more), kDoesNotFit,
                "The checkpoints of device-1 are those of device-2: go on with --resume and each "
                "device's own folder of that run, under the name that it had.");
  const auto again = ring_of(resumed(devices), more);
  again->run();
  BOOST_TEST((*again)[0].reason() == "done");
}

BOOST_AUTO_TEST_CASE(no_round_of_all) {
  KeptDevices devices(3);
  train(devices);
  const auto rounds = devices.rounds(0);
  BOOST_TEST_REQUIRE(rounds.size() >= 2U);
  keep_only(devices, 0, rounds.front());
  keep_only(devices, 1, rounds.back());
  check_all_say(
      *ring_of(resumed(devices), kMore), ErrorCode::no_checkpoint,
      "There is no round of which all devices have a checkpoint (device-0 has " +
          std::to_string(rounds.front()) + ", device-1 has " + std::to_string(rounds.back()) +
          ", device-2 has " +
          [&] {
            std::vector<std::string> all(rounds.size());
            std::ranges::transform(rounds, all.begin(),
                                   [](std::int64_t round) { return std::to_string(round); });
            return runtime::names_text(all);
          }() +
          "): start the run anew, without --resume.");
}

// The same rounds of the same run id, data and devices, but with other models.
BOOST_AUTO_TEST_CASE(models_of_another_training) {
  KeptDevices devices(3), other(3);
  train(devices);
  train(other, {"train.lr={kind=\"constant\", value=0.25}"});
  auto all = resumed(devices);
  all[1].resume = other.resumed(1).resume;
  const auto ring = ring_of(std::move(all), kMore);
  ring->run();
  BOOST_TEST(((*ring)[1].end->error == kDoesNotFit));
  BOOST_TEST((*ring)[1].reason().starts_with("train.lr was "), (*ring)[1].reason());
  check_waited_in_vain(*ring);
}

// What residuals were left by belongs to the run.
BOOST_AUTO_TEST_CASE(checkpoints_of_another_codec_on_one_device) {
  KeptDevices devices(3), other(3);
  train(devices);
  train(other, {"net.compress=q8"});
  auto all = resumed(devices);
  all[1].resume = other.resumed(1).resume;
  const auto ring = ring_of(std::move(all), kMore);
  ring->run();
  BOOST_TEST(((*ring)[1].end->error == kDoesNotFit));
  BOOST_TEST((*ring)[1].reason().starts_with("net.compress was \"q8\" and is now \"none\""),
             (*ring)[1].reason());
  BOOST_TEST((*ring)[1].rounds.empty());
  check_waited_in_vain(*ring);
}

// It is told at the door; the others wait for the right one.
BOOST_AUTO_TEST_CASE(checkpoints_of_another_run_on_one_device) {
  KeptDevices devices(3);
  train(devices);
  auto all = resumed(devices);
  auto other = *all[1].resume;
  for (auto& checkpoint : other.found) checkpoint.head.run_id = 8;
  all[1].resume = std::make_shared<runtime::ResumeFrom>(other);
  const auto ring = ring_of(std::move(all), kMore);
  ring->run();
  BOOST_TEST(((*ring)[1].end->error == kDoesNotFit));
  BOOST_TEST((*ring)[1].reason() == devices.folder(1).string() +
                                        " is of run 8, the starter goes on with run 7: name this "
                                        "device's folder of that run with --resume.");
  check_waited_in_vain(*ring);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
