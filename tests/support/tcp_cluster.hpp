/// A whole ring over TCP in one process: real sockets, the real clock, a compute thread a device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "runtime/data_source.hpp"
#include "runtime/observer.hpp"
#include "runtime/run_config.hpp"

namespace annulet::tests {

/// What one device of a ring told.
struct DeviceStory {
  runtime::RunFinished finished;
  std::vector<std::uint64_t> hashes;  // of the model after each round
  std::vector<float> model;           // the last one
  // After each round: what its books say that it has sent, and what the kernel says. The latter
  // only for those who ask, as the kernel takes its time.
  std::vector<std::uint64_t> sent, acknowledged;
  int lines = 0;  // how often a line was chosen anew
};

/// Writes down what an observer is told.
class Chronicler final : public runtime::Observer {
 public:
  explicit Chronicler(std::function<std::uint64_t()> acknowledged = {})
      : acknowledged_(std::move(acknowledged)) {}
  void line_chosen(const runtime::LineChosen& /*event*/) override { ++story_.lines; }
  void round_done(const runtime::RoundDone& event, std::span<const float> x) override;
  void finished(const runtime::RunFinished& event, std::span<const float> x) override;
  [[nodiscard]] const DeviceStory& story() const noexcept { return story_; }

 private:
  std::function<std::uint64_t()> acknowledged_;
  DeviceStory story_;
};

/// Data sets that are there already, for devices that read at the same time.
class LoadedData final : public runtime::DataSource {
 public:
  explicit LoadedData(std::shared_ptr<const model::Dataset> train) : train_(std::move(train)) {}
  /// The one set, whatever the path.
  [[nodiscard]] std::shared_ptr<const model::Dataset> load(const model::DataPath&) override {
    return train_;
  }

 private:
  std::shared_ptr<const model::Dataset> train_;
};

enum class Books { unseen, compared };

/// Runs `devices` sessions on one io_context over 127.0.0.1 to their ends, by rank. Their names
/// sort like their ranks, as in a simulation. Throws what a session threw.
[[nodiscard]] std::vector<DeviceStory> train_over_tcp(const runtime::RunConfig& config,
                                                      std::size_t devices,
                                                      runtime::DataSource& data,
                                                      Books books = Books::unseen);

}  // namespace annulet::tests
