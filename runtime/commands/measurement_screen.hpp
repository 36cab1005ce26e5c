/// What `annulet net` and `annulet bench allreduce` show: what is being measured, tables, JSON.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "runtime/json_writer.hpp"
#include "runtime/observer.hpp"
#include "runtime/run_config.hpp"

namespace annulet::runtime {

/// Says on standard error what is being measured, and keeps what came of it.
class MeasurementScreen final : public Observer {
 public:
  /// bytes: of the sums, in any order; each is measured once.
  MeasurementScreen(devices::Duration hop, devices::Duration time,
                    const std::vector<std::size_t>& bytes);
  void measured(const RingMeasured& ring) override;

  /// What the ring is asked for.
  [[nodiscard]] RunConfig& config() noexcept { return config_; }

  /// Hops, the slowest one marked, and sums, the smallest first. With hops beside the formula and
  /// what net.exchange = "auto" would take, and `model` (elements) is called that; else beside the
  /// bandwidth of the bus.
  [[nodiscard]] std::string tables(std::int64_t model) const;
  /// The one link that plans have: what --link of annulet plan takes.
  [[nodiscard]] std::string link() const;
  /// The same as keys of --json.
  void add_to(JsonObject& object) const;

 private:
  [[nodiscard]] std::string hop(std::size_t from) const;
  [[nodiscard]] std::string hop_table() const;
  [[nodiscard]] std::vector<std::string> cells(const SumsMeasured& found) const;
  [[nodiscard]] std::string doing() const;
  [[nodiscard]] bool would_mesh(std::int64_t elements) const;
  [[nodiscard]] double bus_rate(const SumsMeasured& sums) const;

  RunConfig config_;
  RingMeasured ring_;
};

}  // namespace annulet::runtime
