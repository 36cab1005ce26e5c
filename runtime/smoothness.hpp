/// The largest curvature of the objective over all devices' data, for the paper's step size.
#pragma once

#include <cstdint>
#include <functional>

#include <asio/awaitable.hpp>

#include "devices/processor.hpp"
#include "model/objective.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// Rows [begin, end) of a shard: what this device adds to a sum over all data.
struct ShardPart {
  const model::Shard& shard;
  std::size_t begin, end;
};

/// This device's rows of the matrix A. columns: p, with the bias column if the model has one.
struct GramRows {
  ShardPart part;
  std::size_t features, columns;
};

/// lambda_max(A'A) over the rows of all devices, to 1e-6, by power iteration: one all-reduce of
/// p floats an iteration, counted as control; the same bits on all devices. next_operation gives
/// each all-reduce its identity.
asio::awaitable<double> largest_gram_eigenvalue(
    transport::Ring& ring, devices::Processor& processor, GramRows rows,
    std::function<transport::Operation()> next_operation,
    std::function<devices::TimePoint()> deadline);

}  // namespace annulet::runtime
