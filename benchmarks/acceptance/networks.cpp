/// A network on Fashion-MNIST, simulated: H local steps on sorted data, with and without drift
/// correction.
#include "benchmarks/acceptance/networks.hpp"

#include <array>
#include <cmath>
#include <mutex>

#include "benchmarks/acceptance/test_accuracy.hpp"
#include "runtime/in_parallel.hpp"
#include "runtime/step_tuning.hpp"
#include "runtime/text.hpp"

namespace annulet::benchmarks {
namespace {

using runtime::fixed_text;

constexpr std::size_t kClothesSeeds = 3;

struct Variant {
  model::Step h = 1;
  bool corrected = false;
  [[nodiscard]] std::string name() const {
    return "H = " + std::to_string(h) + (corrected ? " with drift correction" : "");
  }
};

constexpr std::array<Variant, 5> kVariants = {
    {{1, false}, {16, true}, {16, false}, {64, true}, {64, false}}};

runtime::RunConfig config_of(const std::filesystem::path& folder, const Variant& variant) {
  runtime::RunConfig config;
  config.run.steps = 800;
  config.model.kind = "mlp";
  config.model.layers = {64};
  config.data.train = runtime::data_path(folder, "train");
  config.data.test = runtime::data_path(folder, "t10k");
  config.data.partition.kind = model::PartitionKind::by_label;
  config.train.batch = 32;
  config.train.lr.kind = model::StepSizeKind::linear;
  config.train.lr.from = 0.1;
  config.train.lr.to = 0.001;
  config.train.correct_drift = variant.corrected;
  config.schedule.kind = "fixed";
  config.schedule.h = variant.h;
  return config;
}

std::string percent_text(const Accuracies& found) {
  return fixed_text(runtime::mean_and_spread(found).mean, 2) + " %";
}

/// How many points a run loses, seed by seed.
Accuracies lost(const Accuracies& from, const Accuracies& to) {
  Accuracies points;
  for (std::size_t i = 0; i < from.size(); ++i) points.push_back(from[i] - to[i]);
  return points;
}

struct Comparison {
  Target target;        // of the points lost
  std::size_t variant;  // of kVariants, against H = 1
};

constexpr const char* kClothesModel = "MLP 784-64-10, labels sorted";
constexpr std::array<Comparison, 4> kComparisons = {{
    {{"H = 16 with correction: points below H = 1", "<= 1.50",
      [](double points) { return points <= 1.5; }},
     1},
    {{"the same without", ">= 3.00", [](double points) { return points >= 3; }}, 2},
    {{"H = 64 with correction", "none", nullptr}, 3},
    {{"the same without", "none", nullptr}, 4},
}};

Claim claim_of(const Comparison& comparison, const std::vector<Accuracies>& found) {
  const auto& all = found.front();
  const auto& ours = found.at(comparison.variant);
  const auto points = runtime::mean_and_spread(lost(all, ours));
  return claim_of(kClothesModel, comparison.target, points.mean,
                  fixed_text(points.mean, 2) + " ± " + fixed_text(points.deviation, 2) + ": " +
                      percent_text(all) + " - " + percent_text(ours));
}

}  // namespace

std::vector<Claim> network_claims(const std::filesystem::path& fashion_mnist, std::size_t threads,
                                  const std::function<void(const std::string&)>& show) {
  std::vector<Claim> claims;
  if (!runtime::has_idx_pair(fashion_mnist, "train") ||
      !runtime::has_idx_pair(fashion_mnist, "t10k")) {
    const auto why = "Fashion-MNIST is not in " + fashion_mnist.string() +
                     ": install Debian's package dataset-fashion-mnist";
    for (const auto& comparison : kComparisons) {
      claims.push_back(not_measured(kClothesModel, comparison.target, why));
    }
    return claims;
  }
  SharedByThreads data;
  std::vector<Accuracies> found(kVariants.size(), Accuracies(kClothesSeeds));
  std::mutex mutex;
  runtime::in_parallel(threads, kVariants.size() * kClothesSeeds, [&](std::size_t i) {
    const auto& variant = kVariants.at(i / kClothesSeeds);
    auto config = config_of(fashion_mnist, variant);
    config.run.seed = 1 + i % kClothesSeeds;
    found.at(i / kClothesSeeds).at(i % kClothesSeeds) = test_accuracy_of(config, data);
    const std::lock_guard lock(mutex);
    show("MLP " + variant.name() + ", seed " + std::to_string(config.run.seed));
  });
  for (const auto& comparison : kComparisons) claims.push_back(claim_of(comparison, found));
  return claims;
}

}  // namespace annulet::benchmarks
