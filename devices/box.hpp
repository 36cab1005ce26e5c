/// What kind of box this is, and how it is doing, as the kernel tells it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace annulet::devices {

/// What slows a board down that is short of power or too hot.
struct Throttling {
  bool under_voltage = false, frequency_capped = false, throttled = false, too_hot = false;  // now
  bool has_been_under_voltage = false, has_been_throttled = false;  // since it was started
  bool voltage_only = false;  // the kernel tells of too little voltage, and of nothing else

  bool operator==(const Throttling&) const = default;
};

/// What is not told is empty, or 0.
struct Box {
  std::string board;                    // "Raspberry Pi 4 Model B Rev 1.4"
  std::string cpu;                      // "Cortex-A72", "ARMv7 Processor rev 3 (v7l)"
  std::size_t cores = 0;                // that are online
  std::vector<std::string> features{};  // of the CPU, of those that matter here: "neon", "avx2"
  std::uint64_t memory_bytes = 0, available_bytes = 0;
  std::optional<double> celsius{};  // of the hottest thermal zone
  double hot_celsius = 95;          // from which on such a box is likely to slow down
  std::optional<Throttling> throttling{};
  std::string slow_governor{};    // "powersave", where that keeps the CPU at its lowest clock rate
  std::string better_governor{};  // one that this kernel has, and that raises it; "": not known
};

/// Reads below `root`, which is / but in tests: /proc/device-tree, /proc/cpuinfo, /proc/meminfo,
/// /sys/class, /sys/devices. Never throws but std::bad_alloc.
[[nodiscard]] Box look_at_box(const std::filesystem::path& root = "/");

/// Bytes that an ordinary user may still write where `folder` is; none where the kernel does not
/// say.
[[nodiscard]] std::optional<std::uint64_t> free_disk_bytes(const std::filesystem::path& folder);

/// Does something set this box's clock (NTP)? As the kernel's clock is told by what does; none
/// where it does not say.
[[nodiscard]] std::optional<bool> clock_is_kept();

/// What a small file of the kernel's says, without blanks around it; "" where it cannot be read.
[[nodiscard]] std::string line_of(const std::filesystem::path& file);

}  // namespace annulet::devices
