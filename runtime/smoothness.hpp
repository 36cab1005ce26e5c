/// The largest curvature of the objective over all devices' data, for the paper's step size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>

#include <asio/awaitable.hpp>

#include "devices/processor.hpp"
#include "model/objective.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// What L is computed from.
struct Curvature {
  double factor;       // Objective::curvature_factor(), >= 0
  double largest;      // lambda_max(A'A) over all rows; no matter where factor is 0
  std::uint64_t rows;  // n
  double l2;
};

/// L of f: factor lambda_max/n + l2; of the quadratic, whose curvature knows no rows, 1 + l2.
[[nodiscard]] inline double smoothness_of(const Curvature& of) {
  if (!(of.factor > 0)) return 1 + of.l2;
  return of.factor * of.largest / static_cast<double>(of.rows) + of.l2;
}

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

/// lambda_max(A'A) over the rows of all devices, by power iteration from a fixed pseudo-random
/// start: one all-reduce of p floats an iteration, counted as control; the same bits on all
/// devices. next_operation gives each all-reduce its identity.
///
/// It ends when |A'A v - lambda v| <= 1e-6 lambda. A symmetric matrix has an eigenvalue within
/// such a residual r of lambda, and if that is the largest one, lambda errs by at most r^2 over
/// the gap to the next: so the result is good to 1e-6, relative. If the two largest are closer to
/// each other than about 1e-3 it can end after 10,000 iterations instead, which leave lambda
/// within some 2e-5 below the largest. Source: Parlett 1998, sections 4.2 and 4.5.
asio::awaitable<double> largest_gram_eigenvalue(
    transport::Ring& ring, devices::Processor& processor, GramRows rows, std::stop_token stop,
    std::function<transport::Operation()> next_operation,
    std::function<devices::TimePoint()> deadline);

}  // namespace annulet::runtime
