/// What of this box would hurt a run, before one is started: docs/doctor.md has all that is said.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "devices/box.hpp"
#include "devices/clock.hpp"
#include "devices/service.hpp"
#include "runtime/disk_trial.hpp"
#include "transport/link.hpp"

namespace annulet::runtime {

/// One thing that was looked at.
struct Finding {
  enum class Verdict { fine, hurts, stops };  // stops: a run would not begin, or lose its results

  std::string what;  // "disk"
  Verdict verdict = Verdict::fine;
  std::string found{};    // "1 MiB is on disk in 15 ms"
  std::string mend{};     // what to do about it; empty where it is fine
  std::string command{};  // what to type for that; where there is something to type
  std::vector<std::pair<std::string, double>> figures{};  // what was measured, for programs
};

/// What this device's runs use, as its options or its settings say.
struct DeviceUses {
  std::string data{};              // its own data; "": the run file's
  std::filesystem::path folder{};  // for results and checkpoints; "": the service's, or runs
  transport::Endpoint listen{"0.0.0.0", 7077};
};

/// Memory, temperature, power, and how the CPU's clock rate is governed.
[[nodiscard]] std::vector<Finding> check_box(const devices::Box& box);

[[nodiscard]] Finding check_service(const devices::Service& service);

/// What the device file says, and what that is worth.
struct Settings {
  Finding finding{};
  std::string data{};              // this device's own; "": the run file's, or not known
  std::filesystem::path folder{};  // for results; relative: below the service's own
};
[[nodiscard]] Settings check_settings(const std::filesystem::path& file);

/// seconds: since 1970. kept: does something set it? None: not known. Names of folders and logs go
/// by it, nothing else.
[[nodiscard]] Finding check_clock(std::int64_t seconds, std::optional<bool> kept);

/// Is there something to learn from at `path`, a file or a folder with an IDX pair? Looks at the
/// first bytes only.
[[nodiscard]] Finding check_data(const std::filesystem::path& path);

/// Tries the disk that the folder is on, or would be.
[[nodiscard]] Finding check_disk(const std::filesystem::path& folder, const devices::Clock& clock);
/// What such a trial comes to.
[[nodiscard]] Finding judge_disk(const DiskTrial& trial, const std::filesystem::path& folder);

/// Can a starter listen there? `listen` throws std::system_error where it cannot.
[[nodiscard]] Finding check_port(const transport::Endpoint& at,
                                 const std::function<void(const transport::Endpoint&)>& listen);

/// For people: a line with a mark and what was found, then what to do and to type; at most 80
/// columns but for commands and long names.
[[nodiscard]] std::string text_of(const Finding& finding);
/// Two lines on what this box is, in the same columns.
[[nodiscard]] std::string text_of(const devices::Box& box);

}  // namespace annulet::runtime
