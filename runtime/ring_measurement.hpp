/// What a ring takes, hop by hop and sum by sum: on all its devices side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/units.hpp"
#include "runtime/observer.hpp"
#include "runtime/run_config.hpp"
#include "runtime/training.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// All of it outlives the measurement.
struct MeasurementInputs {
  devices::Clock& clock;
  transport::Ring& ring;
  const MeasureSection& measure;
  bool may_mesh;        // sizes for which a mesh is faster take it
  std::uint32_t epoch;  // of the view
  Observer& observer;
  std::function<bool()> stop;  // is the user tired of it? The first device ends it for all
  std::function<asio::awaitable<void>()> add_mesh;  // connects it, on all
};

/// Each device in turn tries its line while the others wait in a sum, which then tells all what
/// came of it; so one hop is loaded at a time. Then the first device says which sizes are summed,
/// by which way, and times as many sums of each as fit into measure.time: with each it says whether
/// there is another one.
class RingMeasurement {
 public:
  RingMeasurement(MeasurementInputs inputs, std::vector<std::string> devices);

  /// Throws std::system_error when a neighbour leaves.
  asio::awaitable<TrainingEnd> run();

 private:
  [[nodiscard]] transport::Operation next_operation() noexcept;
  [[nodiscard]] devices::TimePoint limit() const;
  asio::awaitable<void> measure_hop(std::size_t from);
  asio::awaitable<std::vector<float>> choose_ways();
  asio::awaitable<void> time_sums(std::uint64_t bytes, bool over_mesh);
  [[nodiscard]] float word(std::size_t done, devices::TimePoint begin) const;

  MeasurementInputs in_;
  RingMeasured known_;
  bool is_first_;
  bool stopped_ = false;  // the first device's word
  std::uint64_t operations_ = 0;
};

/// The slowest hop, as an index; of equals the first.
[[nodiscard]] std::size_t slowest_hop(const RingMeasured& ring);
/// One link for all hops, as plans have it: the slowest rate and the mean delay.
[[nodiscard]] devices::LinkSpeed link_of(const RingMeasured& ring);
/// What an all-reduce around such a ring takes by the formula: 2(W-1)/W of the bytes at the slowest
/// rate, and 2(W-1) delays.
[[nodiscard]] double formula_seconds(const RingMeasured& ring, std::uint64_t bytes);

}  // namespace annulet::runtime
