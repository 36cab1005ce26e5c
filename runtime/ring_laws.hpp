/// The run's step size eta(t) and its schedule, with the constants that only all devices together
/// know.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/processor.hpp"
#include "model/objective.hpp"
#include "model/step_size.hpp"
#include "runtime/run_config.hpp"
#include "runtime/schedule.hpp"
#include "runtime/smoothness.hpp"
#include "transport/ring.hpp"

namespace annulet::runtime {

/// What is borrowed until the laws are made.
struct LawInputs {
  devices::Processor& processor;
  transport::Ring& ring;
  const RunConfig& config;
  const Schedules& schedules;
  const model::Objective<float>& objective;
  const model::ObjectiveOptions& options;
  ShardPart evaluated;  // this device's part of the union of all shards
  std::uint64_t rows;   // n over all devices
  std::function<transport::Operation()> next_operation;
  std::function<devices::TimePoint()> deadline;
};

/// What a run goes by; the schedule borrows the step size.
struct Laws {
  std::unique_ptr<model::StepSize> eta;
  std::unique_ptr<SyncSchedule> schedule;
};

/// What the laws follow from, beside the run file.
struct LawFacts {
  const Schedules& schedules;
  const model::Objective<float>& objective;
  const model::ObjectiveOptions& options;
  std::uint64_t rows;   // n over all devices
  std::size_t workers;  // W
};

/// Do the laws need L, which only all rows tell? Throws ConfigError where mu would be 0 or there is
/// no L.
[[nodiscard]] bool need_smoothness(const RunConfig& config, const LawFacts& facts);

/// L: known where need_smoothness says so.
[[nodiscard]] Laws laws_from(const RunConfig& config, const LawFacts& facts,
                             std::optional<double> L);

/// L, mu and kappa are computed over the ring, once, where the step size `paper` or a schedule with
/// the key kappa leave them out: the same on all devices. mu is model.l2. Throws ConfigError where
/// mu would be 0 or there is no L, std::system_error when the ring fails. Source: Stich 2019,
/// theorem 2.2.
asio::awaitable<Laws> make_laws(LawInputs in, std::stop_token stop);

}  // namespace annulet::runtime
