/// The scale of the features, agreed on by all devices before step 0.
#pragma once

#include <cstdint>
#include <functional>

#include <asio/awaitable.hpp>

#include "devices/processor.hpp"
#include "model/scale.hpp"
#include "runtime/smoothness.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// What is borrowed until the scale is agreed on.
struct RingScaleInputs {
  devices::Processor& processor;
  transport::Ring& ring;
  ShardPart evaluated;   // this device's part of the union of all shards
  std::size_t features;  // p of all devices
  std::function<transport::Operation()> next_operation;
  std::function<devices::TimePoint()> deadline;
};

/// model::standard_scale of the union of all shards: the same bits on all devices. Every device
/// tells its rows, means and deviations in double, in one all-reduce of 3W(2p + 1) floats (counted
/// as control); where those would be more than 4 MiB, in several for some of the features each.
/// Throws std::system_error when the ring fails.
asio::awaitable<model::Scale> standard_scale_over(RingScaleInputs in);

}  // namespace annulet::runtime
