/// Over real sockets and with real compute threads an average goes on while local steps do.
#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <vector>

#include <asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "devices/processor.hpp"
#include "devices/side_by_side.hpp"
#include "devices/steady_clock.hpp"
#include "runtime/local_sgd.hpp"
#include "tests/support/link_pair.hpp"
#include "tests/support/play.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(overlap_tcp)

namespace {

using runtime::RoundEnd;

/// Steps that move nothing; the second ones wait for something to be said.
class Waiting final : public model::LocalSolver<float> {
 public:
  explicit Waiting(std::future<void>* said) : said_(said) {}
  model::StepReport take_steps(model::Params<float> x, model::Step /*t*/, model::Step h,
                               const model::StepSize& /*eta*/,
                               const model::StepExtras<float>& /*extras*/,
                               const std::stop_token& /*stop*/) override {
    // So long only where the test fails.
    if (++calls_ == 2 && said_ != nullptr) {
      heard = said_->wait_for(std::chrono::seconds(60)) == std::future_status::ready;
    }
    for (float& value : x) value += 1;
    return {.steps = h, .sum_eta = 1};
  }
  model::Sampler& sampler() noexcept override { return sampler_; }

  bool heard = false;

 private:
  std::future<void>* said_;
  int calls_ = 0;
  model::Sampler sampler_{model::Sampling::cyclic, 1, 1, 1};
};

// More than sockets hold, so that each device must send and receive while its steps wait.
constexpr std::size_t kParameters = 4'000'000;

struct Device {
  Device(std::size_t rank, LinkPair&& links, devices::Clock& clock, asio::io_context& context,
         std::future<void>* said)
      : ring({rank, 2}, std::move(links.accepted), std::move(links.dialled), clock,
             context.get_executor()),
        solver(said) {
    state.x.resize(kParameters);
  }
  devices::ComputeThread processor;
  transport::Ring ring;
  Waiting solver;
  runtime::State state;
};

}  // namespace

// The steps of device 0 beside the first average wait until device 1 has it, which takes all that
// device 0 has to send.
BOOST_AUTO_TEST_CASE(an_average_comes_to_its_end_while_steps_are_taken) {
  asio::io_context context(1);
  transport::TcpNetwork network(context.get_executor());
  devices::SteadyClock clock(context.get_executor());
  std::array<LinkPair, 2> pairs{play(context, connect(network, network, "127.0.0.1")),
                                play(context, connect(network, network, "127.0.0.1"))};
  std::swap(pairs[0].accepted, pairs[1].accepted);  // each receives what the other sends
  std::promise<void> averaged;
  auto said = averaged.get_future();
  std::array<std::unique_ptr<Device>, 2> ring{
      std::make_unique<Device>(0, std::move(pairs[0]), clock, context, &said),
      std::make_unique<Device>(1, std::move(pairs[1]), clock, context, nullptr)};
  const auto eta = model::make_step_size({}, {});
  const auto schedule = runtime::make_schedule({.kind = "fixed", .h = 1}, {});
  const auto live = [&](std::size_t rank) -> asio::awaitable<void> {
    Device& device = *ring.at(rank);
    std::uint64_t operations = 0;
    runtime::LocalSgd loop{.clock = clock,
                           .processor = device.processor,
                           .ring = device.ring,
                           .solver = device.solver,
                           .eta = *eta,
                           .schedule = *schedule,
                           .rules = {.share = 0.5, .rank = rank, .overlap = true},
                           .horizon = 2,
                           .request = [] { return 0U; },
                           .operations = operations};
    runtime::RoundRecord record;
    BOOST_TEST((co_await take_round(loop, device.state, record) == RoundEnd::committed));
    if (rank == 1) averaged.set_value();
    BOOST_TEST((co_await take_round(loop, device.state, record) == RoundEnd::committed));
  };
  play(context, devices::both(live(0), live(1)));
  BOOST_TEST(ring[0]->solver.heard);
  for (const auto& device : ring) {
    BOOST_TEST(device->state.t == 2);
    BOOST_TEST(device->state.x.front() == 2.0F);
    BOOST_TEST(device->state.x.back() == 2.0F);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
