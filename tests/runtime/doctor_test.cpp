/// What is said of each broken box, and that docs/doctor.md says it, too.
#include "runtime/doctor.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/disk_trial.hpp"
#include "tests/support/data_folder.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(doctor)

namespace {

using enum Finding::Verdict;

/// Its tables have a \ before each |.
std::string words_of_page() {
  auto page = tests::read_all(tests::source_folder() / "docs" / "doctor.md");
  for (std::size_t at = 0; (at = page.find("\\|", at)) != std::string::npos;) page.erase(at, 1);
  return page;
}

/// Says what was asked for, and the page has the same words.
void check(const Finding& finding, Finding::Verdict verdict, const std::string& found,
           const std::string& command) {
  const auto page = words_of_page();
  BOOST_TEST_CONTEXT(finding.what << ": " << finding.found << " / " << finding.command) {
    BOOST_TEST((finding.verdict == verdict));
    BOOST_TEST(finding.found.find(found) != std::string::npos, found);
    BOOST_TEST(finding.command.find(command) != std::string::npos, command);
    BOOST_TEST(finding.mend.empty() == (verdict == fine));
    BOOST_TEST(finding.command.empty() == (verdict == fine));
    if (verdict == fine) return;
    BOOST_TEST(page.find(found) != std::string::npos, "not in docs/doctor.md: " << found);
    BOOST_TEST(page.find(command) != std::string::npos, "not in docs/doctor.md: " << command);
  }
}

/// Each reading is `step` later than the one before, in turn.
class SteppedClock final : public devices::Clock {
 public:
  explicit SteppedClock(std::vector<devices::Duration> steps) : steps_(std::move(steps)) {}
  [[nodiscard]] devices::TimePoint now() const override {
    now_ = now_ + steps_[asked_++ % steps_.size()];
    return now_;
  }
  asio::awaitable<bool> reach(devices::TimePoint /*when*/) override { co_return true; }

