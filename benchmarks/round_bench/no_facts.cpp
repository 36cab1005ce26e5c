/// In place of runtime/round_tail.cpp and model/lengths.cpp: nothing travels beside the change, and
/// no length of it is computed, from which follow the drift and whether it is finite.
#include "model/lengths.hpp"
#include "runtime/round.hpp"

namespace annulet::model {

double norm2(ConstParams<float> /*x*/) { return 0; }
double subtract(ConstParams<float> y, Params<float> x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= y[i];
  return 0;
}
double step_along(ConstParams<float> x, float factor, Params<float> change) {
  for (std::size_t i = 0; i < x.size(); ++i) change[i] = x[i] + factor * change[i];
  return 0;
}
bool all_finite(ConstParams<float> /*x*/) { return true; }
bool all_finite(ConstParams<double> /*x*/) { return true; }

}  // namespace annulet::model

namespace annulet::runtime {

Tail tail_of(const RoundRules& /*rules*/, const State& /*state*/) { return Tail::even; }

void write_tail(const Facts& /*facts*/, const TimedPart& /*timed*/, const State& /*state*/,
                std::vector<float>& tail) {
  tail.clear();
}

void read_times(std::span<const float> /*tail*/, const RoundRules& /*rules*/,
                std::span<const model::Step> /*own*/, const State& /*state*/, State& /*next*/) {}

}  // namespace annulet::runtime
