/// Real devices and simulated ones, from the same Session, Ring and rendezvous.
#include "runtime/wiring.hpp"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stop_token>
#include <system_error>
#include <utility>
#include <vector>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

#include "devices/processor.hpp"
#include "devices/steady_clock.hpp"
#include "devices/world.hpp"
#include "runtime/lobby.hpp"
#include "runtime/session.hpp"
#include "runtime/stop_request.hpp"
#include "runtime/stop_signals.hpp"
#include "transport/membership.hpp"
#include "transport/shaped_network.hpp"
#include "transport/sim_network.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::runtime {
namespace {

/// What is real about a real device, in the order in which it must go.
class RealParts {
 public:
  explicit RealParts(const RealDevice& device)
      : clock(context.get_executor()),
        tcp(context.get_executor()),
        data(device.data),
        stop(context.get_executor()),
        catalogue_(device.catalogue),
        interrupted_(device.interrupted),
        signals_(context, SIGINT, SIGTERM, SIGHUP),
        patience_(context) {
    if (device.shape) shaped.emplace(tcp, clock, context.get_executor(), *device.shape);
    if (device.wrap_network) wrapped = device.wrap_network(bare(), context.get_executor());
    wait_for_signal();
  }

  [[nodiscard]] Machine machine() {
    return {.executor = context.get_executor(),
            .clock = clock,
            .processor = processor,
            .network = network(),
            .data = *data,
            .catalogue = catalogue_};
  }
  [[nodiscard]] transport::Network& network() {
    if (wrapped) return *wrapped;
    return bare();
  }

  RunFinished run(asio::awaitable<RunFinished> session) {
    RunFinished result;
    std::exception_ptr error;
    asio::co_spawn(context, std::move(session),
                   [&](std::exception_ptr failure, RunFinished finished) {
                     error = failure;
                     result = std::move(finished);
                     context.stop();
                   });
    context.run();
    if (error) std::rethrow_exception(error);
    return result;
  }

  asio::io_context context{1};
  devices::SteadyClock clock;
  transport::TcpNetwork tcp;
  std::optional<transport::ShapedNetwork> shaped;
  std::unique_ptr<transport::Network> wrapped;
  std::shared_ptr<DataSource> data;
  StopRequest stop;
  devices::ComputeThread processor;  // joined before the context goes

 private:
  [[nodiscard]] transport::Network& bare() {
    if (shaped) return *shaped;
    return tcp;
  }

  void wait_for_signal() {
    signals_.async_wait([this](asio::error_code error, int) {
      if (error) return;
      if (hurried_) std::_Exit(kInterrupted);
      if (stop.requested()) {
        end_at_once();
      } else {
        stop.request();
        if (interrupted_) interrupted_();
      }
      wait_for_signal();
    });
  }

  /// Writes what there is, for at most a second: a disk or a terminal may not answer.
  void end_at_once() {
    hurried_ = true;
    stop.hurry();
    patience_.expires_after(std::chrono::seconds(1));
    patience_.async_wait([](asio::error_code error) {
      if (!error) std::_Exit(kInterrupted);
    });
  }

