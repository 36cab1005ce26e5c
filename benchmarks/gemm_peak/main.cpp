/// gemm_peak: the matrix products of a network's local step and nothing else, by Eigen.
///
///   gemm_peak BATCH WIDTH,WIDTH,... [SECONDS]
///
/// WIDTHs: of the features, the hidden layers and the outputs, such as 784,64,10. Each layer has
/// three products: its outputs, its weights' gradient and, but for the first one, what is passed
/// back. They are repeated for SECONDS (1), and one JSON object says how often a second they were
/// done: what a local step could reach if all else cost nothing. Compiled with the program's own
/// flags.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "benchmarks/harness/harness.hpp"
#include "benchmarks/monotonic.hpp"

namespace annulet::benchmarks {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// (batch, inputs) to (batch, outputs), as model/mlp.cpp multiplies.
struct Layer {
  Matrix values, weights, gradient, outputs, delta, back;

  Layer(Eigen::Index batch, Eigen::Index in, Eigen::Index out)
      : values(Matrix::Constant(batch, in, 0.5F)),
        weights(Matrix::Constant(in, out, 0.01F)),
        gradient(Matrix::Zero(in, out)),
        outputs(Matrix::Zero(batch, out)),
        delta(Matrix::Constant(batch, out, 0.001F)),
        back(Matrix::Zero(batch, in)) {}

  void multiply(bool passes_back) {
    outputs.noalias() = values * weights;
    gradient.setZero();
    gradient.noalias() += values.transpose() * delta;
    if (passes_back) back.noalias() = delta * weights.transpose();
  }
  [[nodiscard]] double flops(bool passes_back) const {
    const auto product = 2.0 * static_cast<double>(values.size() * weights.cols());
    return product * (passes_back ? 3 : 2);
  }
};

struct Network {
  std::vector<Layer> layers;

  void multiply() {
    for (std::size_t l = 0; l < layers.size(); ++l) layers[l].multiply(l > 0);
  }
  [[nodiscard]] double flops() const {
    double sum = 0;
    for (std::size_t l = 0; l < layers.size(); ++l) sum += layers[l].flops(l > 0);
    return sum;
  }
};

Network network_of(std::size_t batch, std::span<const std::string> widths) {
  constexpr std::size_t kMost = 1 << 16;
  std::vector<Eigen::Index> sizes;
  for (const auto& word : widths) {
    const auto width = number_of("WIDTH", word);
    if (width < 1 || width > kMost) throw std::invalid_argument("WIDTH: 1 to 65536");
    sizes.push_back(static_cast<Eigen::Index>(width));
  }
  if (sizes.size() < 2) throw std::invalid_argument("two WIDTHs at least: features and outputs");
  if (batch < 1 || batch > kMost) throw std::invalid_argument("BATCH: 1 to 65536");
  Network network;
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
    network.layers.emplace_back(static_cast<Eigen::Index>(batch), sizes[l], sizes[l + 1]);
  }
  return network;
}

/// The median of stretches of a tenth of the time: a visitor on the core spoils few of them.
double per_second(Network& network, double seconds) {
  constexpr std::size_t kStretches = 10;
  std::vector<double> rates;
  while (rates.size() < kStretches) {
    std::size_t count = 0;
    const auto begin = monotonic();
    double us = 0;
    while (us < seconds * 1e6 / kStretches) {
      network.multiply();
      ++count;
      us = microseconds(monotonic() - begin);
    }
    rates.push_back(static_cast<double>(count) * 1e6 / us);
  }
  std::ranges::sort(rates);
  return rates[kStretches / 2];
}

void work(std::span<char*> words) {
  if (words.size() != 3 && words.size() != 4) {
    throw std::invalid_argument("usage: gemm_peak BATCH WIDTH,WIDTH,... [SECONDS]");
  }
  auto network = network_of(number_of("BATCH", words[1]), words_of(words[2]));
  const double seconds = words.size() == 4 ? std::stod(words[3]) : 1;
  network.multiply();
  const double rate = per_second(network, seconds);
  std::printf(
      "{\"batch\":%s,\"widths\":[%s],\"flops_per_step\":%.0f,\"steps_per_second\":%.1f,"
      "\"flops_per_second\":%.0f}\n",
      words[1], words[2], network.flops(), rate, rate * network.flops());
}

}  // namespace
}  // namespace annulet::benchmarks

int main(int count, char** words) {
  return annulet::benchmarks::exit_code_of("gemm_peak", [&] {
    annulet::benchmarks::work({words, static_cast<std::size_t>(count)});
  });
}
