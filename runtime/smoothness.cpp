/// Power iteration over the ring.
#include "runtime/smoothness.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "model/random.hpp"

namespace annulet::runtime {
namespace {

// Both close to the limits of the float32 that travels: its rounding is a residual of some 1e-7.
constexpr double kResidual = 1e-6;
constexpr int kLeastIterations = 10, kMostIterations = 10000;
constexpr std::uint64_t kStartSeed = 1;  // of the start: any, but the same on all devices

/// A direction that data have no reason to be orthogonal to, unlike (1, ..., 1), which rows that
/// each sum to 0 are. Uniform, as that needs no function that differs between devices.
std::vector<double> start_vector(std::size_t columns) {
  model::Random random(kStartSeed);
  std::vector<double> v(columns);
  double norm2 = 0;
  for (double& value : v) {
    value = random.uniform() - 0.5;
    norm2 += value * value;
  }
  for (double& value : v) value /= std::sqrt(norm2);
  return v;
}

struct Estimate {
  double eigenvalue = 0;  // v . u, the Rayleigh quotient: never above the largest eigenvalue
  double residual = 0;    // |u - eigenvalue v| / eigenvalue
};

/// How good a unit vector v is, from u = A'A v; then v = u / |u|.
Estimate improve(const std::vector<float>& u, std::vector<double>& v) {
  Estimate out;
  double norm2 = 0, residual2 = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    const auto value = static_cast<double>(u[i]);
    out.eigenvalue += v[i] * value;
    norm2 += value * value;
  }
  if (norm2 == 0) return out;
  const double norm = std::sqrt(norm2);
  for (std::size_t i = 0; i < u.size(); ++i) {
    const double value = static_cast<double>(u[i]), error = value - out.eigenvalue * v[i];
    residual2 += error * error;
    v[i] = value / norm;
  }
  out.residual = std::sqrt(residual2) / out.eigenvalue;
  return out;
}

}  // namespace

asio::awaitable<double> largest_gram_eigenvalue(
    transport::Ring& ring, devices::Processor& processor, GramRows rows, std::stop_token stop,
    std::function<transport::Operation()> next_operation,
    std::function<devices::TimePoint()> deadline) {
  const ShardPart& part = rows.part;
  const std::size_t columns = rows.columns;
  std::vector<double> v = start_vector(columns), product(columns);
  std::vector<float> u(columns);
  Estimate estimate;
  const double flops =
      4.0 * static_cast<double>(part.end - part.begin) * static_cast<double>(columns);
  for (int i = 0; i < kMostIterations; ++i) {
    co_await processor.run({flops}, [&] {
      product.assign(columns, 0);
      constexpr std::size_t kBlock = 4096;  // so that it ends soon when told to
      for (std::size_t begin = part.begin; begin < part.end && !stop.stop_requested();
           begin += kBlock) {
        const std::size_t end = std::min(part.end, begin + kBlock);
        model::add_gram_product(part.shard, begin, end, rows.features, v, product);
      }
      for (std::size_t j = 0; j < columns; ++j) u[j] = static_cast<float>(product[j]);
    });
    transport::Operation operation = next_operation();
    operation.training = false;
    co_await ring.all_reduce(operation, u, {}, deadline());
    estimate = improve(u, v);
    if (estimate.residual <= kResidual && (i >= kLeastIterations || estimate.eigenvalue == 0))
      break;
  }
  co_return estimate.eigenvalue;
}

}  // namespace annulet::runtime
