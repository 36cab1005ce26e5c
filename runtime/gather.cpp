/// Doubles as triples of floats.
#include "runtime/gather.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace annulet::runtime {
namespace {

constexpr std::size_t kParts = 3;
constexpr int kPartBits = 24;  // of a float's mantissa

/// The first part is the value as a float, the others what is left of it, scaled up so that they
/// stay far from float's smallest numbers, which some ARM vector units flush to zero.
std::array<float, kParts> split(double value) {
  if (!std::isfinite(value)) return {std::nanf(""), 0.0F, 0.0F};
  const auto first = static_cast<float>(value);
  double rest = std::ldexp(value - static_cast<double>(first), kPartBits);
  const auto second = static_cast<float>(rest);
  rest = std::ldexp(rest - static_cast<double>(second), kPartBits);
  return {first, second, static_cast<float>(rest)};
}

double join(std::span<const float, kParts> parts) {
  return static_cast<double>(parts[0]) + std::ldexp(static_cast<double>(parts[1]), -kPartBits) +
         std::ldexp(static_cast<double>(parts[2]), -2 * kPartBits);
}

}  // namespace

asio::awaitable<std::vector<std::vector<double>>> gather(transport::Ring& ring,
                                                         transport::Operation operation,
                                                         std::vector<double> mine,
                                                         devices::TimePoint deadline) {
  const std::size_t workers = ring.place().size, count = mine.size();
  std::vector<float> slots(workers * count * kParts);
  for (std::size_t i = 0; i < count; ++i) {
    const auto parts = split(mine[i]);
    const std::size_t at = (ring.place().rank * count + i) * kParts;
    std::copy(parts.begin(), parts.end(), slots.begin() + static_cast<std::ptrdiff_t>(at));
  }
  operation.training = false;
  co_await ring.all_reduce(operation, slots, {}, deadline);
  std::vector<std::vector<double>> all(workers, std::vector<double>(count));
  for (std::size_t k = 0; k < workers * count; ++k) {
    all[k / count][k % count] = join(std::span(slots).subspan(k * kParts).first<kParts>());
  }
  co_return all;
}

double sum_of(const std::vector<std::vector<double>>& gathered, std::size_t i) {
  double sum = 0;
  for (const auto& numbers : gathered) sum += numbers[i];
  return sum;
}

}  // namespace annulet::runtime
