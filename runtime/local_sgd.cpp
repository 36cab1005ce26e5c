/// Algorithm 1, between two averages and at one.
#include "runtime/local_sgd.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "runtime/control_variates.hpp"
#include "transport/bytes.hpp"
#include "transport/checksum.hpp"

namespace annulet::runtime {
namespace {

double norm2(std::span<const float> x) {
  double sum = 0;
  for (const float value : x) sum += static_cast<double>(value) * static_cast<double>(value);
  return sum;
}

/// D_w = y_w - x and what travels of it, p_w D_w; nothing when y is not finite, or so far from x
/// that D_w is not.
Facts weigh(std::span<const float> y, std::span<const float> x, const model::StepReport& report,
            double share, std::span<float> own, std::span<float> delta) {
  for (std::size_t i = 0; i < x.size(); ++i) own[i] = y[i] - x[i];
  const double distance2 = norm2(own);
  const bool finite = report.finite && std::isfinite(distance2);
  const auto p = static_cast<float>(share);
  for (std::size_t i = 0; i < x.size(); ++i) delta[i] = finite ? p * own[i] : 0.0F;
  const double mean_loss =
      report.sum_loss / static_cast<double>(std::max<model::Step>(1, report.steps));
  Facts facts;
  facts.loss = share * mean_loss;
  facts.delta_norm2 = share * distance2;
  facts.samples = static_cast<double>(report.samples);
  facts.not_finite = finite ? 0 : 1;
  return facts;
}

/// x = x + sum_w p_w D_w, and what the next round's schedule may know. Returned whole, so that the
/// caller commits it in one assignment.
State outer_step(State state, std::span<const float> delta, model::Step h, const Facts& facts) {
  for (std::size_t i = 0; i < state.x.size(); ++i) state.x[i] += delta[i];
  state.t += h;
  ++state.round;
  const double delta_norm2 = norm2(delta);
  state.facts = {state.t, facts.loss, std::max(0.0, facts.delta_norm2 - delta_norm2), delta_norm2};
  return state;
}

}  // namespace

std::uint64_t State::hash() const { return transport::checksum(transport::bytes_of(std::span(x))); }

// On the right: Algorithm 1 of the paper, for worker w. Its x is averaged as x + (mean of the
// changes), which is the same and keeps all devices bit-identical (docs/algorithm.md).
asio::awaitable<RoundEnd> take_round(LocalSgd& run, State& state, RoundRecord& record) {
  const model::Step H = std::min(run.schedule.local_steps(state.facts), run.horizon - state.t);
  std::vector<float> y = state.x, own(y.size()), delta(y.size());
  model::StepReport report;
  const auto begin = run.clock.now();
  const devices::Flops cost{run.step_flops * static_cast<double>(H)};
  co_await run.processor.run(cost, [&] {                             // for H steps t:
    report = run.solver.take_steps(y, state.t, H, run.eta, state.v,  //   y = y - eta_t g_t(y)
                                   run.stop_computing);
  });
  record = {H, {}, run.clock.now() - begin, {}};

  Facts facts = weigh(y, state.x, report, run.share, own, delta);
  facts.culprit = facts.not_finite * static_cast<double>(run.ring.place().rank + 1);
  facts.stop = run.stop_requested() ? 1 : 0;
  FactTail tail = facts.tail();
  const transport::Operation operation{run.epoch, run.operations++, state.hash(), true};
  record.ring = co_await run.ring.all_reduce(operation, delta, tail,  // if H divides t + 1:
                                             run.clock.now() + run.round_limit);
  record.facts = Facts::from(tail);
  if (record.facts.not_finite > 0) co_return RoundEnd::diverged;

  State next = outer_step(std::move(state), delta, H, record.facts);  //   x = (1/W) sum_w y_w
  if (!next.v.empty()) {
    correct<float>(next.v, delta, own, report.sum_eta);  //   (drift correction)
  }
  next.sum_eta = report.sum_eta;
  state = std::move(next);
  co_return record.facts.stop > 0 ? RoundEnd::stop : RoundEnd::committed;
}

}  // namespace annulet::runtime
