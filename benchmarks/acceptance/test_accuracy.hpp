/// The test accuracy that a simulated run ends with, and claims about it.
#pragma once

#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/acceptance/claims.hpp"
#include "runtime/data_source.hpp"
#include "runtime/wiring.hpp"

namespace annulet::benchmarks {

/// One set in memory for the runs of all threads.
class SharedByThreads final : public runtime::DataSource {
 public:
  std::shared_ptr<const model::Dataset> load(const model::DataPath& path) override {
    const std::lock_guard lock(mutex_);
    return data_.load(path);
  }
  /// Before any thread loads.
  void put(const model::DataPath& path, model::Dataset data) { data_.put(path, std::move(data)); }

 private:
  std::mutex mutex_;
  runtime::SharedData data_;
};

/// In per cent, of each seed.
using Accuracies = std::vector<double>;

/// Of four devices. Throws std::runtime_error where the run ended early.
inline double test_accuracy_of(const runtime::RunConfig& config, runtime::DataSource& data) {
  runtime::Simulation simulation;
  simulation.devices = 4;
  runtime::Observer nobody;
  const auto end = runtime::simulate(config, simulation, data, nobody);
  if (!end.test_accuracy) throw std::runtime_error("a network's run ended: " + end.exit_reason);
  return 100 * *end.test_accuracy;
}

/// What a number is compared with.
struct Target {
  const char* what;
  const char* text;
  bool (*holds)(double number);  // null: it is reported, without a target
};

inline Claim claim_of(const char* about, const Target& target, double number,
                      std::string measured) {
  return {.about = about,
          .what = target.what,
          .target = target.text,
          .measured = std::move(measured),
          .holds = target.holds == nullptr || target.holds(number),
          .instead = target.holds == nullptr ? "reported" : ""};
}

/// Where data are missing.
inline Claim not_measured(const char* about, const Target& target, std::string why) {
  return {.about = about,
          .what = target.what,
          .target = target.text,
          .measured = std::move(why),
          .holds = false,
          .instead = kNotMeasured};
}

}  // namespace annulet::benchmarks
