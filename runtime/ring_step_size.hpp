/// The run's step size eta(t), with the constants that only all devices together know.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/processor.hpp"
#include "model/objective.hpp"
#include "model/step_size.hpp"
#include "runtime/run_config.hpp"
#include "runtime/smoothness.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// What is borrowed until the step size is made.
struct StepSizeInputs {
  devices::Processor& processor;
  transport::Ring& ring;
  const RunConfig& config;
  const model::Objective<float>& objective;
  const model::ObjectiveOptions& options;
  ShardPart evaluated;  // this device's part of the union of all shards
  std::uint64_t rows;   // n over all devices
  std::function<transport::Operation()> next_operation;
  std::function<devices::TimePoint()> deadline;
};

/// mu and a = 16 L/mu are computed over the ring where the run file's `paper` leaves them out: the
/// same on all devices. Throws ConfigError where mu would be 0, std::system_error when the ring
/// fails. Source: Stich 2019, theorem 2.2.
asio::awaitable<std::unique_ptr<model::StepSize>> make_step_size(StepSizeInputs in,
                                                                 std::stop_token stop);

}  // namespace annulet::runtime
