/// Algorithm 1: local steps, an average, a commit.
#include "runtime/local_sgd.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "transport/checksum.hpp"

namespace annulet::runtime {
namespace {

/// The round's H; throws where the schedule chooses none.
model::Step steps_wanted(const LocalSgd& run, const State& state) {
  const model::Step wanted = run.schedule.local_steps(state.facts);
  if (wanted >= 1) return wanted;
  throw std::logic_error("the schedule " + run.schedule.name() + " chose H = " +
                         std::to_string(wanted) + ", but a round has at least one step");
}

}  // namespace

std::uint64_t digest_of(std::uint64_t hash, model::Step t) {
  const std::array<std::uint64_t, 2> both{hash, static_cast<std::uint64_t>(t)};
  return transport::checksum(std::as_bytes(std::span(both)));
}

// On the right: Algorithm 1 of the paper, for worker w. Its x is averaged as x + (mean of the
// changes), which is the same and keeps all devices bit-identical (docs/algorithm.md).
asio::awaitable<RoundEnd> take_round(LocalSgd& run, State& state, RoundRecord& record) {
  const model::Step wanted = steps_wanted(run, state);
  const model::Step H = std::min(wanted, run.horizon - state.t);
  RoundPart part = plan_part(run.rules, state, H);
  Facts facts;
  const auto begin = run.clock.now();
  const devices::Flops cost{run.step_flops * static_cast<double>(part.own)};
  co_await run.processor.run(cost, [&] {  // for H steps t: y = y - eta_t g_t(y)
    const LocalSteps steps{run.solver, run.eta, run.stop_computing};
    facts = take_part(part, run.rules, steps, state, run.next, run.delta);
  });
  record = {H, part.own, steps_of_all(run.rules, state, H), H < wanted, {}, run.clock.now() - begin,
            {}};

  facts.culprit = facts.not_finite * static_cast<double>(run.ring.place().rank + 1);
  facts.request = run.request();
  write_tail(facts, {run.rules, part, devices::seconds(record.compute)}, state, run.tail);
  const transport::Operation operation{run.epoch, run.operations++, digest_of(state.hash, state.t),
                                       true};
  record.ring =
      co_await run.ring.all_reduce(operation, run.delta, run.tail,  // if H divides t + 1:
                                   run.clock.now() + run.round_limit, {run.codec, run.next.r});
  record.facts = Facts::from(run.tail);
  if (record.facts.not_finite > 0) co_return RoundEnd::diverged;

  bool finite = true;
  co_await run.processor.run({}, [&] {  //   x = (1/W) sum_w y_w
    finite = commit_part(part, run.rules, state, run.delta, record.facts, run.next);
  });
  if (!finite) co_return RoundEnd::diverged;
  read_times(run.tail, run.rules, record.all, state, run.next);
  const auto all = record.compute + record.ring.wait + record.ring.average;
  run.next.round_seconds = static_cast<float>(devices::seconds(all));
  std::swap(state, run.next);
  run.solver.sampler().commit();
  const auto asked = record.facts.requests();
  if ((asked & kStop) != 0) co_return RoundEnd::stop;
  co_return (asked & kEnough) != 0 ? RoundEnd::enough : RoundEnd::committed;
}

}  // namespace annulet::runtime
