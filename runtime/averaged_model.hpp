/// What a run gives when it is not its last iterate: the average over all steps of all devices.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/processor.hpp"
#include "model/iterate_average.hpp"
#include "model/step_size.hpp"
#include "runtime/run_config.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// The weights that run.output and run.average_shift name; none: the last iterate is wanted.
/// Throws ConfigError where the shift is the step size's a and it has none.
[[nodiscard]] std::optional<model::AverageWeights> average_weights(const RunSection& run,
                                                                   const model::StepSize& eta);

/// What this device adds to x-bar - x: share (m_w - x), into out, (d). 0 where it has taken no step
/// yet, as devices that miss rounds may: its model has been x.
void change_of_average(std::span<const float> x, const model::IterateAverage& average, double share,
                       std::span<float> out);

/// What averaged_model() borrows; all of it outlives the call.
struct AveragedModelInputs {
  devices::Processor& processor;
  transport::Ring& ring;
  std::span<const float> x;              // (d), the same bits on all devices
  const model::IterateAverage& average;  // of this device's iterates: m_w
  double share = 1;                      // p_w; they sum to 1
};

/// x-bar = sum_w p_w m_w: (d), the same bits on all devices, by one all-reduce of d floats. What
/// travels is p_w (m_w - x), which is small where the iterates have settled, so that float32 costs
/// little. Throws std::system_error when the ring fails.
/// Source: Stich 2019, theorem 2.2.
asio::awaitable<std::vector<float>> averaged_model(AveragedModelInputs in,
                                                   transport::Operation operation,
                                                   devices::TimePoint deadline);

}  // namespace annulet::runtime
