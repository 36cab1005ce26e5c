/// Power iteration over the ring.
#include "runtime/smoothness.hpp"

#include <cmath>
#include <utility>
#include <vector>

namespace annulet::runtime {
namespace {

constexpr int kMaxIterations = 1000;
// Far below the promised 1e-6: what one iteration still changes is less than what is still missing.
constexpr double kTolerance = 1e-9;

/// v = u / |u| in double; returns v_before . u, the Rayleigh quotient.
double normalise(const std::vector<float>& u, std::vector<double>& v) {
  double quotient = 0, norm2 = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    const auto value = static_cast<double>(u[i]);
    quotient += v[i] * value;
    norm2 += value * value;
  }
  const double norm = std::sqrt(norm2);
  for (std::size_t i = 0; i < u.size(); ++i) {
    v[i] = norm > 0 ? static_cast<double>(u[i]) / norm : 0;
  }
  return quotient;
}

}  // namespace

asio::awaitable<double> largest_gram_eigenvalue(
    transport::Ring& ring, devices::Processor& processor, GramRows rows,
    std::function<transport::Operation()> next_operation,
    std::function<devices::TimePoint()> deadline) {
  const ShardPart& part = rows.part;
  const std::size_t columns = rows.columns;
  std::vector<double> v(columns, 1 / std::sqrt(static_cast<double>(columns))), product(columns);
  std::vector<float> u(columns);
  double eigenvalue = 0;
  const double flops =
      4.0 * static_cast<double>(part.end - part.begin) * static_cast<double>(columns);
  for (int i = 0; i < kMaxIterations; ++i) {
    co_await processor.run({flops}, [&] {
      product.assign(columns, 0);
      model::add_gram_product(part.shard, part.begin, part.end, rows.features, v, product);
      for (std::size_t j = 0; j < columns; ++j) u[j] = static_cast<float>(product[j]);
    });
    transport::Operation operation = next_operation();
    operation.training = false;
    co_await ring.all_reduce(operation, u, {}, deadline());
    const double before = std::exchange(eigenvalue, normalise(u, v));
    if (std::abs(eigenvalue - before) <= kTolerance * eigenvalue) break;
  }
  co_return eigenvalue;
}

}  // namespace annulet::runtime