 private:
  std::vector<devices::Duration> steps_;
  mutable std::size_t asked_ = 0;
  mutable devices::TimePoint now_{};
};

using std::chrono::milliseconds;

devices::Box sound_box() {
  return {.board = "Raspberry Pi 4 Model B Rev 1.4",
          .cpu = "Cortex-A72",
          .cores = 4,
          .features = {"asimd"},
          .memory_bytes = 4'000'000'000,
          .available_bytes = 3'000'000'000,
          .celsius = 48.3,
          .hot_celsius = 80,
          .throttling = devices::Throttling{}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_sound_box_is_fine) {
  const auto findings = check_box(sound_box());
  BOOST_TEST_REQUIRE(findings.size() == 3U);
  check(findings[0], fine, "3.0 GB of 4.0 GB are free", "");
  check(findings[1], fine, "48 degrees Celsius", "");
  check(findings[2], fine, "enough voltage, and nothing slows it down", "");
}

BOOST_AUTO_TEST_CASE(a_box_that_is_short_of_memory_or_too_hot) {
  auto box = sound_box();
  box.available_bytes = 60'000'000;
  box.celsius = 80;
  const auto findings = check_box(box);
  check(findings[0], hurts, " are free", "ps -eo rss,comm --sort=-rss | head");
  check(findings[1], hurts, "on it is likely to slow down", "annulet doctor");
  box.celsius = 79.9;
  check(check_box(box)[1], fine, "80 degrees", "");
}

BOOST_AUTO_TEST_CASE(power_is_what_the_kernel_says_of_it) {
  auto box = sound_box();
  const auto power = [&box](const devices::Throttling& throttling) {
    box.throttling = throttling;
    return check_box(box)[2];
  };
  check(power({.under_voltage = true, .throttled = true, .has_been_under_voltage = true}), hurts,
        "too little voltage now: it is slowed down", "sudo reboot");
  check(power({.has_been_under_voltage = true}), hurts,
        "had too little voltage since it was started", "sudo reboot");
  check(power({.too_hot = true}), hurts, "slowed down now", "annulet doctor");
  check(power({.has_been_throttled = true}), hurts, "was slowed down since it was started",
        "annulet doctor");
  const auto voltage = power({.voltage_only = true});
  BOOST_TEST(voltage.found == "enough voltage");
}

BOOST_AUTO_TEST_CASE(a_clock_rate_kept_low_hurts) {
  auto box = sound_box();
  box.slow_governor = "powersave";
  const auto findings = check_box(box);
  BOOST_TEST_REQUIRE(findings.size() == 4U);
  check(findings[3], hurts, "the governor powersave keeps it at its lowest",
        "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor");
  box.better_governor = "schedutil";
  check(check_box(box)[3], hurts, "the governor powersave",
        "echo schedutil | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor");
}

BOOST_AUTO_TEST_CASE(a_box_that_tells_nothing_is_fine) {
  const auto findings = check_box({});
  BOOST_TEST_REQUIRE(findings.size() == 1U);
  check(findings[0], fine, "the kernel does not say", "");
  BOOST_TEST(text_of(devices::Box{}).find("not told") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_service_is_to_run_and_come_back) {
  using devices::Service;
  check(check_service({}), fine, "not installed", "");
  check(check_service({.installed = true}), fine, "not run by systemd", "");
  check(check_service({.systemd = true, .installed = true, .enabled = true, .running = true}), fine,
        "enabled, running", "");
  check(check_service({.systemd = true, .installed = true}), hurts, "installed, but not enabled",
        "sudo systemctl enable --now annulet");
  check(check_service({.systemd = true, .installed = true, .running = true}), hurts,
        "running, but not enabled", "sudo systemctl enable annulet");
  check(check_service({.systemd = true, .installed = true, .enabled = true}), hurts,
        "enabled, but not running", "journalctl -u annulet -n 20; sudo systemctl restart annulet");
  check(check_service({.systemd = true, .installed = true, .masked = true}), hurts, "masked",
        "sudo systemctl unmask annulet && sudo systemctl enable --now annulet");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_wrong_or_left_alone_hurts) {
  const auto command = "sudo timedatectl set-ntp true || sudo apt install systemd-timesyncd";
  check(check_clock(1'767'225'600, true), fine, "2026-01-01 00:00 UTC, kept right", "");
  BOOST_TEST(check_clock(1'767'225'600, {}).found == "2026-01-01 00:00 UTC");
  check(check_clock(1'767'225'599, true), hurts,
        "which cannot be: dates of runs and logs are wrong", command);
  check(check_clock(4'102'444'800, true), hurts, "which cannot be", command);
  check(check_clock(0, false), hurts, "which cannot be", command);
  check(check_clock(1'800'000'000, false), hurts, "but nothing keeps it right", command);
}

BOOST_AUTO_TEST_CASE(data_are_there_or_are_asked_for) {
  const tests::TemporaryFolder here;
  const auto command = "annulet doctor --data PATH";
  check(check_data(here.path() / "none"), stops, "cannot be opened: No such file", command);
  std::filesystem::create_symlink(here.path() / "loop", here.path() / "loop");
  check(check_data(here.path() / "loop"), stops, "cannot be opened: ", command);
  check(check_data(here.path()), stops, "is a folder without train-images-idx3-ubyte", command);
  const auto file = here.path() / "rows.libsvm";
  std::ofstream(file) << "";
  check(check_data(file), stops, " is empty", command);
  std::ofstream(file) << "1 1:2\n";
  check(check_data(file), fine, "rows.libsvm can be read", "");
}

BOOST_AUTO_TEST_CASE(a_slow_or_full_disk_hurts) {
  const DiskTrial quick{0.003, 0.2, 100'000'000};
  const auto fine_one = judge_disk(quick, "runs");
  check(fine_one, fine, "", "");
  BOOST_TEST(fine_one.found == "runs: 1 MiB written in 3.0 ms, on disk 200 ms later; 100 MB free");
  check(judge_disk({0.003, 0.201, {}}, "runs"), hurts, "1 MiB written in", "cat /proc/pressure/io");
  const auto full = judge_disk({0.003, 0.2, 99'999'999}, "/proc/runs");
  check(full, hurts, " free", "sudo du -xhd2");
  BOOST_TEST(full.command == "sudo du -xhd2 /proc | sort -h | tail");
}

// Each file has three readings: before it, when it is written, when it is on disk.
BOOST_AUTO_TEST_CASE(the_disk_is_timed_by_the_median_and_nothing_stays) {
  const tests::TemporaryFolder here;
  const SteppedClock clock({milliseconds(100), milliseconds(3), milliseconds(900),
                            milliseconds(100), milliseconds(1), milliseconds(5), milliseconds(100),
                            milliseconds(2), milliseconds(4)});
  const auto trial = try_disk(here.path() / "of" / "runs", clock);
  BOOST_TEST(trial.write_s == 0.002);
  BOOST_TEST(trial.sync_s == 0.005);
  BOOST_TEST(trial.free_bytes.has_value());
  BOOST_TEST(std::filesystem::is_empty(here.path()));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_stops_a_run) {
  const tests::TemporaryFolder here;
  const auto file = here.path() / "file";
  std::ofstream(file) << "not a folder";
  const auto found = check_disk(file / "runs", SteppedClock({milliseconds(1)}));
  check(found, stops, "cannot make the folder", "annulet doctor --folder DIR");
  BOOST_TEST(found.found.find("Not a directory") != std::string::npos, found.found);
  BOOST_TEST((nearest_folder(file / "runs") == here.path()));
}

BOOST_AUTO_TEST_CASE(a_file_system_begins_at_its_mount_point) {
  BOOST_TEST((mount_point("/") == "/"));
  BOOST_TEST((mount_point("/proc/self/none/at/all") == "/proc"));
}

BOOST_AUTO_TEST_CASE(a_port_is_free_or_somebodys) {
  const transport::Endpoint at("0.0.0.0", 7077);
  check(check_port(at, [](const auto&) {}), fine, "0.0.0.0:7077 is free", "");
  const auto failing = [&at](std::errc reason) {
    return check_port(
        at, [reason](const auto&) { throw std::system_error(std::make_error_code(reason)); });
  };
  check(failing(std::errc::address_in_use), stops, "another program has the port",
        "sudo ss -ltnp 'sport = :7077'");
  const auto foreign = failing(std::errc::address_not_available);
  check(foreign, stops, "no run can be started at", "annulet doctor --listen 0.0.0.0:7077");
  BOOST_TEST(foreign.found.ends_with("Cannot assign requested address"), foreign.found);
}

BOOST_AUTO_TEST_CASE(lines_fit_a_terminal_but_for_commands) {
  BOOST_TEST(text_of(sound_box()) ==
             "       board        Raspberry Pi 4 Model B Rev 1.4\n"
             "       cpu          4 cores, Cortex-A72: asimd\n");
  const Finding finding{.what = "clock",
                        .verdict = hurts,
                        .found =
                            "a line that is so long that it has to be broken between words, "
                            "once",
                        .mend = "Type:",
                        .command = "a --command"};
  BOOST_TEST(text_of(finding) ==
             "hurts  clock        a line that is so long that it has to be broken between\n"
             "                    words, once\n"
             "                    Type:\n"
             "                      a --command\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
