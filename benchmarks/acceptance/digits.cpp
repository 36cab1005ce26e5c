/// A network on 8x8 digits, simulated: 64 local steps on sorted data, with and without drift
/// correction.
#include <array>
#include <mutex>

#include "benchmarks/acceptance/networks.hpp"
#include "benchmarks/acceptance/test_accuracy.hpp"
#include "model/read_dataset.hpp"
#include "runtime/in_parallel.hpp"
#include "runtime/step_tuning.hpp"
#include "runtime/text.hpp"

namespace annulet::benchmarks {
namespace {

using runtime::fixed_text;

constexpr std::size_t kDigitsSeeds = 5;
constexpr std::size_t kPixels = 64;

struct Bound {
  Target target;  // of the accuracy in per cent
  model::Step h;
  bool corrected;
};

constexpr const char* kDigitsModel = "MLP 64-32-10, labels sorted";

constexpr std::array<Bound, 3> kBounds = {{
    {{"H = 1: test accuracy", "none", nullptr}, 1, false},
    {{"H = 64 with correction", ">= 95.50 %", [](double accuracy) { return accuracy >= 95.5; }},
     64,
     true},
    {{"the same without", "<= 95.00 %", [](double accuracy) { return accuracy <= 95; }}, 64, false},
}};

/// Names of sets that are no files.
const model::DataPath kTrain{.file = "/digits/four-rows-of-five"};
const model::DataPath kTest{.file = "/digits/every-fifth-row"};

/// Row i is of the test set if i mod 5 = 4. Pixels are 0 to 16, taken as 0 to 1.
void put_digits(const std::filesystem::path& file, SharedByThreads& data) {
  const auto all = model::read_dataset({.file = file, .label = {.number = kPixels + 1}});
  if (all.is_sparse() || all.features() != kPixels) {
    throw model::DataError(ErrorCode::data,
                           file.string() + " has other columns than 64 pixels and a digit");
  }
  constexpr std::size_t kEvery = 5;
  constexpr float kWhitest = 16;
  std::array<std::vector<float>, 2> pixels, labels;
  std::array<float, kPixels> row{};
  for (std::size_t i = 0; i < all.rows(); ++i) {
    const std::size_t set = i % kEvery == kEvery - 1 ? 1 : 0;
    all.copy_row(i, std::span<float>(row));
    for (const float pixel : row) pixels.at(set).push_back(pixel / kWhitest);
    labels.at(set).push_back(all.label(i));
  }
  data.put(kTrain, model::Dataset::dense(std::move(pixels[0]), std::move(labels[0]), kPixels));
  data.put(kTest, model::Dataset::dense(std::move(pixels[1]), std::move(labels[1]), kPixels));
}

runtime::RunConfig config_of(const Bound& bound, std::size_t seed) {
  runtime::RunConfig config;
  config.run.steps = 2000;
  config.run.seed = seed;
  config.model.kind = "mlp";
  config.model.layers = {32};
  config.model.l2 = 1e-4;
  config.data.train = kTrain;
  config.data.test = kTest;
  config.data.partition.kind = model::PartitionKind::by_label;
  config.train.batch = 8;
  config.train.lr.kind = model::StepSizeKind::linear;
  config.train.lr.from = 0.2;
  config.train.lr.to = 0.01;
  config.train.correct_drift = bound.corrected;
  config.schedule.kind = "fixed";
  config.schedule.h = bound.h;
  return config;
}

Claim claim_of(const Bound& bound, const Accuracies& found) {
  const auto accuracy = runtime::mean_and_spread(found);
  return claim_of(kDigitsModel, bound.target, accuracy.mean,
                  fixed_text(accuracy.mean, 2) + " ± " + fixed_text(accuracy.deviation, 2) + " %");
}

}  // namespace

std::vector<Claim> digits_claims(const std::filesystem::path& file, std::size_t threads,
                                 const std::function<void(const std::string&)>& show) {
  std::vector<Claim> claims;
  if (!std::filesystem::exists(file)) {
    const auto why = file.string() + " is not there: install Debian's package python3-sklearn";
    for (const auto& bound : kBounds) {
      claims.push_back(not_measured(kDigitsModel, bound.target, why));
    }
    return claims;
  }
  SharedByThreads data;
  put_digits(file, data);
  std::vector<Accuracies> found(kBounds.size(), Accuracies(kDigitsSeeds));
  std::mutex mutex;
  runtime::in_parallel(threads, kBounds.size() * kDigitsSeeds, [&](std::size_t i) {
    const auto& bound = kBounds.at(i / kDigitsSeeds);
    found.at(i / kDigitsSeeds).at(i % kDigitsSeeds) =
        test_accuracy_of(config_of(bound, 1 + i % kDigitsSeeds), data);
    const std::lock_guard lock(mutex);
    show("digits, " + std::string(bound.target.what) + ", seed " +
         std::to_string(1 + i % kDigitsSeeds));
  });
  for (std::size_t i = 0; i < kBounds.size(); ++i) claims.push_back(claim_of(kBounds[i], found[i]));
  return claims;
}

}  // namespace annulet::benchmarks
