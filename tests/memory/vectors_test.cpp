/// What a plan says that training keeps is what training takes.
#include <memory>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/checkpoint_store.hpp"
#include "runtime/memory_check.hpp"
#include "tests/support/held_memory.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(vectors)

namespace {

constexpr std::size_t kFeatures = 250'000;                  // so many parameters, too
constexpr std::size_t kVector = kFeatures * sizeof(float);  // a unit: all else is far smaller

/// Four rows that reach over all features, and take less than a unit.
model::Dataset wide_rows() {
  constexpr model::Index kLast = kFeatures - 1;
  return model::Dataset::sparse({0, 2, 4, 6, 8}, {0, kLast, 1, kLast, 2, 3, 4, 5},
                                std::vector<float>(8, 1.0F), {1, -1, 1, -1}, kFeatures);
}

/// A disk that takes everything and keeps nothing.
class Nowhere final : public runtime::CheckpointStore {
 public:
  runtime::Kept write(const runtime::CheckpointPart& /*part*/) override {
    ++written;
    return runtime::Kept::whole;
  }
  int written = 0;
};

struct Options {
  std::vector<std::string> settings{};
  bool checkpoints = false;

  friend std::ostream& operator<<(std::ostream& out, const Options& options) {
    for (const auto& setting : options.settings) out << setting << ' ';
    return out << (options.checkpoints ? "with checkpoints" : "without");
  }
};

const Options kOptions[] = {
    {},
    {.checkpoints = true},
    {{"train.correct_drift=true"}},
    {{"outer.momentum=0.5"}},
    {{"net.compress=q8"}},
    {{"run.output=uniform"}},
    {{"net.overlap=true"}},
    {{"train.correct_drift=true", "outer.momentum=0.5", "net.compress=q8", "run.output=linear"},
     true},
    {{"net.overlap=true", "train.correct_drift=true", "net.compress=f16", "run.output=linear"},
     true},
};

}  // namespace

BOOST_DATA_TEST_CASE(training_takes_what_the_plan_says, boost::unit_test::data::make(kOptions),
                     options) {
  constexpr std::size_t kDevices = 2;
  auto settings = options.settings;
  settings.insert(settings.end(),
                  {"model.l2=0", "output.checkpoint_every=1ms", "output.eval_every=8"});
  const auto config = small_config(settings);
  SimCluster ring(config);
  model::DataPath path;
  path.file = kSparseFile;
  ring.data.put(path, wide_rows());
  std::vector<Nowhere> disks(kDevices);
  runtime::StartOptions start;
  start.devices = kDevices;
  const auto device = [&](std::size_t r) {
    DeviceOptions made{.name = "device-" + std::to_string(r)};
    if (options.checkpoints) made.checkpoints = &disks[r];
    return made;
  };
  ring.start(device(0), start);
  ring.join(device(1));
  const HeldMemory held(kVector);
  ring.run();
  BOOST_TEST(ring[0].reason() == "done");
  BOOST_TEST((disks[0].written > 1) == options.checkpoints);

  auto size = runtime::model_size(config, kFeatures);
  size.checkpointed = options.checkpoints;
  const auto planned = static_cast<std::int64_t>(runtime::memory_bytes(size) / kVector);
  constexpr std::int64_t kOfTheTest = 1;  // each device's last model, which this test keeps
  BOOST_TEST(held.most() == static_cast<std::int64_t>(kDevices) * (planned + kOfTheTest));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
