/// Files of /proc and /sys, read as they are.
#include "devices/box.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <string_view>
#include <sys/stat.h>
#include <sys/timex.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace annulet::devices {
namespace {

namespace fs = std::filesystem;

/// At most 64 KiB of it; "" where it cannot be read, or is no file that waits for nobody.
std::string text_of(const fs::path& file) {
  constexpr std::size_t kMost = 65536;
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return {};
  struct stat about {};
  std::string text;
  if (::fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode)) {
    text.resize(kMost);
    std::size_t size = 0;
    while (size < kMost) {
      const auto count = ::read(descriptor, text.data() + size, kMost - size);
      if (count <= 0) break;
      size += static_cast<std::size_t>(count);
    }
    text.resize(size);
  }
  ::close(descriptor);
  return text;
}

/// Without blanks, line feeds and the zeros of a device tree at both ends.
std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank(" \t\r\n\0", 5);
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kBlank) - begin + 1));
}

/// The value of the first line "key : value" with one of these keys.
std::string value_of(std::string_view text, std::initializer_list<std::string_view> keys) {
  for (const auto key : keys) {
    for (std::size_t at = 0; at < text.size();) {
      const auto line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
      const auto colon = line.find(':');
      if (colon != std::string_view::npos && trimmed(line.substr(0, colon)) == key) {
        return trimmed(line.substr(colon + 1));
      }
      at += line.size() + 1;
    }
  }
  return {};
}

template <class Number>
std::optional<Number> number_in(std::string_view text, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

/// What Eigen or the codecs use, under the names that the kernel has for it. RISC-V has one word
/// for all of it: "rv64imafdc", before what is optional.
std::vector<std::string> features_of(std::string_view cpuinfo) {
  constexpr std::array<std::string_view, 8> kMatter{"avx2", "fma",   "avx512f", "asimd",
                                                    "neon", "vfpv4", "vfp",     "sve"};
  const auto all = " " + value_of(cpuinfo, {"flags", "Features"}) + " ";
  std::vector<std::string> found;
  for (const auto name : kMatter) {
    if (all.find(" " + std::string(name) + " ") != std::string::npos) found.emplace_back(name);
  }
  const auto isa = value_of(cpuinfo, {"isa"});
  if (!isa.empty()) found.push_back(isa.substr(0, isa.find('_')));
  return found;
}

/// Arm's cores by number, as 64-bit kernels and the newer 32-bit ones have them.
/// Source: Linux, arch/arm64/include/asm/cputype.h, and Arm's reference manuals.
std::string arm_core(std::string_view cpuinfo) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kCores{{
      {"0xb76", "ARM1176"},
      {"0xc07", "Cortex-A7"},
      {"0xc08", "Cortex-A8"},
      {"0xc09", "Cortex-A9"},
      {"0xc0f", "Cortex-A15"},
      {"0xd03", "Cortex-A53"},
      {"0xd04", "Cortex-A35"},
      {"0xd05", "Cortex-A55"},
      {"0xd07", "Cortex-A57"},
      {"0xd08", "Cortex-A72"},
      {"0xd09", "Cortex-A73"},
      {"0xd0b", "Cortex-A76"},
      {"0xd42", "Cortex-A78AE"},
  }};
  if (value_of(cpuinfo, {"CPU implementer"}) != "0x41") return {};
  const auto part = value_of(cpuinfo, {"CPU part"});
  const auto* core = std::ranges::find(kCores, part, &decltype(kCores)::value_type::first);
  return core == kCores.end() ? std::string() : std::string(core->second);
}

std::size_t cores_in(std::string_view cpuinfo) {
  std::size_t cores = 0;
  for (std::size_t at = 0; (at = cpuinfo.find("processor", at)) != std::string_view::npos; ++at) {
    const bool begins_line = at == 0 || cpuinfo[at - 1] == '\n';
    const auto rest = cpuinfo.substr(at + std::string_view("processor").size());
    const auto colon = rest.find_first_not_of(" \t");
    if (begins_line && colon != std::string_view::npos && rest[colon] == ':') ++cores;
  }
  return cores;
}

/// meminfo's "MemTotal: 946 kB".
std::uint64_t memory_of(std::string_view meminfo, std::string_view key) {
  constexpr std::uint64_t kKilobyte = 1024;
  const auto kilobytes = number_in<std::uint64_t>(value_of(meminfo, {key})).value_or(0);
  return kilobytes < UINT64_MAX / kKilobyte ? kilobytes * kKilobyte : 0;
}

/// The folders in `parent` whose names begin and end so, sorted; none where it cannot be read.
std::vector<fs::path> folders_in(const fs::path& parent, std::string_view begin,
                                 std::string_view end = {}) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (fs::directory_iterator entry(parent, failed), last; !failed && entry != last;
       entry.increment(failed)) {
    const auto name = entry->path().filename().string();
    if (name.starts_with(begin) && name.ends_with(end)) found.push_back(entry->path());
  }
  std::ranges::sort(found);
  return found;
}

