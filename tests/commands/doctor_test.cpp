/// annulet doctor on broken boxes, as people and programs read it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(doctor)

namespace {

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

/// A board below a root of its own, with a clock that is kept, and a folder for results.
class Board : public WorkFolder {
 public:
  Board() {
    put("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    put("proc/cpuinfo",
        "processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n");
    put("proc/meminfo", "MemTotal: 3000000 kB\nMemAvailable: 2000000 kB\n");
    put("sys/class/thermal/thermal_zone0/temp", "48312\n");
    put("sys/devices/platform/soc/soc:firmware/get_throttled", "0\n");
    put("run/systemd/timesync/synchronized", "");
  }

  void put(const std::string& file, const std::string& text) const {
    const std::filesystem::path path = at("root/" + file);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

  /// With a free port and a time at which nothing is wrong, unless `more` says otherwise.
  [[nodiscard]] Screen doctor(const std::vector<std::string>& more) const {
    std::vector<std::string> words{"doctor", "--root", at("root"), "--folder", at("results")};
    const auto add = [&](const std::string& option, const std::string& value) {
      if (std::ranges::find(more, option) != more.end()) return;
      words.insert(words.end(), {option, value});
    };
    add("--listen", "127.0.0.1:0");
    add("--clock", "1800000000");
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_sound_board_is_told_so) {
  const Board board;
  const auto screen = board.doctor({"--data", board.at("rows.libsvm")});
  BOOST_TEST(screen.code == 0, screen.err);
  BOOST_TEST(screen.err == "");
  for (const char* words :
       {"       board        Raspberry Pi 4 Model B Rev 1.4\n",
        "       cpu          1 core, Cortex-A72: asimd\n",
        "ok     memory       2.0 GB of 3.1 GB are free\n",
        "ok     temperature  48 degrees Celsius\n",
        "ok     power        enough voltage, and nothing slows it down\n",
        "ok     service      annulet.service is not installed: runs begin by hand\n",
        "ok     port         127.0.0.1:0 is free, for a run to be started here\n",
        "ok     clock        2027-01-15 08:00 UTC, kept right over the network\n",
        "ok     data         "}) {
    BOOST_TEST(contains(screen.out, words), words << " is not in\n" << screen.out);
  }
  BOOST_TEST(!std::filesystem::exists(board.at("results")));
}

BOOST_AUTO_TEST_CASE(what_hurts_does_not_fail) {
  const Board board;
  board.put("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
  board.put("run/systemd/system/none", "");
  board.put("lib/systemd/system/annulet.service", "[Unit]\n");
  std::filesystem::remove(board.at("root/run/systemd/timesync/synchronized"));
  const auto screen = board.doctor({"--clock", "0"});
  BOOST_TEST(screen.code == 0, screen.err);
  BOOST_TEST(screen.err == "");
  for (const char* words :
       {"hurts  power        too little voltage now: it is slowed down\n"
        "                    Give it a better supply and cable, then start it again:\n"
        "                      sudo reboot\n",
        "hurts  service      installed, but not enabled: this device joins no run by\n"
        "                    itself\n"
        "                    Enable and start it:\n"
        "                      sudo systemctl enable --now annulet\n",
        "hurts  clock        1970-01-01 00:00 UTC, which cannot be: dates of runs and\n"
        "                    logs are wrong\n"
        "                    Let the network set it:\n"
        "                      sudo timedatectl set-ntp true || sudo apt install "
        "systemd-timesyncd\n",
        "\nWould hurt a run: power, service"}) {
    BOOST_TEST(contains(screen.out, words), words << " is not in\n" << screen.out);
  }
}

BOOST_AUTO_TEST_CASE(the_services_settings_are_looked_at) {
  const Board board;
  board.put("etc/annulet/annulet.toml", "[device]\nstarter = \"\"\n");
  auto screen = board.doctor({});
  BOOST_TEST(screen.code == 0, screen.err);
  for (const char* words :
       {"hurts  settings     ", "annulet.service joins no run so.",
        "&& sudo systemctl restart annulet\n", "Would hurt a run: settings.\n"}) {
    BOOST_TEST(contains(screen.out, words), words << " is not in\n" << screen.out);
  }
  board.put("etc/annulet/annulet.toml",
            "[device]\nstarter = \"192.168.1.20:7077\"\ndata = \"" + board.at("none") + "\"\n");
  screen = board.doctor({});
  BOOST_TEST(screen.code == 7);
  for (const char* words : {"ok     settings     takes part in the runs of 192.168.1.20:7077\n",
                            "STOPS  data         "}) {
    BOOST_TEST(contains(screen.out, words), words << " is not in\n" << screen.out);
  }
  screen = board.doctor({"--data", board.at("rows.libsvm")});
  BOOST_TEST(screen.code == 0, screen.err);
}

BOOST_AUTO_TEST_CASE(data_that_are_not_there_stop_a_run) {
  const Board board;
  const auto screen = board.doctor({"--data", board.at("none")});
  BOOST_TEST(screen.code == 7);
  BOOST_TEST(contains(screen.out, "STOPS  data         "), screen.out);
  BOOST_TEST(contains(screen.out, "\n                      annulet doctor --data PATH\n"),
             screen.out);
  BOOST_TEST(screen.err ==
             "annulet: AN601: would stop a run here: data. The lines above say what is wrong, and "
             "what to type\n");
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_stops_a_run) {
  const Board board;
  asio::io_context context;
  const asio::ip::tcp::acceptor other(context, {asio::ip::address_v4::loopback(), 0});
  const auto port = std::to_string(other.local_endpoint().port());
  const auto screen = board.doctor({"--listen", "127.0.0.1:" + port});
  BOOST_TEST(screen.code == 7);
  BOOST_TEST(contains(screen.out, "STOPS  port         no run can be started at 127.0.0.1:" + port),
             screen.out);
  BOOST_TEST(contains(screen.out, "                      sudo ss -ltnp 'sport = :" + port + "'\n"),
             screen.out);
  BOOST_TEST(contains(screen.err, "AN601: would stop a run here: port."), screen.err);
}

BOOST_AUTO_TEST_CASE(programs_read_the_same) {
  const Board board;
  const auto screen = board.doctor({"--data", board.at("none"), "--json"});
  BOOST_TEST(screen.code == 7);
  BOOST_TEST(value_of(screen.out, "error_code") == "\"AN601\"");
  BOOST_TEST(value_of(screen.out, "board") == "\"Raspberry Pi 4 Model B Rev 1.4\"");
  BOOST_TEST(value_of(screen.out, "cores") == "1");
  BOOST_TEST(value_of(screen.out, "celsius") == "48.312");
  BOOST_TEST(value_of(screen.out, "seconds_since_1970") == "1800000000");
  BOOST_TEST(value_of(screen.out, "available_bytes") == "2048000000");
  const auto data = screen.out.substr(screen.out.find("{\"what\":\"data\""));
  BOOST_TEST(value_of(data, "verdict") == "\"stops\"");
  BOOST_TEST(value_of(data, "command") == "\"annulet doctor --data PATH\"");
  const auto disk = data.substr(data.find("{\"what\":\"disk\""));
  BOOST_TEST(std::stod(value_of(disk, "sync_seconds")) > 0);
  const auto fine = board.doctor({"--json"});
  BOOST_TEST(value_of(fine.out, "exit_reason") == "\"done\"");
  BOOST_TEST(value_of(fine.out, "error_code") == "");
}

BOOST_AUTO_TEST_CASE(lines_fit_a_terminal) {
  const auto screen = run({"doctor", "--listen", "127.0.0.1:0", "--folder", "."});
  std::istringstream lines(screen.out);
  for (std::string line; std::getline(lines, line);) {
    const bool is_command = line.starts_with(std::string(22, ' '));
    BOOST_TEST((is_command || line.size() <= 80U), line);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
