/// annulet net: rings of processes that are measured and not trained.
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"
#include "tests/support/own_loopback.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(net)

namespace {

constexpr int kUsage = 2, kLost = 5, kTooFew = 6, kInterrupted = 130;

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

/// The lines of a table that begin with `word`, up to a blank one.
std::string table_of(const std::string& text, const std::string& word) {
  const auto begin = text.find(word);
  return begin == std::string::npos ? "" : text.substr(begin, text.find("\n\n", begin) - begin);
}

/// `desk` asks for the measurement, the others join it.
struct MeasuredRing {
  MeasuredRing(std::size_t devices, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"net",      "--devices",   std::to_string(devices),
                                   "--listen", "127.0.0.1:0", "--name",
                                   "desk",     "--quick"};
    words.insert(words.end(), more.begin(), more.end());
    starter = std::make_unique<ChildProgram>(words);
    port = starter->wait_for_port();
  }

  ChildProgram& join(const std::string& name, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"join",  "127.0.0.1:" + port, "--name", name,
                                   "--out", folder.at(name)};
    words.insert(words.end(), more.begin(), more.end());
    return *joiners.emplace_back(std::make_unique<ChildProgram>(words));
  }

  WorkFolder folder;
  std::unique_ptr<ChildProgram> starter;
  std::vector<std::unique_ptr<ChildProgram>> joiners;
  std::string port;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_slow_line_is_found_and_planned_with) {
  MeasuredRing ring(3, {"--parameters", "5000", "--token", "sesame"});
  auto& slow = ring.join("pi-1", {"--link", "8mbit,1ms", "--token", "sesame"});
  auto& other = ring.join("pi-2", {"--token", "sesame"});
  BOOST_TEST(ring.starter->wait() == 0, ring.starter->errors());
  for (auto* joiner : {&slow, &other}) {
    BOOST_TEST(joiner->wait() == 0, joiner->errors());
    BOOST_TEST(contains(joiner->errors(), "done  a ring of 3 devices was measured"));
    BOOST_TEST(joiner->output() == "");
  }
  const auto said = ring.starter->output();
  const auto hops = table_of(said, "hop "), sums = table_of(said, "all-reduce");
  for (const char* hop : {"desk -> pi-1", "pi-1 -> pi-2", "pi-2 -> desk"}) {
    BOOST_TEST(contains(hops, hop), said);
  }
  const auto marked = hops.find("slowest");
  BOOST_TEST_REQUIRE(marked != std::string::npos, said);
  BOOST_TEST(hops.substr(hops.rfind('\n', marked) + 1).starts_with("pi-1 -> pi-2"), said);
  for (const char* size : {"\n1 KiB ", "\n20,000 B, the model ", "\n64 KiB ", "\n1 MiB "}) {
    BOOST_TEST(contains(sums, size), said);
  }
  const std::string next = "\nNext: annulet plan FILE --devices 3 --link ";
  BOOST_TEST_REQUIRE(contains(said, next), said);
  const auto link = said.substr(said.find(next) + next.size());
  // What it says can be typed.
  const auto file = ring.folder.run_file("20");
  const auto plan =
      run({"plan", file, "--devices", "3", "--link", link.substr(0, link.size() - 1)});
  BOOST_TEST(plan.code == 0, plan.err);
  BOOST_TEST(contains(ring.starter->errors(), "measuring pi-1 -> pi-2\n"));
  BOOST_TEST(contains(ring.starter->errors(), "adding up 20,000 B\n"));
  for (const char* name : {"pi-1", "pi-2"}) {
    BOOST_TEST(!std::filesystem::exists(ring.folder.at(name)));  // no results, no folder
  }
}

BOOST_AUTO_TEST_CASE(json_has_the_same_in_seconds_and_bits) {
  WorkFolder folder;
  MeasuredRing ring(2, {folder.run_file("20"), "--json"});
  ring.join("pi-1", {"--link", "8mbit,1ms"});
  BOOST_TEST(ring.starter->wait() == 0, ring.starter->errors());
  const auto said = ring.starter->output();
  for (const char* part :
       {R"("devices":["desk","pi-1"])", R"("hops":[{"from":"desk","to":"pi-1",)",
        R"("slowest":false},{"from":"pi-1","to":"desk",)", R"("slowest":true}])",
        R"("all_reduces":[{"bytes":44,)", R"("exit_reason":"done")", R"("mesh_is_faster":true)"}) {
    BOOST_TEST(contains(said, part), said);
  }
}

