/// One run, one device, one catch.
#include "runtime/session.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "devices/machine.hpp"
#include "devices/side_by_side.hpp"
#include "devices/task_group.hpp"
#include "runtime/data_admission.hpp"
#include "runtime/run_file.hpp"
#include "runtime/run_file_names.hpp"
#include "transport/ring_links.hpp"

namespace annulet::runtime {
namespace {

// A device whose data link breaks waits this long for the starter's word on who is to blame.
constexpr std::chrono::seconds kWaitForWord{1};

/// A member is lost: ends the training that runs beside the watch.
struct MemberLost {
  transport::Lost lost;
};
/// Ctrl-C before step 0.
struct Interrupted {};

asio::awaitable<void> interrupt(StopRequest& stop) {
  co_await stop.wait();
  throw Interrupted{};
}

}  // namespace

Session::Session(Machine machine, SessionOptions options, Observer& observer, StopRequest& stop)
    : machine_(std::move(machine)),
      options_(std::move(options)),
      observer_(observer),
      stop_(stop) {}

Session::~Session() = default;

transport::Surroundings Session::surroundings(devices::TaskGroup& tasks) const {
  return {machine_.network, machine_.clock, machine_.executor, tasks};
}

// ---- the two roles ------------------------------------------------------------------------------

asio::awaitable<RunFinished> Session::start(
    RunConfig config, StartOptions options, std::unique_ptr<transport::Listener> listener,
    std::function<void(const transport::LobbyEvent&)> show) {
  config_ = std::move(config);
  run_id_ = options.run_id;
  const DataAdmission admission(config_);
  devices::TaskGroup tasks(machine_.executor);
  transport::Starter starter({.name = options_.name,
                              .token = options.token,
                              .devices = options.devices,
                              .run_file = to_toml(config_),
                              .run_id = options.run_id,
                              .peer_timeout = config_.peer_timeout,
                              .wait = options.wait},
                             surroundings(tasks), std::move(listener), admission, std::move(show));
  if (options.devices > 1) starter.open();
  co_return co_await conduct(starter, take_part(starter, true), tasks);
}

asio::awaitable<RunFinished> Session::join(JoinOptions options,
                                           std::unique_ptr<transport::Listener> listener) {
  devices::TaskGroup tasks(machine_.executor);
  transport::Joiner joiner({.starter = options.starter,
                            .name = options_.name,
                            .token = options.token,
                            .own_data = options_.own_data.has_value(),
                            .wait = options.wait},
                           surroundings(tasks), std::move(listener));
  co_return co_await conduct(joiner, join_and_take_part(joiner, options.joined), tasks);
}

asio::awaitable<void> Session::join_and_take_part(transport::Joiner& joiner,
                                                  std::function<void(const std::string&)> joined) {
  const auto read = [this](const transport::RunFile& received) {
    config_ = parse_run_file(received.toml, "the starter's run file", "/", {});
    return config_.peer_timeout;
  };
  const auto run_file =
      co_await devices::alongside<transport::RunFile>(interrupt(stop_), joiner.knock(read));
  options_.name = run_file.name;
  run_id_ = run_file.run_id;
  if (joined) joined(options_.name);
  co_await take_part(joiner, false);
}

/// Whatever happens in the run ends here, in an exit code and a goodbye.
asio::awaitable<RunFinished> Session::conduct(transport::Membership& membership,
                                              asio::awaitable<void> work,
                                              devices::TaskGroup& tasks) {
  const std::exception_ptr error = co_await devices::attempt(std::move(work));
  if (error) settle(error);
  // An end that all agreed on, by the facts of a round, is an orderly one for the protocol.
  const bool agreed = result_.exit_code == 0 || result_.exit_code == 9 ||
                      (result_.exit_code == 130 && result_.exit_reason != "left");
  const bool before_step_0 = training_ == nullptr;
  const transport::Bye bye{
      agreed && !before_step_0 ? 0U : static_cast<std::uint32_t>(result_.exit_code),
      result_.exit_reason};
  observer_.finished(
      result_, training_ ? std::span<const float>(training_->state().x) : std::span<const float>());
  co_await membership.leave(bye);
  co_await tasks.finish();
  ring_.reset();
  co_return result_;
}

// ---- data ---------------------------------------------------------------------------------------

asio::awaitable<void> Session::take_part(transport::Membership& membership, bool starter) {
  co_await machine_.processor.run({}, [&] {
    data_.load(machine_.data, config_, options_.own_data ? &*options_.own_data : nullptr, starter);
  });
  transport::Survey mine = data_.survey(config_);
  if (starter) {
    const std::string reason =
        DataAdmission(config_).refusal({}, transport::Candidate{options_.name, mine});
    if (!reason.empty()) throw model::DataError(reason);
  }
  view_ = co_await devices::alongside<transport::View>(interrupt(stop_), membership.enter(mine));
  const std::string reason = DataAdmission(config_).contradiction(view_, mine);
  if (!reason.empty()) throw transport::RendezvousError(5, reason);
  co_await train_in_ring(membership, starter);
}

// ---- in the ring --------------------------------------------------------------------------------

/// Trains until done or until a member is lost. A broken data link alone does not say who is to
/// blame: the links stay open, the starter is told, and its word is waited for.
asio::awaitable<void> Session::train_in_ring(transport::Membership& membership, bool starter) {
  std::stop_source stop;
  const std::exception_ptr error = co_await devices::attempt(devices::alongside<void>(
      watch(membership, stop), connect_and_train(membership, starter, stop.get_token())));
  if (!error) co_return;
  settle(error);
  if (settled_) co_return;
  co_await blame(membership, transport::describe(error, config_.peer_timeout));
}

asio::awaitable<void> Session::watch(transport::Membership& membership, std::stop_source& stop) {
  const transport::Lost lost = co_await membership.lost();
  stop.request_stop();
  throw MemberLost{lost};
}

/// The neighbour whose link failed, or never came about.
std::size_t Session::suspect() const {
  const std::size_t size = view_.members.size();
  if (ring_ && ring_->blamed()) return *ring_->blamed();
  return (view_.rank + (neighbours_.to_next || ring_ ? size - 1 : 1)) % size;
}

asio::awaitable<void> Session::blame(transport::Membership& membership, std::string reason) {
  transport::Lost word{static_cast<std::uint32_t>(suspect()), reason};
  membership.report({word.rank, reason});
  auto [no_word, lost] = co_await devices::attempt(devices::with_deadline(
      machine_.clock, machine_.clock.now() + kWaitForWord, membership.lost()));
  settle_lost(no_word ? word : lost);
}

asio::awaitable<void> Session::connect_and_train(transport::Membership& membership, bool starter,
                                                 std::stop_token stop) {
  co_await devices::with_deadline(machine_.clock, machine_.clock.now() + config_.peer_timeout,
                                  membership.connect(view_, neighbours_));
  co_await machine_.processor.run({}, [this] { data_.cut(config_, view_, options_.name); });
  ring_ = std::make_unique<transport::Ring>(
      transport::Ring::Place{view_.rank, view_.members.size()},
      std::move(neighbours_.from_previous), std::move(neighbours_.to_next), machine_.clock,
      machine_.executor);
  const transport::Go go = co_await membership.ready({data_.shard().size()});
  training_ = std::make_unique<Training>(
      TrainingInputs{.clock = machine_.clock,
                     .processor = machine_.processor,
                     .ring = *ring_,
                     .config = config_,
                     .view = view_,
                     .shard = data_.shard(),
                     .evaluated = data_.evaluated(),
                     .test = data_.test(),
                     .observer = observer_,
                     .ask_all_to_stop = [this, starter] { return starter && stop_.requested(); },
                     .leave = [this, starter] { return !starter && stop_.requested(); },
                     .control_sent = [&membership] { return membership.control_sent(); }},
      go.samples);
  membership.set_progress([this] {
    const auto& traffic = ring_->traffic();
    return transport::Heartbeat{static_cast<std::uint64_t>(training_->state().round), ring_->busy(),
                                traffic.sent() + traffic.received()};
  });
  settle(co_await training_->run(started(), stop));
}

RunStarted Session::started() const {
  RunStarted event;
  event.run_id = std::to_string(run_id_);
  event.device = options_.name;
  for (const auto& member : view_.members) event.devices.push_back(member.name);
  event.rank = view_.rank;
  event.rows = view_.rows;
  event.shard_rows = data_.shard().size();
  event.steps = config_.run.steps;
  event.model = name(kObjectiveNames, config_.model.kind);
  event.config_toml = to_toml(config_);
  event.clock = machine_.virtual_time ? "virtual" : "real";
  return event;
}

// ---- ends ---------------------------------------------------------------------------------------

void Session::finish(int code, std::string reason) {
  if (std::exchange(settled_, true)) return;
  if (training_) result_ = training_->results();
  if (machine_.virtual_time) result_.virtual_seconds = std::exchange(result_.seconds, std::nullopt);
  result_.peak_rss_bytes = devices::peak_rss_bytes();
  result_.exit_code = code;
  result_.exit_reason = std::move(reason);
}

void Session::settle(TrainingEnd end) {
  switch (end) {
    case TrainingEnd::done:
      return finish(0, "done");
    case TrainingEnd::stopped:
      return finish(130, "interrupted");
    case TrainingEnd::left:
      return finish(130, "left");
    case TrainingEnd::diverged:
      return finish(9, "diverged: " + training_->results().exit_reason +
                           ". Lower train.lr; with large local_steps lower it further.");
  }
}

void Session::settle_lost(const transport::Lost& lost) {
  const std::string name =
      lost.rank == view_.rank ? options_.name + " (this device)" : view_.members[lost.rank].name;
  finish(5, "device lost: " + name + ": " + lost.reason);
  result_.lost_device = view_.members[lost.rank].name;
  observer_.device_lost({name, lost.reason, result_.rounds, result_.seconds.value_or(0)});
}

/// From an error to an exit code. A network error in the ring is left unsettled: the starter's
/// word on it is still to come.
void Session::settle(const std::exception_ptr& error) {
  if (settled_) return;
  try {
    std::rethrow_exception(error);
  } catch (const MemberLost& member) {
    settle_lost(member.lost);
  } catch (const Interrupted&) {
    finish(130, "interrupted before step 0");
  } catch (const transport::RendezvousError& failure) {
    finish(failure.code(), failure.what());
  } catch (const model::DataError& failure) {
    finish(4, failure.what());
  } catch (const ConfigError& failure) {
    finish(3, failure.what());
  } catch (const std::system_error& failure) {
    if (view_.members.empty()) finish(5, failure.what());
  } catch (const std::exception& failure) {
    finish(1, std::string("internal error: ") + failure.what());
  }
}

}  // namespace annulet::runtime
