/// Simulated devices, from the same Session, Ring and rendezvous as real ones.
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include <asio/co_spawn.hpp>
#include <asio/post.hpp>

#include "devices/processor.hpp"
#include "devices/world.hpp"
#include "runtime/resume.hpp"
#include "runtime/session.hpp"
#include "runtime/stop_request.hpp"
#include "runtime/stop_signals.hpp"
#include "runtime/wiring.hpp"
#include "transport/sim_network.hpp"

namespace annulet::runtime {
namespace {

/// What all simulated devices are made of.
struct SimulatedWorld {
  devices::World& world;
  transport::SimNetwork& lan;
  double flops_per_second;  // of this device
  DataSource& data;
  std::stop_token stop_computing;
  const WrapNetwork& wrap_network;
  const model::Catalogue& catalogue;
  const Schedules& schedules;
  CheckpointStore* checkpoints;
  std::shared_ptr<std::int64_t> newest_checkpoint;
};

/// The processor of a simulated device does its files, too: at once.
Machine machine_of(const SimulatedWorld& in, transport::Network& network,
                   devices::Processor& processor) {
  Machine machine{.executor = in.world.context().get_executor(),
                  .clock = in.world,
                  .processor = processor,
                  .network = network,
                  .data = in.data,
                  .virtual_time = true,
                  .stop_computing = in.stop_computing,
                  .catalogue = in.catalogue,
                  .schedules = in.schedules};
  if (in.checkpoints != nullptr) {
    machine.checkpoints.emplace(CheckpointTools{*in.checkpoints, processor, in.newest_checkpoint});
  }
  return machine;
}

/// Of a device that joins: the checkpoint that its part completes is that of all, so that it is the
/// starter's observer who hears of it.
class JoinerObserver final : public Observer {
 public:
  explicit JoinerObserver(Observer& starter) : starter_(starter) {}
  void checkpointed(const Checkpointed& event) override { starter_.checkpointed(event); }

 private:
  Observer& starter_;
};

struct SimulatedDevice {
  SimulatedDevice(const SimulatedWorld& in, SessionOptions options, Observer& observer)
      : host(in.lan.host(options.name)),
        wrapped(in.wrap_network ? in.wrap_network(*host, in.world.context().get_executor())
                                : nullptr),
        network(wrapped ? *wrapped : *host),
        processor(in.world, in.flops_per_second),
        stop(std::make_shared<StopRequest>(in.world.context().get_executor())),
        session(machine_of(in, network, processor), std::move(options), observer, *stop) {}
  std::unique_ptr<transport::Network> host, wrapped;
  transport::Network& network;
  devices::VirtualProcessor processor;
  std::shared_ptr<StopRequest> stop;  // a signal may come when the device is gone
  Session session;
};

/// A ring of simulated devices, and what becomes of it.
class SimulatedRing {
 public:
  SimulatedRing(const Simulation& simulation, DataSource& data, Observer& observer)
      : simulation_(simulation),
        data_(data),
        observer_(observer),
        joiner_observer_(observer),
        lan_(*world_, simulation.link) {}
  SimulatedRing(const SimulatedRing&) = delete;
  SimulatedRing& operator=(const SimulatedRing&) = delete;
  // The world goes first, and with it all coroutines: they must not outlive what they use.
  ~SimulatedRing() {
    signals_.reset();  // posts to the world
    world_.reset();
  }

  void add_starter(const RunConfig& config) {
    auto device = make_device(0, observer_);
    if (simulation_.interrupted) listen_to_signals(device->stop);
    auto listener = device->network.listen({"", kPort});
    starter_ = transport::Endpoint(listener->local().host, kPort);
    StartOptions options;
    options.devices = simulation_.devices;
    options.gap = simulation_.gap;
    if (!simulation_.resume.empty()) options.run_id = simulation_.resume.front()->head().run_id;
    auto session = device->session.start(config, options, std::move(listener), {});
    spawn(std::move(device), std::move(session),
          [this](RunFinished end) { end_ = std::move(end); });
  }

