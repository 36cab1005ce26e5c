/// Garbage, silence and nonsense on the starter's port: dropped, and the run goes on as without.
#include <array>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"
#include "transport/messages.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(strangers)

namespace {

namespace data = boost::unit_test::data;
using asio::ip::tcp;
using transport::Message;

/// Somebody who connects and talks. Failing is routine: the other side may have hung up.
class Stranger {
 public:
  Stranger(asio::io_context& context, const std::string& port) : socket_(context) {
    const auto number = static_cast<std::uint16_t>(std::stoul(port));
    socket_.connect({asio::ip::make_address("127.0.0.1"), number});
  }
  void say(std::span<const std::byte> bytes) {
    asio::error_code ignored;
    asio::write(socket_, asio::buffer(bytes.data(), bytes.size()), ignored);
  }
  void say(const std::string& text) { say(std::as_bytes(std::span(text))); }
  void say(const Message& message) { say(transport::encode(message)); }
  /// Everything until the other side closes.
  std::string hear_all() {
    std::string text;
    asio::error_code end;
    asio::read(socket_, asio::dynamic_buffer(text), end);
    return text;
  }
  /// Waits for the first bytes.
  void hear_some() {
    std::array<std::byte, 64> bytes{};
    asio::error_code ignored;
    socket_.read_some(asio::buffer(bytes), ignored);
  }

 private:
  tcp::socket socket_;
};

/// All who come to one port; they stay until the end.
class Crowd {
 public:
  explicit Crowd(std::string port) : port_(std::move(port)) {}

  Stranger& one() { return *strangers_.emplace_back(std::make_unique<Stranger>(context_, port_)); }
  void misbehave() {
    for (int i = 0; i < 100; ++i) one();  // silent
    one().say("GET / HTTP/1.1\r\nHost: annulet\r\n\r\n");
    one().say(std::string(100'000, 'x'));
    for (const std::uint32_t size : {1U << 20, 0xFFFFFFFFU}) {
      one().say(transport::encode(
          transport::FrameHeader{.type = transport::FrameType::hello, .payload_length = size}));
    }
    auto cut = transport::encode(Message(transport::Hello{"half", "", 1, false}));
    cut.resize(cut.size() / 2);
    one().say(cut);
    cut.back() ^= std::byte{1};
    one().say(cut);
    one().say(Message(transport::Go{{1, 2, 3}}));
    one().say(Message(transport::DataHello{7, 1, 2}));
    one().say(transport::encode(transport::FrameHeader{.type = transport::FrameType::all_reduce}));
    for (int i = 0; i < 100; ++i) Stranger(context_, port_);  // come and go
  }

 private:
  std::string port_;
  asio::io_context context_{1};
  std::vector<std::unique_ptr<Stranger>> strangers_;
};

std::string hash_of(const std::string& json) {
  const auto at = json.find("\"model_hash\"");
  return at == std::string::npos ? json : json.substr(at, json.find(',', at) - at);
}

/// The hash of the same run where nobody disturbs.
std::string calm_hash(const WorkFolder& folder, const std::string& run_file) {
  ChildProgram child(
      {"simulate", run_file, "--devices", "3", "--json", "--out", folder.at("calm")});
  BOOST_TEST_REQUIRE(child.wait() == 0);
  return hash_of(child.output());
}

}  // namespace

BOOST_AUTO_TEST_CASE(before_the_run_they_do_not_matter) {
  WorkFolder folder;
  const std::string run_file = folder.run_file("50", kOneStep);
  ChildRing ring(folder, 3, run_file, {"--json"});
  Crowd crowd(ring.port());
  crowd.misbehave();
  ring.join();
  crowd.misbehave();
  ring.join();
  for (std::size_t rank = 0; rank < 3; ++rank) BOOST_TEST(ring[rank].wait() == 0);
  BOOST_TEST(hash_of(ring[0].output()) == calm_hash(folder, run_file));
}

// The run lasts until it is interrupted, after all strangers have been heard; then the same number
// of steps is taken where nobody disturbs.
BOOST_AUTO_TEST_CASE(during_the_run_they_do_not_matter) {
  WorkFolder folder;
  ChildRing ring(folder, 3, folder.run_file(kEndless, kOneStep), {"--json"});
  ring.join();
  ring.join();
  ring[0].wait_for_round();
  Crowd crowd(ring.port());
  crowd.misbehave();
  Stranger& late = crowd.one();
  late.say(Message(transport::Hello{"late", "", 1, false}));
  BOOST_TEST(late.hear_all().find("The run has begun") != std::string::npos);
  ring[0].send(SIGINT);
  for (std::size_t rank = 0; rank < 3; ++rank) BOOST_TEST(ring[rank].wait() == 130);
  const std::string json = ring[0].output(), steps = "\"steps\":";
  const auto at = json.find(steps);
  BOOST_TEST_REQUIRE(at != std::string::npos, json);
  const std::string taken = std::to_string(std::stoll(json.substr(at + steps.size())));
  BOOST_TEST(hash_of(json) == calm_hash(folder, folder.run_file(taken, kOneStep)));
}

const std::vector<Message> kOutOfOrder{transport::Ready{10},
                                       transport::Go{{1}},
                                       transport::View{.epoch = 1, .members = {{.name = "odd"}}},
                                       transport::Broken{0, "lie"},
                                       transport::Lost{0, "lie"},
                                       transport::RunFile{1, "x", "y", false},
                                       transport::DataHello{1, 1, 1}};

BOOST_DATA_TEST_CASE(a_message_out_of_order_ends_its_sender_alone, data::xrange(kOutOfOrder.size()),
                     which) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file("20"));
  Crowd crowd(ring.port());
  Stranger& odd = crowd.one();
  odd.say(Message(transport::Hello{"odd", "", 1, false}));
  odd.hear_some();  // the run file: it has been let in
  odd.say(kOutOfOrder[which]);
  ring[0].wait_for("odd is gone: a message out of order");
  ring.join();
  BOOST_TEST(ring[0].wait() == 0);
  BOOST_TEST(ring[1].wait() == 0);
}

BOOST_AUTO_TEST_CASE(one_that_says_hello_and_no_more_gives_up_its_place) {
  WorkFolder folder;
  ChildRing ring(folder, 2, folder.run_file("20", "net.peer_timeout = \"2s\"\n"));
  Crowd crowd(ring.port());
  crowd.one().say(Message(transport::Hello{"mute", "", 1, false}));
  ring[0].wait_for("mute is gone: silent for 2 s");
  ring.join();
  BOOST_TEST(ring[0].wait() == 0);
  BOOST_TEST(ring[1].wait() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