BOOST_AUTO_TEST_CASE(a_device_that_leaves_ends_it_with_one_line) {
  MeasuredRing ring(3);
  auto& leaving = ring.join("pi-1", {"--link", "50kbit,1ms"});
  auto& staying = ring.join("pi-2");
  ring.starter->wait_for("measuring pi-1 -> pi-2");
  leaving.send(SIGKILL);
  BOOST_TEST(ring.starter->wait() == kLost);
  BOOST_TEST(staying.wait() == kLost);
  for (const auto* errors : {&ring.starter->errors(), &staying.errors()}) {
    BOOST_TEST(contains(*errors, ": device lost: pi-1: "), *errors);
  }
  BOOST_TEST(ring.starter->output() == "");
}

BOOST_AUTO_TEST_CASE(ctrl_c_ends_it_in_order_on_all) {
  MeasuredRing ring(2);
  auto& joiner = ring.join("pi-1", {"--link", "1mbit,1ms"});
  ring.starter->wait_for("measuring pi-1 -> desk");
  ring.starter->send(SIGINT);
  BOOST_TEST(ring.starter->wait() == kInterrupted);
  BOOST_TEST(joiner.wait() == kInterrupted);
  BOOST_TEST(contains(ring.starter->errors(), "Ending in order, after what is being measured"));
  BOOST_TEST(joiner.errors().ends_with("annulet: interrupted\n"), joiner.errors());
}

BOOST_AUTO_TEST_CASE(strangers_at_the_door_change_nothing) {
  MeasuredRing ring(2);
  asio::io_context context;
  const auto port = static_cast<std::uint16_t>(std::stoi(ring.port));
  std::string other_version(48, '\0');
  other_version.replace(0, 5, std::string("ANL1\x02", 5));
  for (const std::string& words : {std::string("GET / HTTP/1.0\r\n\r\n"), other_version}) {
    asio::ip::tcp::socket socket(context);
    socket.connect({asio::ip::address_v4::loopback(), port});
    asio::write(socket, asio::buffer(words));
  }
  auto& joiner = ring.join("pi-1");
  BOOST_TEST(ring.starter->wait() == 0, ring.starter->errors());
  BOOST_TEST(joiner.wait() == 0, joiner.errors());
}

BOOST_AUTO_TEST_CASE(a_standing_device_takes_part_and_stands_by_again) {
  MeasuredRing ring(2);
  const auto file = ring.folder.write(
      "device.toml", "[device]\nstarter = \"127.0.0.1:" + ring.port + "\"\nname = \"pi-3\"\n" +
                         "folder = \"" + ring.folder.at("results") + "\"\n");
  ChildProgram up({"up", "--config", file});
  BOOST_TEST(ring.starter->wait() == 0, ring.starter->errors());
  up.wait_for("done  a ring of 2 devices was measured");
  up.wait_for("waiting for 127.0.0.1:" + ring.port);
  up.send(SIGTERM);
  BOOST_TEST(up.wait() == 0, up.errors());
  BOOST_TEST(std::filesystem::is_empty(ring.folder.at("results")));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_measured_is_said_before_anyone_waits) {
  const WorkFolder folder;
  const auto refused = [](std::vector<std::string> more) {
    std::vector<std::string> words{"net"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  BOOST_TEST(refused({}).code == kUsage);
  BOOST_TEST(contains(refused({"--devices", "1"}).err,
                      "a ring with hops has two devices; give 2 or more"));
  BOOST_TEST(refused({"--devices", "0"}).code == kUsage);
  BOOST_TEST(refused({"--devices", "2", "--listen", "here"}).code == kUsage);
  BOOST_TEST(refused({"--devices", "2", "--parameters", "0"}).code == kUsage);
  BOOST_TEST(refused({"--devices", "2", "--parameters", "268435457"}).code == kUsage);
  const auto both = refused({folder.run_file("2"), "--devices", "2", "--parameters", "5"});
  BOOST_TEST(both.code == kUsage);
  BOOST_TEST(contains(both.err, "give one of the two"), both.err);
  BOOST_TEST(refused({folder.at("none.toml"), "--devices", "2"}).code == 3);
  const auto alone =
      refused({"--devices", "2", "--listen", "127.0.0.1:0", "--wait", "10ms", "--json"});
  BOOST_TEST(alone.code == kTooFew);
  BOOST_TEST(contains(alone.out, R"("error_code":"AN109")"), alone.out);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