  void add_joiner(std::size_t number) {
    auto device = make_device(number, joiner_observer_);
    JoinOptions options;
    options.starter = starter_;
    options.wait = StartOptions().wait;  // thousands at one door take their time
    auto session = device->session.join(options);
    spawn(std::move(device), std::move(session), [](const RunFinished&) {});
  }

  /// Until the last device has ended: the starter's end.
  RunFinished run() {
    world_->run();
    if (error_) std::rethrow_exception(error_);
    return std::move(end_);
  }

 private:
  static constexpr std::uint16_t kPort = 7077;

  std::unique_ptr<SimulatedDevice> make_device(std::size_t number, Observer& observer) {
    // Names sort like numbers: the starter gives out ranks by name.
    std::string digits = std::to_string(number);
    digits.insert(0, std::to_string(simulation_.devices - 1).size() - digits.size(), '0');
    SessionOptions options{.own_data = std::nullopt, .name = "device-" + digits};
    options.drop = simulation_.drop;
    options.replay = simulation_.replay;
    if (!simulation_.resume.empty()) options.resume = simulation_.resume.at(number);
    const auto& speeds = simulation_.flops_per_second;
    const double speed = speeds.at(std::min(number, speeds.size() - 1));
    return std::make_unique<SimulatedDevice>(
        SimulatedWorld{*world_, lan_, speed, data_, stop_computing_.get_token(),
                       simulation_.wrap_network, simulation_.catalogue, simulation_.schedules,
                       simulation_.checkpoints, newest_checkpoint_},
        std::move(options), observer);
  }

  void listen_to_signals(const std::weak_ptr<StopRequest>& stop) {
    const auto tell = [this, stop](void (StopRequest::*what)()) {
      asio::post(world_->context(), [stop, what] {
        if (const auto alive = stop.lock()) ((*alive).*what)();
      });
    };
    signals_.emplace(
        [this, tell] {
          simulation_.interrupted();
          tell(&StopRequest::request);
        },
        [this, tell] {
          tell(&StopRequest::hurry);  // in line before what half computed steps lead to
          stop_computing_.request_stop();
        });
  }

  void spawn(std::unique_ptr<SimulatedDevice> device, asio::awaitable<RunFinished> session,
             std::function<void(RunFinished)> ended) {
    asio::co_spawn(
        world_->context(), live(std::move(device), std::move(session)),
        [this, ended = std::move(ended)](std::exception_ptr failure, RunFinished finished) {
          if (failure && !error_) error_ = failure;
          ended(std::move(finished));
        });
  }

  /// The device goes with its coroutine: what it waits with must not outlive the world's context.
  static asio::awaitable<RunFinished> live(std::unique_ptr<SimulatedDevice> device,
                                           asio::awaitable<RunFinished> session) {
    const auto owner = std::move(device);
    auto work = std::move(session);  // goes before its device
    co_return co_await std::move(work);
  }

  const Simulation& simulation_;
  DataSource& data_;
  Observer& observer_;
  JoinerObserver joiner_observer_;
  std::shared_ptr<std::int64_t> newest_checkpoint_ = std::make_shared<std::int64_t>(0);
  std::unique_ptr<devices::World> world_ = std::make_unique<devices::World>();
  transport::SimNetwork lan_;
  transport::Endpoint starter_;
  RunFinished end_;
  std::exception_ptr error_;
  std::stop_source stop_computing_;
  std::optional<StopSignals> signals_;
};

}  // namespace

RunFinished simulate(const RunConfig& config, const Simulation& simulation, DataSource& data,
                     Observer& observer) {
  SimulatedRing ring(simulation, data, observer);
  ring.add_starter(config);
  for (std::size_t r = 1; r < simulation.devices; ++r) ring.add_joiner(r);
  return ring.run();
}

}  // namespace annulet::runtime
