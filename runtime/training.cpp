/// Rounds, evaluations and the books of a run.
#include "runtime/training.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "devices/machine.hpp"
#include "runtime/beginning.hpp"
#include "runtime/gather.hpp"
#include "runtime/memory_check.hpp"
#include "runtime/objective_options.hpp"
#include "runtime/replay.hpp"
#include "runtime/ring_laws.hpp"
#include "runtime/run_file_names.hpp"
#include "transport/ring_bytes.hpp"

namespace annulet::runtime {

Training::Training(TrainingInputs inputs, const std::vector<std::uint64_t>& samples)
    : in_(std::move(inputs)),
      rules_(rules_of(in_.config, in_.schedules, {in_.view.rank, samples}, in_.drop)),
      options_(objective_options(in_.config.model,
                                 {in_.view.features, in_.view.labels.size(), in_.view.rows})),
      team_(model::make_team(in_.config.train.threads)),
      objective_(model::make_objective<float>(options_, in_.catalogue)),
      ends_(in_.config) {
  rules_.replay = in_.replay;
  const std::size_t d = objective_->dimension();
  auto size = model_size(in_.config, d);
  size.checkpointed = in_.checkpointing.writer != nullptr;
  size.devices = in_.devices_here;
  const auto reason = memory_refusal(size, devices::physical_memory_bytes());
  if (!reason.empty()) throw model::DataError(ErrorCode::out_of_memory, reason);
  const std::size_t W = samples.size();
  state_ = first_state(in_.config, *objective_, rules_, W);
  // What only the schedule asks for H = 1 would not send.
  const auto facts = fact_count(are_uneven(rules_) ? Tail::uneven : Tail::even, W);
  bytes_per_round_ = transport::bytes_of(in_.ring, {d, facts});
  objective_->share_with(team_.get());
  solver_ = model::make_solver<float>(options_, {*objective_, in_.shard, team_.get()},
                                      sampler_of(in_.config, rules_, in_.shard));
}

Training::~Training() = default;

/// All that step 0 needs; into `started` what those who watch hear of it.
asio::awaitable<void> Training::prepare(RunStarted& started, std::stop_token stop) {
  const bool resumes = in_.checkpointing.resume != nullptr;
  if (resumes) co_await resume();
  started.scale = co_await scale();
  if (started.scale) in_.checkpointing.head.scale = *started.scale;
  if (!resumes && !in_.config.model.init.empty()) co_await begin_with_model();
  const LawInputs laws{in_.processor,
                       in_.ring,
                       in_.config,
                       in_.schedules,
                       *objective_,
                       options_,
                       in_.evaluated,
                       in_.view.rows,
                       [this] { return next_operation(); },
                       [this] { return deadline(); }};
  laws_ = co_await make_laws(laws, stop);
  if (in_.replay != nullptr) laws_.schedule = replayed(std::move(laws_.schedule), *in_.replay);
  begin_average();
  started.resumed = state_.round;
  started.resumed_step = state_.t;
  started.cut = in_.checkpointing.head.cut;
  started.dimension = objective_->dimension();
  started.schedule = laws_.schedule->name();
  started.ends = ends_text(in_.config.run);
  const auto& time = in_.config.run.time;
  started.seconds = time ? std::optional(devices::seconds(*time)) : std::nullopt;
  if (in_.replay != nullptr) announce(*in_.replay, started);
  results_.workers = in_.view.members.size();
  results_.seed = in_.config.run.seed;
  results_.compress = name(kCompressNames, in_.config.compress);
  results_.start_step = in_.config.run.start_step;
  results_.steps = state_.t;
}

asio::awaitable<TrainingEnd> Training::run(RunStarted started, std::stop_token stop) {
  co_await prepare(started, stop);
  in_.observer.started(started);
  in_.between_rounds();
  co_await agree_on_optimum(stop);
  began_ = in_.clock.now();
  // Where it goes on after a round that was to be evaluated, that may not have come about.
  const bool due =
      state_.t < in_.config.run.steps && ends_.is_due(state_.t - state_.facts.h, state_.t);
  if (state_.round == 0 || due) co_await evaluate(stop);
  const TrainingEnd end = ends_.reached() ? TrainingEnd::done : co_await train(stop);
  if (end == TrainingEnd::left) co_return end;
  co_await conclude(end, stop);
  co_return end;
}

/// The model that the run gives, and how good it is.
asio::awaitable<void> Training::conclude(TrainingEnd end, std::stop_token stop) {
  results_.seconds = seconds();
  if (state_.round > 0) {
    co_await average_iterates(true);
    if (state_.round > evaluated_) co_await evaluate(stop);
  }
  co_await close_books();
  if (ends_.has_target()) results_.target_reached = ends_.reached();
  if (end != TrainingEnd::done) co_return;
  const bool is_replayed = in_.replay != nullptr && !ends_.reached();
  results_.exit_reason = is_replayed ? in_.replay->reason() : ends_.reason();
}

LocalSgd Training::make_loop(std::stop_token stop) {
  return {.clock = in_.clock,
          .processor = in_.processor,
          .ring = in_.ring,
          .solver = *solver_,
          .eta = *laws_.eta,
          .schedule = *laws_.schedule,
          .rules = rules_,
          .codec = transport::codec_of(in_.config.compress),
          .horizon = last_step(),
          .step_flops = objective_->step_flops(in_.config.train.batch),
          .epoch = in_.view.epoch,
          .round_limit = kSumLimit,
          .stop_computing = std::move(stop),
          .request = [this] { return request(); },
          .operations = operations_};
}

asio::awaitable<TrainingEnd> Training::train(std::stop_token stop) {
  LocalSgd loop = make_loop(std::move(stop));
  while (state_.t < last_step()) {
    const auto over = co_await next_round(loop);
    if (over) co_return *over;
  }
  co_return TrainingEnd::done;
}

/// Nothing when there is to be another one.
asio::awaitable<std::optional<TrainingEnd>> Training::next_round(LocalSgd& loop) {
  const model::Step before = state_.t;
  RoundRecord record;
  const RoundEnd end = co_await take_round(loop, state_, record);
  if (end == RoundEnd::diverged) {
    results_.exit_reason = divergence_of(record, before + record.h);
    co_return TrainingEnd::diverged;
  }
  if (in_.replay != nullptr) check_replayed(*in_.replay, state_);
  report_round(record);
  in_.between_rounds();
  const bool keep = (record.facts.requests() & kCheckpoint) != 0;
  co_return co_await after_round(end, before, keep, loop.stop_computing);
}

/// What comes between two rounds, the first of which began at step `before`. Nothing when there is
/// to be another one.
asio::awaitable<std::optional<TrainingEnd>> Training::after_round(RoundEnd end, model::Step before,
                                                                  bool keep, std::stop_token stop) {
  if (end == RoundEnd::stop) co_return TrainingEnd::stopped;
  if (end == RoundEnd::enough) {
    ends_.time_passed();
    co_return TrainingEnd::done;
  }
  if (state_.t >= last_step()) co_return TrainingEnd::done;  // nobody leaves any more
  if (keep) co_await checkpoint();
  if (in_.leave()) co_return TrainingEnd::left;
  if (ends_.is_due(before, state_.t)) {
    co_await evaluate(std::move(stop));
    if (ends_.reached()) co_return TrainingEnd::done;
  }
  co_return std::nullopt;
}

/// Whose model is not finite after the local steps up to `step`; nobody's: their average.
std::string Training::divergence_of(const RoundRecord& record, model::Step step) const {
  const auto after = " is not finite after step " + std::to_string(step);
  if (record.facts.not_finite == 0) return "the averaged model" + after;
  const auto rank = static_cast<std::size_t>(record.facts.culprit) - 1;
  const bool one = record.facts.not_finite == 1 && rank < in_.view.members.size();
  return "the model of " + (one ? in_.view.members[rank].name : std::string("several devices")) +
         after;
}

void Training::report_round(const RoundRecord& record) {
  std::vector<float>().swap(averaged_);  // the next one is made before it would take its place
  results_.output = output_name(std::nullopt);
  in_.checkpointing.head.cut = record.cut;
  results_.steps = state_.t;
  results_.rounds = state_.round;
  results_.model_hash = state_.hash;
  results_.seconds = seconds();
  // Of an earlier model; what the run ends with is measured when it has ended in order.
  results_.objective = results_.gap = results_.parameters_norm = std::nullopt;
  results_.test_loss = results_.test_accuracy = std::nullopt;
  results_.test_auc = results_.test_r2 = std::nullopt;
  RoundDone event{.round = state_.round,
                  .step = state_.t,
                  .h = record.h,
                  .own_steps = record.own,
                  .loss = state_.facts.loss,
                  .drift = state_.facts.drift,
                  .delta_norm2 = state_.facts.delta_norm2,
                  .seconds = seconds(),
                  .compute_s = devices::seconds(record.compute),
                  .wait_s = devices::seconds(record.seen().wait),
                  .average_s = devices::seconds(record.seen().average),
                  .model_bytes = model_bytes(),
                  .sent_bytes = sent_bytes(),
                  .baseline_bytes = baseline_bytes(),
                  .model_hash = *results_.model_hash,
                  .reason = record.reason == last_reason_ ? "" : record.reason};
  if (std::ranges::any_of(record.all, [&](model::Step h) { return h != record.h; })) {
    event.all_steps = record.all;
  }
  last_reason_ = record.reason;
  in_.observer.round_done(event, state_.x);
}

transport::Operation Training::next_operation() {
  return {in_.view.epoch, operations_++,
          digest_of(results_.model_hash.value_or(state_.hash), state_.t), false};
}

devices::TimePoint Training::deadline() const { return in_.clock.now() + kSumLimit; }

/// Since step 0, without evaluations.
devices::Duration Training::passed() const {
  const auto now = in_.clock.now();
  return devices::from_seconds(before_.seconds) + (now - began_.value_or(now)) - evaluating_;
}

/// Asked when the steps of a round are taken.
std::uint32_t Training::request() const {
  const bool is_starter = in_.view.rank == 0;
  const bool is_late = in_.replay == nullptr && ends_.time_is_up(passed());
  return in_.request() | (is_starter && is_late ? kEnough : 0U);
}

/// T, or where the log ends.
model::Step Training::last_step() const {
  return in_.replay == nullptr ? in_.config.run.steps : in_.replay->end();
}

/// What H = 1 would have sent as model bytes.
std::uint64_t Training::baseline_bytes() const {
  return bytes_per_round_ * static_cast<std::uint64_t>(state_.t - in_.config.run.start_step);
}

std::uint64_t Training::model_bytes() const {
  return before_.model_bytes + in_.ring.traffic().model_sent;
}

std::uint64_t Training::sent_bytes() const {
  return before_.sent_bytes + in_.ring.traffic().sent() + in_.control_sent();
}

/// Bytes as means over the devices. Being an operation like any other, it also makes every device
/// compare its last model with its neighbour's.
asio::awaitable<void> Training::close_books() {
  // H = 1 would have sent x-bar, too.
  const auto average_bytes = static_cast<double>(transport::bytes_of(in_.ring, {averaged_.size()}));
  std::vector<double> mine{static_cast<double>(model_bytes()), static_cast<double>(sent_bytes()),
                           static_cast<double>(baseline_bytes()) + average_bytes};
  const auto all = co_await gather(in_.ring, next_operation(), std::move(mine), deadline());
  const auto workers = static_cast<double>(in_.view.members.size());
  results_.sent_model_bytes_per_device = sum_of(all, 0) / workers;
  results_.sent_bytes_per_device = sum_of(all, 1) / workers;
  results_.baseline_bytes_per_device = sum_of(all, 2) / workers;
}

}  // namespace annulet::runtime
