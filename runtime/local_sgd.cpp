/// Algorithm 1: local steps, an average, a commit.
#include "runtime/local_sgd.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "devices/side_by_side.hpp"
#include "transport/checksum.hpp"

namespace annulet::runtime {
namespace {

/// The local steps of a round, into `own`, and of a round that is averaged at once what is to be
/// summed. `own` is empty where no steps are left.
asio::awaitable<void> take_steps(LocalSgd& run, Departure from, std::stop_token stop,
                                 OwnChange& own) {
  own.clear();
  const RoundFacts facts = from.facts();
  const model::Step left = run.horizon - facts.t;
  if (left <= 0) co_return;
  const model::Step wanted = steps_wanted(run.schedule, facts);
  own.part = plan_part(run.rules, from, std::min(wanted, left));
  own.all = steps_of_all(run.rules, from, own.part.h);
  own.cut = left < wanted;
  own.reason = run.schedule.reason(facts);
  const auto begin = run.clock.now();
  const devices::Flops cost{run.step_flops * static_cast<double>(own.part.own)};
  co_await run.processor.run(cost, [&] {  // for H steps t: y = y - eta_t g_t(y)
    const auto now = [&clock = run.clock] { return devices::seconds(clock.now().since_start); };
    take_part(own, run.rules, {run.solver, run.eta, stop, now}, from);
    if (run.rules.overlap) return;  // when they are averaged
    hand_over(own, run.rules, from.state, run.work->next, run.work->delta);
  });
  own.took = run.clock.now() - begin;
  own.steps = run.processor.time_of(cost, devices::from_seconds(own.part.report.seconds));
}

/// The sum over the devices of delta and tail: if H divides t + 1.
asio::awaitable<void> average(LocalSgd& run, const State& state, RoundRecord& record) {
  const transport::Operation operation{run.epoch, run.operations++, digest_of(state.hash, state.t),
                                       true};
  record.ring = co_await run.ring.all_reduce(operation, run.work->delta, run.work->tail,
                                             run.clock.now() + run.round_limit,
                                             {run.codec, run.work->next.r});
}

/// Ends local steps, unless it is told that they are worth something.
class EndsSteps {
 public:
  explicit EndsSteps(std::stop_source& steps) : steps_(steps) {}
  EndsSteps(const EndsSteps&) = delete;
  EndsSteps& operator=(const EndsSteps&) = delete;
  ~EndsSteps() {
    if (!worth_it_) steps_.request_stop();
  }
  void keep() noexcept { worth_it_ = true; }

 private:
  std::stop_source& steps_;
  bool worth_it_ = false;
};

asio::awaitable<void> average_or_end(LocalSgd& run, const State& state, RoundRecord& record,
                                     std::stop_source& steps) {
  EndsSteps ends(steps);
  co_await average(run, state, record);
  ends.keep();
}

/// The average of `own`, and beside it the next round's local steps, which begin ahead of it.
asio::awaitable<void> average_and_go_on(LocalSgd& run, const State& state, const OwnChange& own,
                                        RoundRecord& record) {
  co_await run.processor.run({}, [&] { weigh(own, state, run.work->next, run.work->delta); });
  std::stop_source steps;
  const std::stop_callback passed_on(run.stop_computing, [&steps] { steps.request_stop(); });
  OwnChange& next = run.work->next.under_way;
  co_await devices::both(average_or_end(run, state, record, steps),
                         take_steps(run, {state, own}, steps.get_token(), next));
  // Steps that were ended early are no round. The run ends then: its state may be kept, and must
  // not have them.
  if (next.part.report.steps < next.part.own) {
    throw std::system_error(std::make_error_code(std::errc::operation_canceled));
  }
  if (!next.empty()) record.hidden = std::min(next.took, record.ring.wait + record.ring.average);
  record.cut = record.cut || next.empty();  // an uncut run would have had steps under way here
}

/// Of what `work` has when its next has become the state: memory that the next round uses again
/// lies where that looks for it, so that nothing is there once more than it must.
void keep_for_next_round(RoundWork& work, bool overlap, bool begun) {
  if (!overlap) {
    std::swap(work.next.averages, work.own.averages);
  } else if (!begun) {  // own was for the first round alone
    std::swap(work.next.under_way, work.own);
  }
}

}  // namespace

std::uint64_t digest_of(std::uint64_t hash, model::Step t) {
  const std::array<std::uint64_t, 2> both{hash, static_cast<std::uint64_t>(t)};
  return transport::checksum(std::as_bytes(std::span(both)));
}

transport::RingTiming RoundRecord::seen() const {
  const auto of_wait = std::min(ring.wait, hidden);
  return {ring.wait - of_wait, ring.average - (hidden - of_wait)};
}

// On the right of the steps and of the average: Algorithm 1 of the paper, for worker w. Its x is
// averaged as x + (mean of the changes), which is the same and keeps all devices bit-identical
// (docs/algorithm.md).
asio::awaitable<RoundEnd> take_round(LocalSgd& run, State& state, RoundRecord& record) {
  const bool begun = !state.under_way.empty();
  OwnChange& own = begun ? state.under_way : run.work->own;
  reuse_memory(own, run.rules, state, run.work->next, run.work->delta);
  if (!begun) co_await take_steps(run, {state, state.under_way}, run.stop_computing, own);
  record = {own.part.h, own.part.own, own.all, own.cut, {}, own.took, {}, {}, own.reason};

  Facts facts = own.facts;
  facts.culprit = facts.not_finite * static_cast<double>(run.ring.place().rank + 1);
  facts.request = run.request();
  write_tail(facts, {run.rules, own.part, devices::seconds(own.steps)}, state, run.work->tail);
  if (run.rules.overlap) {
    co_await average_and_go_on(run, state, own, record);
  } else {
    co_await average(run, state, record);
  }
  record.facts = Facts::from(run.work->tail);
  if (record.facts.not_finite > 0) co_return RoundEnd::diverged;

  bool finite = true;
  co_await run.processor.run({}, [&] {  //   x = (1/W) sum_w y_w
    finite = commit_part(own, run.rules, state, run.work->delta, record.facts, run.work->next);
  });
  if (!finite) co_return RoundEnd::diverged;
  read_times(run.work->tail, run.rules, own.all, state, run.work->next);
  const auto all = record.compute + record.ring.wait + record.ring.average;
  run.work->next.round_seconds = static_cast<float>(devices::seconds(all));
  std::swap(run.work->next.averages, own.averages);
  std::swap(state, run.work->next);
  keep_for_next_round(*run.work, run.rules.overlap, begun);
  run.solver.sampler().commit();
  const auto asked = record.facts.requests();
  if ((asked & kStop) != 0) co_return RoundEnd::stop;
  co_return (asked & kEnough) != 0 ? RoundEnd::enough : RoundEnd::committed;
}

}  // namespace annulet::runtime
