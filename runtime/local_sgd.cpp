/// Algorithm 1, between two averages and at one.
#include "runtime/local_sgd.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "model/rows.hpp"
#include "runtime/control_variates.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"

namespace annulet::runtime {
namespace {

/// What travels of the change D_w = y_w - x: p_w D_w; nothing when y is not finite, or so far from
/// x that D_w is not.
Facts weigh(std::span<const float> y, std::span<const float> x, const model::StepReport& report,
            double share, std::span<float> delta) {
  for (std::size_t i = 0; i < x.size(); ++i) delta[i] = y[i] - x[i];
  const double distance2 = model::norm2(delta);
  const bool finite = report.finite && std::isfinite(distance2);
  const auto p = static_cast<float>(share);
  for (float& change : delta) change = finite ? p * change : 0.0F;
  const double mean_loss =
      report.sum_loss / static_cast<double>(std::max<model::Step>(1, report.steps));
  Facts facts;
  facts.loss = share * mean_loss;
  facts.delta_norm2 = share * distance2;
  facts.samples = static_cast<double>(report.samples);
  facts.not_finite = finite ? 0 : 1;
  return facts;
}

/// The state that follows, into `next`, whose x is y: x + D with D = delta = sum_w p_w D_w.
void outer_step(const State& state, std::span<const float> delta, const model::StepReport& report,
                const Facts& facts, State& next) {
  for (std::size_t i = 0; i < delta.size(); ++i) next.x[i] -= state.x[i];  // D_w
  next.v = state.v;
  correct<float>(next.v, delta, next.x, report.sum_eta);
  for (std::size_t i = 0; i < delta.size(); ++i) next.x[i] = state.x[i] + delta[i];
  const double delta_norm2 = model::norm2(delta);
  next.t = state.t + report.steps;
  next.round = state.round + 1;
  next.facts = {next.t, report.steps, facts.loss, std::max(0.0, facts.delta_norm2 - delta_norm2),
                delta_norm2};
  next.sum_eta = report.sum_eta;
  next.hash = hash_of(next.x);
}

}  // namespace

std::uint64_t hash_of(std::span<const float> x) {
  return transport::checksum(transport::bytes_of(x));
}

std::uint64_t digest_of(std::uint64_t hash, model::Step t) {
  const std::array<std::uint64_t, 2> both{hash, static_cast<std::uint64_t>(t)};
  return transport::checksum(std::as_bytes(std::span(both)));
}

// On the right: Algorithm 1 of the paper, for worker w. Its x is averaged as x + (mean of the
// changes), which is the same and keeps all devices bit-identical (docs/algorithm.md).
asio::awaitable<RoundEnd> take_round(LocalSgd& run, State& state, RoundRecord& record) {
  const model::Step wanted = run.schedule.local_steps(state.facts);
  if (wanted < 1) {
    throw std::logic_error("the schedule " + run.schedule.name() + " chose H = " +
                           std::to_string(wanted) + ", but a round has at least one step");
  }
  const model::Step H = std::min(wanted, run.horizon - state.t);
  std::vector<float>& y = run.next.x;
  model::StepReport report;
  Facts facts;
  const auto begin = run.clock.now();
  const devices::Flops cost{run.step_flops * static_cast<double>(H)};
  co_await run.processor.run(cost, [&] {
    run.next.averages = state.averages;
    const model::StepExtras<float> extras{state.v, run.next.averages};
    y = state.x;                                                    // for H steps t:
    report = run.solver.take_steps(y, state.t, H, run.eta, extras,  //   y = y - eta_t g_t(y)
                                   run.stop_computing);
    run.delta.resize(y.size());
    facts = weigh(y, state.x, report, run.share, run.delta);
  });
  record = {H, H < wanted, {}, run.clock.now() - begin, {}};

  facts.culprit = facts.not_finite * static_cast<double>(run.ring.place().rank + 1);
  facts.request = run.request();
  FactTail tail = facts.tail();
  const transport::Operation operation{run.epoch, run.operations++, digest_of(state.hash, state.t),
                                       true};
  record.ring = co_await run.ring.all_reduce(operation, run.delta, tail,  // if H divides t + 1:
                                             run.clock.now() + run.round_limit);
  record.facts = Facts::from(tail);
  if (record.facts.not_finite > 0) co_return RoundEnd::diverged;

  co_await run.processor.run({}, [&] {
    outer_step(state, run.delta, report, record.facts, run.next);  //   x = (1/W) sum_w y_w
  });
  std::swap(state, run.next);
  run.solver.sampler().commit();
  const auto asked = record.facts.requests();
  if ((asked & kStop) != 0) co_return RoundEnd::stop;
  co_return (asked & kEnough) != 0 ? RoundEnd::enough : RoundEnd::committed;
}

}  // namespace annulet::runtime
