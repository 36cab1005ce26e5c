/// A starter that reads its data for a while, and then finds that they are of no use.
#include <memory>
#include <new>
#include <optional>
#include <string>

#include <asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/processor.hpp"
#include "runtime/session.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(late_data)

namespace {

using namespace std::chrono_literals;
using runtime::RunFinished;

/// Each piece of work takes ten seconds before it does anything.
class SlowProcessor final : public devices::Processor {
 public:
  explicit SlowProcessor(devices::Clock& clock) : clock_(clock) {}
  asio::awaitable<void> run(devices::Flops /*cost*/, std::function<void()> work) override {
    co_await clock_.sleep_until(clock_.now() + 10s);
    work();
  }
  [[nodiscard]] devices::Duration time_of(devices::Flops /*cost*/,
                                          devices::Duration /*by_the_clock*/) const override {
    return 10s;
  }

 private:
  devices::Clock& clock_;
};

/// Data that are larger than the memory.
class TooMuch final : public runtime::DataSource {
 public:
  std::shared_ptr<const model::Dataset> load(const model::DataPath& /*path*/) override {
    throw std::bad_alloc();
  }
};

/// Starts a run at "desk". It must outlive the run.
class SlowStarter {
 public:
  SlowStarter(SimCluster& ring, runtime::DataSource& data)
      : processor_(ring.world()),
        network_(ring.lan->host("desk")),
        stop_(ring.world().context().get_executor()),
        session_({ring.world().context().get_executor(), ring.world(), processor_, *network_, data,
                  true},
                 {.own_data = std::nullopt, .name = "desk"}, observer_, stop_) {
    runtime::StartOptions options;
    options.devices = 3;
    asio::co_spawn(ring.world().context(),
                   session_.start(small_config(), options,
                                  network_->listen(transport::Endpoint("", SimCluster::kPort)), {}),
                   [this](std::exception_ptr, RunFinished finished) { end = std::move(finished); });
  }

  std::optional<RunFinished> end;

 private:
  SlowProcessor processor_;
  std::unique_ptr<transport::Network> network_;
  runtime::StopRequest stop_;
  runtime::Observer observer_;
  runtime::Session session_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_starter_without_data_tells_those_who_have_come) {
  SimCluster ring(small_config());
  SlowStarter starter(ring, ring.no_data);
  SimDevice& joiner = ring.join({.name = "pi-1"}, "desk");
  ring.run();
  BOOST_TEST_REQUIRE(starter.end.has_value());
  BOOST_TEST(starter.end->exit_code == 4);
  BOOST_TEST(starter.end->exit_reason.find("/data/sparse") != std::string::npos,
             starter.end->exit_reason);
  BOOST_TEST(joiner.code() == 4);
  BOOST_TEST(joiner.reason().starts_with("The starter ended the run before step 0: "),
             joiner.reason());
  BOOST_TEST((joiner.ended_at.since_start < 10s + 10ms));  // not by silence
}

BOOST_AUTO_TEST_CASE(full_memory_is_no_internal_error) {
  SimCluster ring(small_config());
  TooMuch data;
  SlowStarter starter(ring, data);
  SimDevice& joiner = ring.join({.name = "pi-1"}, "desk");
  ring.run();
  BOOST_TEST_REQUIRE(starter.end.has_value());
  BOOST_TEST(starter.end->exit_code == 4);
  BOOST_TEST(starter.end->exit_reason.starts_with("this device's memory is full: use fewer rows"),
             starter.end->exit_reason);
  BOOST_TEST(joiner.code() == 4);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
