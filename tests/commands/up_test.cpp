/// `annulet up`, as a service manager runs it.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"
#include "tests/support/held_port.hpp"
#include "tests/support/notified.hpp"
#include "tests/support/own_loopback.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(up)

namespace {

constexpr int kLost = 5;
// Rounds of some milliseconds: nobody reads their lines while a test waits for another program.
constexpr const char* kCalm = "schedule = {kind = \"fixed\", h = 2000}\n";

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& words) {
  std::size_t number = 0;
  for (auto at = text.find(words); at != text.npos; at = text.find(words, at + 1)) ++number;
  return number;
}

std::string device_file(const WorkFolder& folder, const std::string& starter,
                        const std::string& more = {}) {
  return folder.write("device.toml", "[device]\nstarter = \"" + starter +
                                         "\"\nname = \"pi-3\"\nfolder = \"" + folder.at("results") +
                                         "\"\n" + more);
}

/// A device that stands by, and the manager that started it.
struct Standing {
  Standing(const WorkFolder& folder, const std::string& starter, const std::string& more = {})
      : manager(folder.at("notify")),
        up({"up", "--config", device_file(folder, starter, more)}, ChildProgram::Output::kept,
           {"NOTIFY_SOCKET=" + manager.address(), "WATCHDOG_USEC=20000"}) {}

  /// Its exit code when it is asked to stop.
  int stop() {
    up.send(SIGTERM);
    return up.wait();
  }

  Notified manager;
  ChildProgram up;
};

/// The starter of a run of two.
std::vector<std::string> starter_of_two(const WorkFolder& folder, const std::string& listen,
                                        const std::string& out) {
  return {"run",       folder.run_file("20"),
          "--devices", "2",
          "--listen",  listen,
          "--name",    "desk",
          "--token",   "sesame",
          "--out",     folder.at(out)};
}

/// The folders of runs, in the order of their names.
std::vector<std::filesystem::path> runs_of(const WorkFolder& folder) {
  std::vector<std::filesystem::path> runs;
  for (const auto& entry : std::filesystem::directory_iterator(folder.at("results"))) {
    runs.push_back(entry.path());
  }
  std::ranges::sort(runs);
  return runs;
}

}  // namespace

BOOST_AUTO_TEST_CASE(it_takes_part_in_one_run_after_another) {
  const WorkFolder folder;
  const auto address = own_loopback();
  ChildProgram first(starter_of_two(folder, address + ":0", "first"));
  const auto starter = address + ":" + first.wait_for_port();
  Standing device(folder, starter, "token = \"sesame\"\n");
  BOOST_TEST(device.manager.next().starts_with("READY=1\nSTATUS=waiting for " + starter));
  device.up.wait_for("joined as pi-3; waiting for the others");
  BOOST_TEST(first.wait() == 0, first.errors());
  const auto line = device.up.wait_for("done  20 steps");
  device.up.wait_for("waiting for " + starter);

  ChildProgram second(starter_of_two(folder, starter, "second"));
  BOOST_TEST(second.wait() == 0, second.errors());
  device.up.wait_for("done  20 steps");
  BOOST_TEST(device.stop() == 0);
  BOOST_TEST(device.up.errors().ends_with("stopped, as asked\n"), device.up.errors());
  BOOST_TEST(!contains(device.up.errors(), "sesame"), device.up.errors());

  const auto runs = runs_of(folder);
  BOOST_TEST_REQUIRE(runs.size() == 2U);
  BOOST_TEST(!read_all(runs[0] / "model.safetensors").empty());
  BOOST_TEST((read_all(runs[0] / "model.safetensors") == folder.read("first/model.safetensors")));
  BOOST_TEST((read_all(runs[1] / "model.safetensors") == folder.read("second/model.safetensors")));
  BOOST_TEST(line.ends_with("   " + runs[0].string()), line);
}

BOOST_AUTO_TEST_CASE(while_it_waits_it_is_alive_says_so_once_and_stops_at_once) {
  const WorkFolder folder;
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  const auto starter = "127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
  Standing device(folder, starter);
  // Somebody who hangs up on three calls is dialled a fourth time.
  for (int call = 0; call < 3; ++call) acceptor.accept().close();
  const auto fourth = acceptor.accept();
  for (int sign = 0; sign < 3; ++sign) device.manager.wait_for("WATCHDOG=1\nSTATUS=waiting for ");
  BOOST_TEST(device.stop() == 0);
  const auto& said = device.up.errors();
  BOOST_TEST(count(said, "\n") == 2U, said);
  BOOST_TEST(said.starts_with("waiting for " + starter + " since 20"), said);
  BOOST_TEST(contains(said, "No annulet answers at " + starter), said);
  BOOST_TEST(runs_of(folder).empty());
}

BOOST_AUTO_TEST_CASE(it_waits_for_a_starter_that_is_not_there) {
  const WorkFolder folder;
  const HeldPort port;
  Standing device(folder, port.address());
  const auto line = device.up.wait_for("waiting for ");
  BOOST_TEST(contains(line, ". Cannot reach " + port.address() + ": "), line);
  BOOST_TEST(contains(device.manager.wait_for("Cannot reach"), "STATUS=waiting for "));
  BOOST_TEST(device.stop() == 0);
  BOOST_TEST(count(device.up.errors(), "\n") == 2U, device.up.errors());
}

