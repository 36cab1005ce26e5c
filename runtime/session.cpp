/// One run, one device, one catch.
#include "runtime/session.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "devices/power.hpp"
#include "devices/side_by_side.hpp"
#include "devices/task_group.hpp"
#include "runtime/initial_model.hpp"
#include "runtime/measure_request.hpp"
#include "runtime/objective_options.hpp"
#include "runtime/run_file.hpp"
#include "transport/ring_links.hpp"

namespace annulet::runtime {
namespace {

/// How long this device's ring may stay awake in a wait. In virtual time nothing comes while one
/// looks.
devices::Duration longest_spin(Spin spin, bool virtual_time) {
  constexpr auto kLongest = std::chrono::microseconds(50);  // an idle core takes that to wake up
  const bool spins =
      !virtual_time && spin != Spin::never && (spin == Spin::always || !devices::is_on_battery());
  return spins ? kLongest : devices::Duration{0};
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
  starter_ = true;
  config_ = std::move(config);
  run_id_ = options.run_id;
  wants_gap_ = options.gap && !config_.run.target_gap;
  if (options_.resume) {
    settle_initial_model(config_, options_.resume->head());
  } else if (!config_.model.init.empty()) {  // before anyone is let in, whose data must fit it
    const std::exception_ptr error = co_await devices::attempt(machine_.processor.run(
        {}, [this] { init_ = read_initial_model(config_, machine_.catalogue); }));
    if (error) {
      settle(error);
      observer_.finished(result_, {});
      co_return result_;
    }
  }
  const DataAdmission admission = this->admission();
  devices::TaskGroup tasks(machine_.executor);
  transport::Starter starter(
      {.name = options_.name,
       .token = options.token,
       .devices = options.devices,
       .run_file = config_.measure ? measure_toml(config_) : to_toml(config_, machine_.schedules),
       .run_id = options.run_id,
       .resumed = options_.resume != nullptr,
       .peer_timeout = config_.peer_timeout,
       .wait = options.wait},
      surroundings(tasks), std::move(listener), admission, std::move(show));
  if (options.devices > 1) starter.open();
  co_return co_await conduct(starter, take_part(starter), tasks);
}

asio::awaitable<RunFinished> Session::join(JoinOptions options) {
  devices::TaskGroup tasks(machine_.executor);
  transport::Joiner joiner({.starter = options.starter,
                            .name = options_.name,
                            .token = options.token,
                            .own_data = options_.own_data.has_value(),
                            .wait = options.wait,
                            .redial = options.redial},
                           surroundings(tasks));
  co_return co_await conduct(joiner, join_and_take_part(joiner, options.joined), tasks);
}

asio::awaitable<void> Session::join_and_take_part(transport::Joiner& joiner,
                                                  std::function<void(const std::string&)> joined) {
  const auto read = [this](const transport::RunFile& received) {
    if (!read_measure(received.toml, config_)) {
      config_ = parse_run_file(received.toml, "the starter's run file", "/", {}, machine_.catalogue,
                               machine_.schedules);
    }
    return config_.peer_timeout;
  };
  const auto run_file = co_await devices::alongside(interrupt(stop_), joiner.knock(read));
  co_await check_run(run_file);
  options_.name = run_file.name;
  run_id_ = run_file.run_id;
  if (joined) joined(options_.name);
  co_await take_part(joiner);
}

/// Whatever happens in the run ends here, in an exit code and a goodbye.
asio::awaitable<RunFinished> Session::conduct(transport::Membership& membership,
                                              asio::awaitable<void> work,
                                              devices::TaskGroup& tasks) {
  const std::exception_ptr error = co_await devices::attempt(std::move(work));
  if (error) settle(error);
  co_await keep_last_state();
  const transport::Bye bye{goodbye_error(), public_reason()};
  const bool has_model = training_ && training_->state().round > 0;
  observer_.finished(result_, has_model ? training_->model() : std::span<const float>());
  co_await membership.leave(bye);
  co_await tasks.finish();
  ring_.reset();
  if (wants_gap_ && result_.exit_code == 0) co_await measure_gap();
  co_return result_;
}

asio::awaitable<void> Session::interrupt(StopRequest& stop) {
  co_await stop.wait();
  throw Interrupted{};
}

/// The model that the run begins with fixes what its data must be like.
DataAdmission Session::admission() const {
  auto labels = init_ ? init_->labels.raw() : std::span<const float>();
  if (!config_.model.init.empty() && options_.resume) labels = options_.resume->head().labels;
  return DataAdmission(config_, machine_.catalogue, {labels.begin(), labels.end()});
}

// ---- data ---------------------------------------------------------------------------------------

model::LabelUse Session::label_use() const {
  return runtime::label_use(config_, machine_.catalogue);
}

/// The others' names are compared with the starter's, as they join.
void Session::check_columns() const {
  if (init_) check_columns_fit(data_.origin(), init_->columns);
}

asio::awaitable<void> Session::take_part(transport::Membership& membership) {
  if (config_.measure) {
    check_measured_sizes();
    const transport::Survey anything{.rows = 1, .features = 1};
    view_ = co_await devices::alongside(interrupt(stop_), membership.enter(anything));
    co_return co_await train_in_ring(membership);
  }
  check_config();
  transport::Survey mine;
  static_cast<void>(machine_.schedules.at(config_.schedule.kind));  // throws if there is none
  const auto read = [&] {
    const bool whole = starter_ && (wants_gap_ || config_.run.target_gap);  // for f*
    data_.load(machine_.data, config_, options_.own_data ? &*options_.own_data : nullptr,
               {.test = starter_, .whole = whole});
    mine = data_.survey(label_use());
  };
  reading_ = true;
  co_await devices::alongside(interrupt(stop_), machine_.processor.run({}, read));
  reading_ = false;
  if (starter_) {
    check_columns();
    const auto cause = admission().refusal({}, transport::Candidate{options_.name, mine});
    if (cause) throw transport::RendezvousError(cause->error, cause->text);
  }
  view_ = co_await devices::alongside(interrupt(stop_), membership.enter(mine));
  const std::string reason = admission().contradiction(view_, mine);
  if (!reason.empty()) throw transport::RendezvousError(ErrorCode::starter_contradicts, reason);
  if (options_.resume) {
    const std::string conflict = member_conflict(options_.resume->head(), view_);
    if (!conflict.empty()) throw CheckpointError(ErrorCode::checkpoint_does_not_fit, conflict);
  }
  co_await train_in_ring(membership);
}

// ---- in the ring --------------------------------------------------------------------------------

/// Trains until done or until a member is lost. A broken data link alone does not say who is to
/// blame: the links stay open, the starter is told, and its word is waited for.
asio::awaitable<void> Session::train_in_ring(transport::Membership& membership) {
  std::stop_source stop;
  const std::stop_callback from_outside(machine_.stop_computing, [&stop] { stop.request_stop(); });
  const std::exception_ptr error = co_await devices::attempt(devices::alongside(
      watch_for_hurry(stop), devices::alongside(watch(membership, stop),
                                                connect_and_train(membership, stop.get_token()))));
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

asio::awaitable<void> Session::watch_for_hurry(std::stop_source& stop) {
  co_await stop_.wait_for_hurry();
  stop.request_stop();
  throw Interrupted{};
}

/// From the view to step 0: links, this device's rows, everyone's word that it is ready.
asio::awaitable<transport::Go> Session::connect(transport::Membership& membership) {
  const bool chosen = config_.streams == kChosenStreams;
  const auto dialled = chosen ? kMostChosenStreams : config_.streams;
  co_await devices::with_deadline(machine_.clock, machine_.clock.now() + config_.peer_timeout,
                                  membership.connect(view_, dialled, neighbours_));
  use_congestion(neighbours_.from_previous.get());
  use_congestion(neighbours_.to_next.get());
  std::uint64_t rows = 1;
  if (!config_.measure) {
    reading_ = true;
    co_await machine_.processor.run(
        {}, [this] { data_.cut(config_, view_, label_use(), options_.name); });
    reading_ = false;
    rows = data_.shard().size();
  }
  ring_ = std::make_unique<transport::Ring>(
      transport::Ring::Place{view_.rank, view_.members.size()},
      std::move(neighbours_.from_previous), std::move(neighbours_.to_next), machine_.clock,
      machine_.executor);
  ring_->set_spin(longest_spin(config_.spin, machine_.virtual_time));
  co_return co_await membership.ready({rows});
}

/// With each heartbeat, from here on.
void Session::tell_progress(transport::Membership& membership) {
  membership.set_progress([this] {
    const auto traffic = ring_->traffic();
    const auto round = training_ ? training_->state().round : 0;
    return transport::Heartbeat{static_cast<std::uint64_t>(round), ring_->busy(),
                                traffic.sent() + traffic.received()};
  });
}

asio::awaitable<void> Session::connect_and_train(transport::Membership& membership,
                                                 std::stop_token stop) {
  const auto go = co_await devices::alongside(interrupt(stop_), connect(membership));
  tell_progress(membership);
  if (config_.measure) {
    co_await measure_hops();
    co_return co_await measure_sums(membership);
  }
  co_await choose_streams();
  co_await choose_exchange(membership);
  if (config_.run.max_memory) co_await check_memory();
  std::unique_ptr<Training> made;  // on another thread, while heartbeats look at training_
  co_await machine_.processor.run({}, [&] { made = make_training(membership, go); });
  training_ = std::move(made);
  next_checkpoint_ = machine_.clock.now() + config_.checkpoint_every;
  if (wants_gap_) say_where_no_optimum_is();
  settle(co_await training_->run(started(), stop));
}

std::unique_ptr<Training> Session::make_training(transport::Membership& membership,
                                                 const transport::Go& go) {
  return std::make_unique<Training>(
      TrainingInputs{
          .clock = machine_.clock,
          .processor = machine_.processor,
          .ring = *ring_,
          .config = config_,
          .catalogue = machine_.catalogue,
          .schedules = machine_.schedules,
          .view = view_,
          .devices_here = machine_.virtual_time ? view_.members.size() : 1,
          .shard = data_.shard(),
          .evaluated = data_.evaluated(),
          .drop = options_.drop,
          .replay = options_.replay.get(),
          .test = data_.test(),
          .init = init_ ? std::move(init_->x) : std::vector<float>(),
          .init_scale = init_ ? model::Scale{init_->shift, init_->factor} : model::Scale(),
          .observer = observer_,
          .request = [this] { return request(); },
          .find_optimum = [this](std::stop_token end) { return optimum_for_target(end); },
          .between_rounds = [this] { watch_line(); },
          .leave = [this] { return !starter_ && stop_.requested(); },
          .control_sent = [&membership] { return membership.control_sent(); },
          .use_scale = [this](const model::Scale& scale) { data_.use_scale(machine_.data, scale); },
          .checkpointing = checkpointing(go)},
      go.samples);
}

}  // namespace annulet::runtime
