/// The average over all steps of all devices.
#include "runtime/averaged_model.hpp"

#include <algorithm>

namespace annulet::runtime {

std::optional<model::AverageWeights> average_weights(const RunSection& run,
                                                     const model::StepSize& eta) {
  if (!run.output) return std::nullopt;
  const auto shift = run.average_shift ? run.average_shift : eta.shift();
  if (!shift) {
    throw ConfigError(
        ErrorCode::keys_contradict,
        "run.average_shift \"paper\" is the a of the step size, and this one has none: give a "
        "number > 0, or train.lr.kind paper");
  }
  return model::AverageWeights{*run.output, *shift};
}

void change_of_average(std::span<const float> x, const model::IterateAverage& average, double share,
                       std::span<float> out) {
  if (average.mean.empty()) {
    std::ranges::fill(out, 0.0F);
    return;
  }
  for (std::size_t j = 0; j < out.size(); ++j) {
    out[j] = static_cast<float>(share * (average.mean[j] - static_cast<double>(x[j])));
  }
}

asio::awaitable<std::vector<float>> averaged_model(AveragedModelInputs in,
                                                   transport::Operation operation,
                                                   devices::TimePoint deadline) {
  std::vector<float> mean(in.x.size());
  co_await in.processor.run({}, [&] { change_of_average(in.x, in.average, in.share, mean); });
  co_await in.ring.all_reduce(operation, mean, {}, deadline);
  co_await in.processor.run({}, [&] {
    for (std::size_t j = 0; j < mean.size(); ++j) mean[j] += in.x[j];
  });
  co_return mean;
}

}  // namespace annulet::runtime
