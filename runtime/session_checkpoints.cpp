/// What a session does about checkpoints: asks for them, keeps the last one, refuses strange ones.
#include <utility>

#include "devices/side_by_side.hpp"
#include "runtime/run_file.hpp"
#include "runtime/session.hpp"

namespace annulet::runtime {

/// What this device asks of all with a round.
std::uint32_t Session::request() {
  if (!starter_) return 0;
  std::uint32_t asked = stop_.requested() ? std::uint32_t{kStop} : 0;
  if (writer_ && machine_.clock.now() >= next_checkpoint_) {
    asked |= kCheckpoint;
    next_checkpoint_ = machine_.clock.now() + config_.checkpoint_every;
  }
  return asked;
}

Checkpointing Session::checkpointing(const transport::Go& go) {
  const bool keeps = machine_.checkpoints && config_.checkpoint_every > devices::Duration{};
  const transport::Ring::Place place = ring_->place();
  if (keeps) {
    writer_.emplace(machine_.executor, machine_.clock, *machine_.checkpoints, observer_,
                    CheckpointWriter::Place{place.rank, place.size});
  }
  Checkpointing result;
  if (!keeps && !options_.resume) return result;
  auto& head = result.head;
  head.run_id = run_id_;
  head.config_toml = to_toml(config_, machine_.schedules);
  for (const auto& member : view_.members) head.members.push_back(member.name);
  head.rank = view_.rank;
  head.features = view_.features;
  head.rows = view_.rows;
  head.labels = view_.labels;
  head.samples = go.samples;
  head.data_digest = data_digest(data_.shard());
  head.drop = options_.drop;
  if (writer_) result.writer = &*writer_;
  result.resume = options_.resume.get();
  return result;
}

/// The state of the run's end, whatever ended it, but not of a run that has gone wrong.
asio::awaitable<void> Session::keep_last_state() {
  if (!writer_) co_return;
  const bool sound = result_.exit_code != 1 && result_.exit_code != 9;
  if (training_ && sound) {
    co_await writer_->finish();  // one record at a time: each is as long as the model
    // Whatever comes of it: the others wait for a goodbye.
    static_cast<void>(
        co_await devices::attempt(training_->keep_state(CheckpointWriter::Reason::ending)));
  }
  co_await writer_->finish();
}

/// Of a joiner: is the run that it is let into the one that it has checkpoints of?
asio::awaitable<void> Session::check_run(const transport::RunFile& received) {
  auto& resume = options_.resume;
  if (received.resumed && !resume && options_.find_resume && machine_.checkpoints) {
    // Files may be long and cards slow; heartbeats go on meanwhile.
    co_await machine_.checkpoints->files.run(
        {}, [&] { resume = options_.find_resume(received.run_id); });
    if (resume && options_.goes_on) options_.goes_on(*resume);
  }
  if (received.resumed && !resume) {
    throw CheckpointError(
        ErrorCode::checkpoint_does_not_fit,
        "The run goes on from checkpoints: join it with --resume and the folder of this device's "
        "results, such as annulet join ADDR:PORT --resume runs/TIME");
  }
  if (!resume) co_return;
  if (!received.resumed) {
    throw CheckpointError(
        ErrorCode::checkpoint_does_not_fit,
        "The starter begins a new run: start it there with --resume too, or join without it here.");
  }
  if (received.run_id == resume->head().run_id) co_return;
  throw CheckpointError(ErrorCode::checkpoint_does_not_fit,
                        resume->folder + " is of run " + std::to_string(resume->head().run_id) +
                            ", the starter goes on with run " + std::to_string(received.run_id) +
                            ": name this device's folder of that run with --resume.");
}

void Session::check_config() const {
  if (!options_.resume) return;
  const auto conflict =
      config_conflict(options_.resume->head().config_toml, to_toml(config_, machine_.schedules));
  if (!conflict.empty()) throw ConfigError(ErrorCode::checkpoint_does_not_fit, conflict);
}

}  // namespace annulet::runtime