BOOST_AUTO_TEST_CASE(a_starter_that_refuses_is_asked_again_after_longer_and_longer_rests) {
  const WorkFolder folder;
  ChildProgram starter(starter_of_two(folder, "127.0.0.1:0", "out"));
  Standing device(folder, "127.0.0.1:" + starter.wait_for_port(), "token = \"wrong\"\n");
  BOOST_TEST(device.up.wait_for("AN204").starts_with("annulet: AN204: The token is wrong"));
  BOOST_TEST(
      contains(device.manager.wait_for("resting for "), "resting for 1.0 s after: The token"));
  BOOST_TEST(
      contains(device.manager.wait_for("resting for 2"), "resting for 2.0 s after: The token"));
  BOOST_TEST(device.stop() == 0);
  const auto said = device.up.errors();
  BOOST_TEST(said.find("AN204") == said.rfind("AN204"), said);  // once, however often it dials
}

BOOST_AUTO_TEST_CASE(a_run_that_goes_on_without_it_is_waited_for) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file(kEndless, kCalm));
  ring.join();
  ring[0].wait_for_round();
  Standing device(folder, "127.0.0.1:" + ring.port());
  const auto line = device.up.wait_for("waiting for ");
  BOOST_TEST(contains(line, ". The run has begun and takes no more devices"), line);
  BOOST_TEST(device.stop() == 0);
}

BOOST_AUTO_TEST_CASE(asked_to_stop_in_a_run_it_finishes_the_round_and_leaves) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file(kEndless, kCalm));
  Standing device(folder, "127.0.0.1:" + ring.port());
  device.up.wait_for_round();
  BOOST_TEST(
      contains(device.manager.wait_for(" of 2 devices: round "), "WATCHDOG=1\nSTATUS=in run "));
  BOOST_TEST(device.stop() == 0);
  BOOST_TEST(contains(device.up.errors(), "Ending in order"), device.up.errors());
  BOOST_TEST(contains(device.up.errors(), "\nleft  "), device.up.errors());
  BOOST_TEST(device.up.errors().ends_with("stopped, as asked\n"), device.up.errors());
  BOOST_TEST(ring[0].wait() == kLost);
  BOOST_TEST(contains(ring[0].errors(), "device lost: pi-3: left"), ring[0].errors());
  BOOST_TEST_REQUIRE(runs_of(folder).size() == 1U);
  BOOST_TEST(!read_all(runs_of(folder)[0] / "model.safetensors").empty());
}

BOOST_AUTO_TEST_CASE(a_run_that_the_starter_goes_on_with_goes_on_in_its_folder) {
  const WorkFolder folder;
  const auto run_file = folder.run_file(kEndless, kCalm);
  const auto address = own_loopback();
  ChildProgram cut({"run", run_file, "--devices", "2", "--listen", address + ":0", "--name", "desk",
                    "--out", folder.at("out")});
  const auto starter = address + ":" + cut.wait_for_port();
  Standing device(folder, starter);
  device.up.wait_for_round();
  cut.send(SIGINT);
  device.up.wait_for("interrupted  ");
  cut.wait();
  const auto first = folder.read("out/model.safetensors");

  ChildProgram resumed({"run", run_file, "--devices", "2", "--listen", starter, "--name", "desk",
                        "--resume", folder.at("out")});
  const auto line = device.up.wait_for("going on with the run in ");
  device.up.wait_for_round();
  resumed.send(SIGINT);
  device.up.wait_for("interrupted  ");
  resumed.wait();
  BOOST_TEST(device.stop() == 0);
  const auto runs = runs_of(folder);
  BOOST_TEST_REQUIRE(runs.size() == 1U);
  BOOST_TEST(line == "going on with the run in " + runs[0].string());
  const auto second = folder.read("out/model.safetensors");
  BOOST_TEST((second != first));
  BOOST_TEST((read_all(runs[0] / "model.safetensors") == second));
}

BOOST_AUTO_TEST_CASE(a_starter_that_is_killed_is_waited_for) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file(kEndless, kCalm));
  const auto starter = "127.0.0.1:" + ring.port();
  Standing device(folder, starter);
  device.up.wait_for_round();
  ring[0].send(SIGKILL);
  device.up.wait_for("annulet: AN111: device lost: device-0");
  device.up.wait_for("waiting for " + starter);
  BOOST_TEST(device.stop() == 0);
}

// Without a watchdog there are so few words that none is lost before it is read.
BOOST_AUTO_TEST_CASE(a_manager_hears_of_the_beginning_and_the_end) {
  const WorkFolder folder;
  const HeldPort port;
  Notified manager(folder.at("notify"));
  ChildProgram up({"up", "--config", device_file(folder, port.address())},
                  ChildProgram::Output::kept, {"NOTIFY_SOCKET=" + manager.address()});
  const auto waiting = "waiting for " + port.address() + " since 20";
  BOOST_TEST(manager.next().starts_with("READY=1\nSTATUS=" + waiting));
  manager.wait_for(". Cannot reach " + port.address());
  up.send(SIGTERM);
  BOOST_TEST(
      manager.wait_for("STOPPING=1").starts_with("STOPPING=1\nSTATUS=ending in order: " + waiting));
  BOOST_TEST(up.wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_manager_that_has_gone_ends_nothing) {
  const WorkFolder folder;
  const HeldPort port;
  ChildProgram up({"up", "--config", device_file(folder, port.address())},
                  ChildProgram::Output::kept,
                  {"NOTIFY_SOCKET=" + folder.at("nobody"), "WATCHDOG_USEC=20000"});
  up.wait_for("waiting for ");
  up.send(SIGINT);
  BOOST_TEST(up.wait() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
