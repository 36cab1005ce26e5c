/// What those who link the library may put into a device: their own network, their own data.
#include "runtime/wiring.hpp"

#include <cstdint>
#include <list>
#include <memory>

#include <boost/test/unit_test.hpp>

#include "tests/model/samples.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/tallied_network.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(wiring)

namespace {

/// Compares the starter's books with what its network has carried, after each round.
class Auditor final : public Observer {
 public:
  explicit Auditor(const std::list<std::uint64_t>& carried) : carried_(carried) {}
  void round_done(const RoundDone& event, std::span<const float> /*x*/) override {
    BOOST_TEST(event.sent_bytes == carried_.front());
    ++rounds;
  }
  int rounds = 0;

 private:
  const std::list<std::uint64_t>& carried_;
};

SharedData sparse_data(const RunConfig& config) {
  SharedData data;
  data.put(config.data.train, *tests::sparse_sample());
  return data;
}

/// Has one set for everybody who asks, and counts them.
class CountedData final : public DataSource {
 public:
  std::shared_ptr<const model::Dataset> load(const model::DataPath& /*path*/) override {
    ++asked;
    return tests::sparse_sample();
  }
  int asked = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(every_simulated_device_uses_the_network_it_was_given) {
  const RunConfig config = tests::small_config();
  SharedData data = sparse_data(config);
  Observer nobody;
  Simulation plain;
  plain.devices = 3;
  const RunFinished expected = simulate(config, plain, data, nobody);

  std::list<std::uint64_t> carried;
  Auditor auditor(carried);
  Simulation wrapped = plain;
  wrapped.wrap_network = [&](transport::Network& inner, const asio::any_io_executor&) {
    return std::make_unique<tests::TalliedNetwork>(inner, carried.emplace_back(0));
  };
  const RunFinished end = simulate(config, wrapped, data, auditor);

  BOOST_TEST(end.exit_reason == "done");
  BOOST_TEST(*end.model_hash == *expected.model_hash);
  BOOST_TEST(carried.size() == 3U);
  BOOST_TEST(auditor.rounds == 6);
}

BOOST_AUTO_TEST_CASE(real_device_reads_from_the_source_it_was_given) {
  const RunConfig config = tests::small_config();
  SharedData data = sparse_data(config);
  Observer nobody;
  const RunFinished expected = simulate(config, Simulation(), data, nobody);

  const auto counted = std::make_shared<CountedData>();
  RealDevice device;
  device.session.name = "alone";
  device.data = counted;
  const RunFinished end = start_run(device, config, {}, {}, nobody, {});

  BOOST_TEST(end.exit_reason == "done");
  BOOST_TEST(counted->asked == 1);
  BOOST_TEST(*end.model_hash == *expected.model_hash);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
