/// Looks, and says what to type.
#include "runtime/doctor.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "model/byte_source.hpp"
#include "runtime/data_source.hpp"
#include "runtime/device_file.hpp"
#include "runtime/file_error.hpp"
#include "runtime/short_file.hpp"
#include "runtime/text.hpp"
#include "runtime/wall_time.hpp"

namespace annulet::runtime {
namespace {

using enum Finding::Verdict;

constexpr std::size_t kLongestName = 300;

std::string size_of(std::uint64_t bytes) { return bytes_text(static_cast<double>(bytes)); }

Finding check_memory(const devices::Box& box) {
  constexpr std::uint64_t kLittle = 64U << 20U;
  Finding finding{.what = "memory", .found = "the kernel does not say"};
  if (box.memory_bytes == 0) return finding;
  finding.found = size_of(box.available_bytes) + " of " + size_of(box.memory_bytes) + " are free";
  finding.figures = {{"memory_bytes", static_cast<double>(box.memory_bytes)},
                     {"available_bytes", static_cast<double>(box.available_bytes)}};
  if (box.available_bytes >= kLittle) return finding;
  finding.verdict = hurts;
  finding.mend = "See what takes it:";
  finding.command = "ps -eo rss,comm --sort=-rss | head";
  return finding;
}

Finding check_heat(double celsius, double hot) {
  Finding finding{.what = "temperature", .found = fixed_text(celsius, 0) + " degrees Celsius"};
  finding.figures = {{"celsius", celsius}};
  if (celsius < hot) return finding;
  finding.verdict = hurts;
  finding.found += ": from " + fixed_text(hot, 0) + " on it is likely to slow down";
  finding.mend = "Give it air, or a heat sink; then look again:";
  finding.command = "annulet doctor";
  return finding;
}

Finding check_power(const devices::Throttling& power) {
  Finding finding{.what = "power", .found = "enough voltage"};
  if (!power.voltage_only) finding.found += ", and nothing slows it down";
  const bool slowed = power.throttled || power.frequency_capped || power.too_hot;
  const bool voltage = power.under_voltage || power.has_been_under_voltage;
  if (!voltage && !slowed && !power.has_been_throttled) return finding;
  finding.verdict = hurts;
  if (voltage) {
    finding.found = power.under_voltage ? "too little voltage now: it is slowed down"
                                        : "had too little voltage since it was started";
    finding.mend = "Give it a better supply and cable, then start it again:";
    finding.command = "sudo reboot";
    return finding;
  }
  finding.found = slowed ? "slowed down now" : "was slowed down since it was started";
  finding.mend = "Give it air, or a heat sink; then look again:";
  finding.command = "annulet doctor";
  return finding;
}

Finding check_governor(const devices::Box& box) {
  const auto better = box.better_governor.empty() ? "performance" : box.better_governor;
  return {.what = "clock rate",
          .verdict = hurts,
          .found = "the governor " + printable(box.slow_governor) + " keeps it at its lowest",
          .mend = "Until the next start:",
          .command = "echo " + better +
                     " | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor"};
}

void add_files_cure(Finding& finding) {
  finding.mend = "Allow more open files, and look again:";
  finding.command = "ulimit -n 1024; annulet doctor";
}

/// What is to be done about a folder that cannot be written, by the system's reason.
void add_cure(Finding& finding, const std::error_code& reason,
              const std::filesystem::path& folder) {
  const auto mount = mount_point(folder);
  finding.mend = "Name another folder:";
  finding.command = "annulet doctor --folder DIR";
  if (reason == std::errc::read_only_file_system) {
    finding.mend = "Mount it for writing (a worn card makes itself read-only: save what is on it):";
    finding.command = "sudo mount -o remount,rw " + shell_word(mount.string());
  } else if (reason == std::errc::permission_denied ||
             reason == std::errc::operation_not_permitted) {
    finding.mend = "Make one that is yours, or name another with --folder:";
    finding.command = "sudo install -d -o \"$USER\" " + shell_word(folder.string());
  } else if (reason == std::errc::too_many_files_open) {
    add_files_cure(finding);
  } else if (reason == std::errc::no_space_on_device) {
    finding.mend = "Free some space; the largest folders come last:";
    finding.command = "sudo du -xhd2 " + shell_word(mount.string()) + " | sort -h | tail";
  }
}

}  // namespace

std::vector<Finding> check_box(const devices::Box& box) {
  std::vector<Finding> findings{check_memory(box)};
  if (box.celsius) findings.push_back(check_heat(*box.celsius, box.hot_celsius));
  if (box.throttling) findings.push_back(check_power(*box.throttling));
  if (!box.slow_governor.empty()) findings.push_back(check_governor(box));
  return findings;
}

Finding check_service(const devices::Service& service) {
  const auto fine_as = [](const char* found) { return Finding{.what = "service", .found = found}; };
  const auto mended_by = [](const char* found, const char* mend, const char* command) {
    return Finding{
        .what = "service", .verdict = hurts, .found = found, .mend = mend, .command = command};
  };
  if (!service.installed) return fine_as("annulet.service is not installed: runs begin by hand");
  if (!service.systemd) return fine_as("installed, but this system is not run by systemd");
  if (service.masked) {
    return mended_by("masked: it cannot be started", "Unmask, enable and start it:",
                     "sudo systemctl unmask annulet && sudo systemctl enable --now annulet");
  }
  if (service.enabled && service.running) return fine_as("enabled, running");
  if (service.running) {
    return mended_by("running, but not enabled: it does not come back with the system",
                     "Enable it:", "sudo systemctl enable annulet");
  }
  if (service.enabled) {
    return mended_by("enabled, but not running: this device joins no run", "See why, and start it:",
                     "journalctl -u annulet -n 20; sudo systemctl restart annulet");
  }
  return mended_by("installed, but not enabled: this device joins no run by itself",
                   "Enable and start it:", "sudo systemctl enable --now annulet");
}

Settings check_settings(const std::filesystem::path& file) {
  Settings settings{.finding = {.what = "settings"}};
  if (is_closed_to_us(file)) {
    settings.finding.found = "you may not read " + printable(file.string(), kLongestName) +
                             ": sudo annulet doctor looks at it";
    return settings;
  }
  try {
    const auto device = read_device_file(file);
    settings.data = device.data.string();
    settings.folder = device.folder;
    settings.finding.found = "takes part in the runs of " + printable(device.starter.text());
  } catch (const std::exception& error) {
    settings.finding.verdict = Finding::Verdict::hurts;
    settings.finding.found = printable(error.what(), kLongestName + 200);
    settings.finding.mend = "annulet.service joins no run so. Mend the file, then start it again:";
    settings.finding.command =
        "sudo editor " + shell_word(file.string()) + " && sudo systemctl restart annulet";
  }
  return settings;
}

Finding check_clock(std::int64_t seconds, std::optional<bool> kept) {
  constexpr std::int64_t kFirst = 1'767'225'600;  // 2026-01-01: there was no annulet before
  constexpr std::int64_t kFar = 4'102'444'800;    // 2100-01-01
  Finding finding{.what = "clock", .found = utc_text(seconds)};
  finding.figures = {{"seconds_since_1970", static_cast<double>(seconds)}};
  const bool possible = seconds >= kFirst && seconds < kFar;
  if (possible && kept.value_or(true)) {
    if (kept) finding.found += ", kept right over the network";
    return finding;
  }
  finding.verdict = hurts;
  finding.found += possible ? ", but nothing keeps it right: dates of runs and logs may be wrong"
                            : ", which cannot be: dates of runs and logs are wrong";
  finding.mend = "Let the network set it:";
  finding.command = "sudo timedatectl set-ntp true || sudo apt install systemd-timesyncd";
  return finding;
}

Finding check_data(const std::filesystem::path& path) {
  Finding finding{.what = "data", .found = printable(path.string(), kLongestName)};
  try {
    const auto files = data_path(path);
    for (const auto& file : {files.file, files.images, files.labels}) {
      if (file.empty()) continue;
      if (!model::open_bytes(file)->next().empty()) continue;
      throw model::DataError(ErrorCode::no_data,
                             printable(file.string(), kLongestName) + " is empty");
    }
    finding.found += " can be read";
    return finding;
  } catch (const std::exception& error) {
    finding.found = printable(error.what(), kLongestName + 200);
  }
  finding.verdict = stops;
  finding.mend = "Put this device's data there, or name where they are:";
  finding.command = "annulet doctor --data PATH";
  return finding;
}

Finding judge_disk(const DiskTrial& trial, const std::filesystem::path& folder) {
  constexpr double kSlow = 0.2;  // seconds: a sound card takes some tens of milliseconds
  constexpr std::uint64_t kLittle = 100'000'000;
  Finding finding{.what = "disk"};
  finding.found = printable(folder.string(), kLongestName) + ": 1 MiB written in " +
                  seconds_text(trial.write_s) + ", on disk " + seconds_text(trial.sync_s) +
                  " later";
  finding.figures = {{"write_seconds", trial.write_s}, {"sync_seconds", trial.sync_s}};
  if (trial.free_bytes) {
    finding.found += "; " + size_of(*trial.free_bytes) + " free";
    finding.figures.emplace_back("free_bytes", static_cast<double>(*trial.free_bytes));
  }
  if (trial.free_bytes && *trial.free_bytes < kLittle) {
    finding.verdict = hurts;
    add_cure(finding, std::make_error_code(std::errc::no_space_on_device), folder);
  } else if (trial.sync_s > kSlow) {
    finding.verdict = hurts;
    finding.mend =
        "It is worn, or busy: checkpoints wait for it. See what writes, or name a folder on "
        "another disk with --folder:";
    finding.command = "cat /proc/pressure/io";
  }
  return finding;
}

Finding check_disk(const std::filesystem::path& folder, const devices::Clock& clock) {
  try {
    return judge_disk(try_disk(folder, clock), folder);
  } catch (const std::system_error& error) {
    const bool is_whole = dynamic_cast<const FileError*>(&error) != nullptr;
    const auto found =
        is_whole ? error.what()
                 : "cannot write in the folder " + folder.string() + ": " + error.code().message();
    Finding finding{
        .what = "disk", .verdict = stops, .found = printable(found, kLongestName + 200)};
    add_cure(finding, error.code(), folder);
    return finding;
  }
}

Finding check_port(const transport::Endpoint& at,
                   const std::function<void(const transport::Endpoint&)>& listen) {
  Finding finding{.what = "port", .found = at.text() + " is free, for a run to be started here"};
  try {
    listen(at);
    return finding;
  } catch (const std::system_error& error) {
    finding.verdict = stops;
    finding.found = "no run can be started at " + printable(at.text()) + ": ";
    const auto port = std::to_string(at.port);
    if (error.code() == std::errc::address_in_use) {
      finding.found += "another program has the port";
      finding.mend = "See which one, and end it or name another port with --listen:";
      finding.command = "sudo ss -ltnp 'sport = :" + port + "'";
    } else if (error.code() == std::errc::too_many_files_open) {
      finding.found += error.code().message();
      add_files_cure(finding);
    } else {
      finding.found += error.code().message();
      finding.mend = "Name an address of this device, and a port from 1024 on:";
      finding.command = "annulet doctor --listen 0.0.0.0:7077";
    }
    return finding;
  }
}

}  // namespace annulet::runtime
