/// What a device brings to a run besides the run file: its name, its data, whom to wait for.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "devices/units.hpp"
#include "model/read_dataset.hpp"
#include "transport/link.hpp"

namespace annulet::runtime {

struct Replay;
struct ResumeFrom;

// Each member has an initializer, so that options can be written with the fields they need:
// StartOptions{.devices = 4}.

/// This device.
struct SessionOptions {
  std::optional<model::DataPath> own_data{};  // its own data (--data), else the run file's
  std::string name{};                         // ranks follow the names; made unique by the starter
  // Its checkpoints of the run; null: the run begins. Their states are let go of when one of them
  // has become the device's.
  std::shared_ptr<ResumeFrom> resume{};
  // Without `resume`: asked for this device's checkpoints of the run of that number when the
  // starter goes on with it; null where there are none. Empty: there are none. It is asked on the
  // thread of files; then, on that of the loop, `goes_on` hears what was found.
  std::function<std::shared_ptr<ResumeFrom>(std::uint64_t run_id)> find_resume{};
  std::function<void(const ResumeFrom&)> goes_on{};
  double drop = 0;  // the probability that it misses a round; the same on all devices
  std::shared_ptr<const Replay> replay{};  // the rounds to take again; the same on all devices
};

/// For the device that starts a run.
struct StartOptions {
  std::size_t devices = 1;                           // W, this one included
  std::string token{};                               // what joiners must say; "": anyone may join
  devices::Duration wait{std::chrono::minutes(10)};  // for the ring to be complete
  std::uint64_t run_id = 0;
  bool gap = false;  // find f* after the end, and say how far above it the model is
};

/// For those that join one.
struct JoinOptions {
  transport::Endpoint starter{};
  std::string token{};
  devices::Duration wait{std::chrono::seconds(10)};  // for the starter to answer
  // Between two calls; where that is no less than `wait` there is one.
  devices::Duration redial{std::chrono::milliseconds(200)};
  std::function<void(const std::string&)> joined{};  // told this device's name in the run
};

}  // namespace annulet::runtime