  const model::Catalogue& catalogue_;
  std::function<void()> interrupted_;
  asio::signal_set signals_;
  asio::steady_timer patience_;
  bool hurried_ = false;
};

std::unique_ptr<transport::Listener> listen(transport::Network& network,
                                            const transport::Endpoint& at) {
  try {
    return network.listen(at);
  } catch (const std::system_error& error) {
    const bool in_use = error.code() == std::errc::address_in_use;
    throw transport::RendezvousError(
        ErrorCode::cannot_listen,
        "cannot listen at " + at.text() + ": " +
            (in_use ? "another program, perhaps another run, listens there"
                    : error.code().message()) +
            ". Name another address or port with --listen ADDR:PORT.");
  }
}

/// What all simulated devices are made of.
struct SimulatedWorld {
  devices::World& world;
  transport::SimNetwork& lan;
  double flops_per_second;
  DataSource& data;
  std::stop_token stop_computing;
  const WrapNetwork& wrap_network;
  const model::Catalogue& catalogue;
};

struct SimulatedDevice {
  SimulatedDevice(const SimulatedWorld& in, const std::string& name, Observer& observer)
      : host(in.lan.host(name)),
        wrapped(in.wrap_network ? in.wrap_network(*host, in.world.context().get_executor())
                                : nullptr),
        network(wrapped ? *wrapped : *host),
        processor(in.world, in.flops_per_second),
        stop(std::make_shared<StopRequest>(in.world.context().get_executor())),
        session({in.world.context().get_executor(), in.world, processor, network, in.data, true,
                 in.stop_computing, in.catalogue},
                {.own_data = std::nullopt, .name = name}, observer, *stop) {}
  std::unique_ptr<transport::Network> host, wrapped;
  transport::Network& network;
  devices::VirtualProcessor processor;
  std::shared_ptr<StopRequest> stop;  // a signal may come when the device is gone
  Session session;
};

/// A ring of simulated devices, and what becomes of it.
class SimulatedRing {
 public:
  SimulatedRing(const Simulation& simulation, DataSource& data)
      : simulation_(simulation), data_(data), lan_(*world_, simulation.link) {}
  SimulatedRing(const SimulatedRing&) = delete;
  SimulatedRing& operator=(const SimulatedRing&) = delete;
  // The world goes first, and with it all coroutines: they must not outlive what they use.
  ~SimulatedRing() {
    signals_.reset();  // posts to the world
    world_.reset();
  }

  void add_starter(const RunConfig& config, Observer& observer) {
    auto device = make_device(0, observer);
    if (simulation_.interrupted) listen_to_signals(device->stop);
    auto listener = device->network.listen({"", kPort});
    starter_ = transport::Endpoint(listener->local().host, kPort);
    StartOptions options;
    options.devices = simulation_.devices;
    auto session = device->session.start(config, options, std::move(listener), {});
    spawn(std::move(device), std::move(session),
          [this](RunFinished end) { end_ = std::move(end); });
  }

  void add_joiner(std::size_t number) {
    auto device = make_device(number, nobody_);
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
    return std::make_unique<SimulatedDevice>(
        SimulatedWorld{*world_, lan_, simulation_.flops_per_second, data_,
                       stop_computing_.get_token(), simulation_.wrap_network,
                       simulation_.catalogue},
        "device-" + digits, observer);
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
  Observer nobody_;
  std::unique_ptr<devices::World> world_ = std::make_unique<devices::World>();
  transport::SimNetwork lan_;
  transport::Endpoint starter_;
  RunFinished end_;
  std::exception_ptr error_;
  std::stop_source stop_computing_;
  std::optional<StopSignals> signals_;
};

}  // namespace

RunFinished start_run(const RealDevice& device, const RunConfig& config,
                      const StartOptions& options, const transport::Endpoint& at,
                      Observer& observer, std::function<void(const transport::LobbyEvent&)> show) {
  RealParts parts(device);
  auto listener = options.devices > 1 ? listen(parts.network(), at) : nullptr;
  Session session(parts.machine(), device.session, observer, parts.stop);
  if (device.listening && listener) device.listening(listener->local());
  Lobby lobby(parts.clock, std::move(show));
  return parts.run(
      session.start(config, options, std::move(listener),
                    [&lobby](const transport::LobbyEvent& event) { lobby.tell(event); }));
}

RunFinished join_run(const RealDevice& device, const JoinOptions& options, Observer& observer) {
  RealParts parts(device);
  Session session(parts.machine(), device.session, observer, parts.stop);
  if (device.listening) device.listening(options.starter);  // Ctrl-C is heard from here on
  return parts.run(session.join(options));
}

RunFinished simulate(const RunConfig& config, const Simulation& simulation, DataSource& data,
                     Observer& observer) {
  SimulatedRing ring(simulation, data);
  ring.add_starter(config, observer);
  for (std::size_t r = 1; r < simulation.devices; ++r) ring.add_joiner(r);
  return ring.run();
}

}  // namespace annulet::runtime
