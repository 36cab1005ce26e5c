/// Real devices: sockets, the clock, a compute thread, signals.
#include "runtime/wiring.hpp"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

#include "devices/processor.hpp"
#include "devices/side_by_side.hpp"
#include "devices/steady_clock.hpp"
#include "runtime/lobby.hpp"
#include "runtime/session.hpp"
#include "runtime/stop_request.hpp"
#include "runtime/stop_signals.hpp"
#include "transport/membership.hpp"
#include "transport/shaped_network.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::runtime {

/// What is real about a real device, in the order in which it must go.
class RealParts {
 public:
  explicit RealParts(const RealDevice& device)
      : clock(context.get_executor()),
        tcp(context.get_executor()),
        data(device.data),
        stop(context.get_executor()),
        catalogue_(device.catalogue),
        schedules_(device.schedules),
        checkpoints_(device.checkpoints),
        interrupted_(device.interrupted),
        pulse_(device.pulse),
        signals_(context, SIGINT, SIGTERM, SIGHUP),
        patience_(context),
        beats_(context) {
    if (device.shape) shaped.emplace(tcp, clock, context.get_executor(), *device.shape);
    if (device.slowdown > 1) slowed.emplace(processor, clock, device.slowdown);
    if (device.wrap_network) wrapped = device.wrap_network(bare(), context.get_executor());
    wait_for_signal();
    if (pulse_.beat) wait_for_beat();
  }

  [[nodiscard]] Machine machine() {
    Machine machine{.executor = context.get_executor(),
                    .clock = clock,
                    .processor = slowed ? static_cast<devices::Processor&>(*slowed) : processor,
                    .network = network(),
                    .data = *data,
                    .catalogue = catalogue_,
                    .schedules = schedules_};
    if (checkpoints_ != nullptr) {
      machine.checkpoints.emplace(CheckpointTools{*checkpoints_, files_});
    }
    return machine;
  }
  [[nodiscard]] transport::Network& network() {
    if (wrapped) return *wrapped;
    return bare();
  }

  /// Runs the loop until the work has ended. Nothing of it is left behind then.
  template <class T>
  T run(asio::awaitable<T> work) {
    std::optional<T> result;
    std::optional<std::exception_ptr> end;  // null where it ended well
    asio::co_spawn(context, devices::keep(std::move(work), result),
                   [&](const std::exception_ptr& error) {
                     end = error;
                     context.stop();
                   });
    context.restart();
    context.run();  // there is always something to do: signals are waited for
    if (*end) std::rethrow_exception(*end);
    return std::move(*result);
  }

  /// Until the time is over, or an end is asked for; whether it is.
  asio::awaitable<bool> rest(devices::Duration time) {
    co_await devices::attempt(devices::with_deadline(clock, clock.now() + time, stop.wait()));
    co_return stop.requested();
  }

  asio::io_context context{1};
  devices::SteadyClock clock;
  transport::TcpNetwork tcp;
  std::optional<transport::ShapedNetwork> shaped;
  std::unique_ptr<transport::Network> wrapped;
  std::shared_ptr<DataSource> data;
  StopRequest stop;
  devices::ComputeThread processor;  // joined before the context goes
  std::optional<devices::SlowedProcessor> slowed;

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

  void wait_for_beat() {
    beats_.expires_after(pulse_.every);
    beats_.async_wait([this](asio::error_code error) {
      if (error) return;
      pulse_.beat();
      wait_for_beat();
    });
  }

  /// Writes what there is, for at most five seconds: an SD card may take long to sync, a disk or a
  /// terminal may not answer at all. A third signal does not wait.
  void end_at_once() {
    hurried_ = true;
    stop.hurry();
    patience_.expires_after(std::chrono::seconds(5));
    patience_.async_wait([](asio::error_code error) {
      if (!error) std::_Exit(kInterrupted);
    });
  }

  const model::Catalogue& catalogue_;
  const Schedules& schedules_;
  CheckpointStore* checkpoints_;
  devices::ComputeThread files_;  // waits for the disk
  std::function<void()> interrupted_;
  const Pulse& pulse_;
  asio::signal_set signals_;
  asio::steady_timer patience_, beats_;
  bool hurried_ = false;
};

namespace {

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
  return Member(device).join(options, observer);
}

Member::Member(const RealDevice& device)
    : device_(device), parts_(std::make_unique<RealParts>(device)) {}

Member::~Member() = default;

RunFinished Member::join(const JoinOptions& options, Observer& observer) {
  Session session(parts_->machine(), device_.session, observer, parts_->stop);
  if (device_.listening) device_.listening(options.starter);  // Ctrl-C is heard from here on
  return parts_->run(session.join(options));
}

bool Member::rest(devices::Duration time) { return parts_->run(parts_->rest(time)); }

}  // namespace annulet::runtime
