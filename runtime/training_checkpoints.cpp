/// How training keeps its state, and goes on from one that was kept.
#include <algorithm>
#include <exception>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "runtime/gather.hpp"
#include "runtime/text.hpp"
#include "runtime/training.hpp"

namespace annulet::runtime {

/// From what this device was asked to go on from to the state that all have. Then it is as if the
/// rounds before had been taken just now.
asio::awaitable<void> Training::resume() {
  auto& from = *in_.checkpointing.resume;
  const auto& now = in_.checkpointing.head;
  const auto& then = from.head();
  // First whose own rows are others: what all of them come to changes with any one's.
  const bool own_fit = then.data_digest == now.data_digest;
  const auto chosen = co_await agree_on_checkpoint(in_.ring, next_operation(), deadline(),
                                                   {from, in_.view, own_fit});
  if (then.features != now.features || then.rows != now.rows || then.labels != now.labels ||
      then.samples != now.samples) {
    throw AgreedRefusal(
        ErrorCode::checkpoint_does_not_fit,
        "The data are not those that the run began with: bring them back, or start a "
        "new run without --resume.");
  }
  Checkpoint& checkpoint = from.found[chosen];
  const auto which = "The checkpoint of round " + std::to_string(checkpoint.state.round);
  const auto& kept = checkpoint.state;
  if (then.drop != now.drop) {
    throw AgreedRefusal(ErrorCode::checkpoint_does_not_fit,
                        which + (then.drop > 0 ? " is of a run with --drop " +
                                                     shortest_text(then.drop) + ": give that"
                                               : " is of a run without --drop: leave it out"));
  }
  if (kept.x.size() != state_.x.size() || kept.v.size() != state_.v.size() ||
      kept.u.size() != state_.u.size() || kept.r.size() != state_.r.size() ||
      kept.step_seconds.size() != state_.step_seconds.size() ||
      (!kept.under_way.empty() && !rules_.overlap)) {
    throw AgreedRefusal(ErrorCode::checkpoint_does_not_fit,
                        which + " is of another model than the run file's");
  }
  if (!solver_->sampler().restore(checkpoint.sampler)) {
    throw CheckpointError(ErrorCode::checkpoint_does_not_fit,
                          which + " in " + from.folder + " is of other rows than this device's");
  }
  // With as many steps as it has taken it ends once more: the last time that may have been cut.
  const model::Step taken = Departure{kept, kept.under_way}.t();
  if (taken > in_.config.run.steps) {
    throw AgreedRefusal(ErrorCode::bad_value,
                        "run.steps = " + std::to_string(in_.config.run.steps) +
                            " is less than the " + std::to_string(taken) +
                            " steps that the run has taken: give it more with --set run.steps=" +
                            std::to_string(2 * taken));
  }
  state_ = std::move(checkpoint.state);
  before_ = checkpoint.head.totals;
  last_reason_ = checkpoint.head.reason;
  auto& head = in_.checkpointing.head;
  head.cut = checkpoint.head.cut || (state_.under_way.cut && taken < in_.config.run.steps);
  head.scale = checkpoint.head.scale;
  results_.steps = state_.t;
  results_.rounds = state_.round;
  results_.model_hash = state_.hash;
  results_.objective_start = checkpoint.head.objective_start;
  from.let_go_of_states();
  if (in_.checkpointing.writer != nullptr) in_.checkpointing.writer->set_common(state_.round);
}

/// After a round that asked for it. First the devices tell each other what their disks have: so
/// each knows a round that all have, and keeps it until there is a newer one. Where a disk is still
/// busy with the last checkpoint nobody takes one: with nothing but two of the newest each, devices
/// of unlike speed could end up with no round in common.
asio::awaitable<void> Training::checkpoint() {
  CheckpointWriter* const writer = in_.checkpointing.writer;
  std::vector<double> mine{writer == nullptr ? -1.0 : static_cast<double>(writer->newest()),
                           writer != nullptr && writer->busy() ? 1.0 : 0.0};
  const auto all = co_await gather(in_.ring, next_operation(), std::move(mine), deadline());
  const bool same = std::ranges::all_of(all, [&](const auto& one) { return one[0] == all[0][0]; });
  if (sum_of(all, 1) > 0) co_return;
  if (same && writer != nullptr) writer->set_common(writer->newest());
  co_await keep_state(CheckpointWriter::Reason::regular);
}

/// The copy is made where the steps are: of a large model it takes long enough to delay heartbeats.
asio::awaitable<void> Training::keep_state(CheckpointWriter::Reason reason) {
  CheckpointWriter* const writer = in_.checkpointing.writer;
  if (writer == nullptr || state_.round == 0) co_return;
  if (!writer->busy() && writer->newest() == state_.round) co_return;
  in_.observer.checkpointing();
  in_.checkpointing.head.totals = {seconds(), model_bytes(), sent_bytes()};
  std::string problem;
  co_await in_.processor.run({}, [&] { problem = copy_state(writer->blank()); });
  if (problem.empty()) {
    writer->submit(state_.round, state_.t, reason);
  } else {
    writer->fail(state_.round, state_.t, problem);
  }
}

/// Returns why it could not, or nothing. It must not throw: in a ring that would be a device lost.
std::string Training::copy_state(std::vector<std::byte>& record) {
  auto& head = in_.checkpointing.head;
  try {
    head.objective_start = results_.objective_start.value_or(0);
    head.reason = last_reason_;
    solver_->sampler().save_committed(sampler_);
    encode_record(head, state_, sampler_, record);
    return {};
  } catch (const std::bad_alloc&) {
    return "the memory that is free on this device does not hold a copy of the state";
  } catch (const std::exception& error) {
    return std::string("the state cannot be copied: ") + error.what();
  }
}

}  // namespace annulet::runtime