std::optional<double> hottest(const fs::path& zones) {
  constexpr double kMilli = 1000;
  std::optional<double> hottest;
  for (const auto& zone : folders_in(zones, "thermal_zone")) {
    const auto milli = number_in<std::int64_t>(text_of(zone / "temp"));
    if (!milli) continue;
    const double celsius = static_cast<double>(*milli) / kMilli;
    hottest = std::max(hottest.value_or(celsius), celsius);
  }
  return hottest;
}

/// A Raspberry Pi's firmware has one number for it all.
/// Source: the Raspberry Pi documentation, "vcgencmd get_throttled".
std::optional<Throttling> throttling_of(const fs::path& file) {
  const auto text = text_of(file);
  const bool has_prefix = text.starts_with("0x");  // of the tool's output, and of some kernels
  const auto bits = number_in<std::uint32_t>(std::string_view(text).substr(has_prefix ? 2 : 0), 16);
  if (!bits) return std::nullopt;
  const auto has = [&](unsigned bit) { return ((*bits >> bit) & 1U) != 0; };
  return Throttling{.under_voltage = has(0),
                    .frequency_capped = has(1),
                    .throttled = has(2),
                    .too_hot = has(3),
                    .has_been_under_voltage = has(16),
                    .has_been_throttled = has(17) || has(18) || has(19)};
}

/// Raspberry Pi OS shows that number below platform/soc/soc:firmware, or platform/soc@107c000000
/// and the like; other kernels have an alarm for the voltage only.
/// Source: Linux, Documentation/hwmon/raspberrypi-hwmon.rst.
std::optional<Throttling> throttling_below(const fs::path& sys) {
  for (const auto& soc : folders_in(sys / "devices/platform", "soc")) {
    for (const auto& firmware : folders_in(soc, "soc", ":firmware")) {
      if (const auto all = throttling_of(firmware / "get_throttled")) return all;
    }
  }
  for (const auto& sensor : folders_in(sys / "class/hwmon", "hwmon")) {
    if (trimmed(text_of(sensor / "name")) != "rpi_volt") continue;
    const auto alarm = number_in<int>(text_of(sensor / "in0_lcrit_alarm"));
    if (alarm) return Throttling{.under_voltage = *alarm != 0, .voltage_only = true};
  }
  return std::nullopt;
}

/// Drivers that choose the clock rate themselves call their usual way of working powersave, too.
std::string slow_governor(const fs::path& cpufreq) {
  auto governor = trimmed(text_of(cpufreq / "scaling_governor"));
  const auto driver = trimmed(text_of(cpufreq / "scaling_driver"));
  const bool chooses = driver == "intel_pstate" || driver.starts_with("amd");
  return governor == "powersave" && !chooses ? governor : std::string();
}

std::string better_governor(const fs::path& cpufreq) {
  const auto all = ' ' + trimmed(text_of(cpufreq / "scaling_available_governors")) + ' ';
  for (const char* const name : {"schedutil", "ondemand", "performance"}) {
    if (all.find(' ' + std::string(name) + ' ') != std::string::npos) return name;
  }
  return {};
}

}  // namespace

Box look_at_box(const fs::path& root) {
  const auto cpuinfo = text_of(root / "proc/cpuinfo");
  const auto meminfo = text_of(root / "proc/meminfo");
  Box box;
  box.board = trimmed(text_of(root / "proc/device-tree/model"));
  constexpr double kHotBoard = 80;  // Raspberry Pis slow down from here on
  if (!box.board.empty()) box.hot_celsius = kHotBoard;
  if (box.board.empty()) box.board = trimmed(text_of(root / "sys/class/dmi/id/product_name"));
  box.cpu = arm_core(cpuinfo);
  if (box.cpu.empty()) box.cpu = value_of(cpuinfo, {"model name", "Model", "uarch", "Hardware"});
  box.cores = cores_in(cpuinfo);
  // Of many cores the file is longer than what is read of it.
  if (root == "/")
    box.cores = std::max(box.cores, std::size_t{std::thread::hardware_concurrency()});
  box.features = features_of(cpuinfo);
  box.memory_bytes = memory_of(meminfo, "MemTotal");
  box.available_bytes = memory_of(meminfo, "MemAvailable");
  box.celsius = hottest(root / "sys/class/thermal");
  box.throttling = throttling_below(root / "sys");
  const auto cpufreq = root / "sys/devices/system/cpu/cpu0/cpufreq";
  box.slow_governor = slow_governor(cpufreq);
  if (!box.slow_governor.empty()) box.better_governor = better_governor(cpufreq);
  return box;
}

std::optional<std::uint64_t> free_disk_bytes(const fs::path& folder) {
  std::error_code failed;
  const auto space = fs::space(folder, failed);
  if (failed) return std::nullopt;
  return space.available;
}

std::optional<bool> clock_is_kept() {
  timex clock{};  // modes = 0: asks only
  if (adjtimex(&clock) < 0) return std::nullopt;
  return (static_cast<unsigned>(clock.status) & static_cast<unsigned>(STA_UNSYNC)) == 0;
}

std::string line_of(const fs::path& file) { return trimmed(text_of(file)); }

}  // namespace annulet::devices
