/// The average over all steps of all devices.
#include "runtime/averaged_model.hpp"

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

asio::awaitable<std::vector<float>> averaged_model(AveragedModelInputs in,
                                                   transport::Operation operation,
                                                   devices::TimePoint deadline) {
  std::vector<float> mean(in.x.size());
  co_await in.processor.run({}, [&] {
    for (std::size_t j = 0; j < mean.size(); ++j) {
      mean[j] = static_cast<float>(in.share * (in.average.mean[j] - static_cast<double>(in.x[j])));
    }
  });
  co_await in.ring.all_reduce(operation, mean, {}, deadline);
  co_await in.processor.run({}, [&] {
    for (std::size_t j = 0; j < mean.size(); ++j) mean[j] += in.x[j];
  });
  co_return mean;
}

}  // namespace annulet::runtime
