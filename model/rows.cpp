/// What of the arithmetic on rows is no template.
#include "model/rows.hpp"

#include <array>

namespace annulet::model {

double norm2(ConstParams<float> x) {
  // One chain of additions would take longer than an average over a fast link.
  constexpr std::size_t kChains = 16;
  std::array<double, kChains> chains{};
  const std::size_t whole = x.size() - x.size() % kChains;
  for (std::size_t begin = 0; begin < whole; begin += kChains) {
    for (std::size_t c = 0; c < kChains; ++c) {
      const auto value = static_cast<double>(x[begin + c]);
      chains[c] += value * value;
    }
  }
  double sum = 0;
  for (const double chain : chains) sum += chain;
  for (const float value : x.subspan(whole)) {
    sum += static_cast<double>(value) * static_cast<double>(value);
  }
  return sum;
}

}  // namespace annulet::model
