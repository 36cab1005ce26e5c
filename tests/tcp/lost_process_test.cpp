/// A process of the ring is killed or stopped: all others end, and say which one it was.
#include <csignal>
#include <ostream>
#include <string>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(lost_process)

namespace {

namespace data = boost::unit_test::data;
constexpr int kLost = 5;

/// A killed process resets its connections at once; a stopped one is silent, which takes this long.
/// Both are far longer than a busy machine keeps an innocent process from its heartbeats.
std::string timeout(int signal) {
  return std::string("net.peer_timeout = ") + (signal == SIGSTOP ? "\"3s\"\n" : "\"30s\"\n");
}

/// One that waits for its round, so that a signal comes in the middle of a run.
std::string endless(const WorkFolder& folder, int signal, const std::string& schedule = kOneStep) {
  return folder.run_file(kEndless, timeout(signal) + schedule);
}

void check_survivor(ChildProgram& child, const std::string& lost, bool has_model = true) {
  BOOST_TEST(child.wait() == kLost);
  BOOST_TEST(child.errors().find("device lost: " + lost + ":") != std::string::npos,
             child.errors());
  BOOST_TEST((child.errors().find("model.safetensors") != std::string::npos) == has_model,
             child.errors());
}

}  // namespace

BOOST_DATA_TEST_CASE(survivors_end_and_name_the_device,
                     data::make<std::size_t>({0, 1, 3}) * data::make<int>({SIGKILL, SIGSTOP}), lost,
                     signal) {
  WorkFolder folder;
  ChildRing ring(folder, 4, endless(folder, signal));
  for (int k = 1; k < 4; ++k) ring.join();
  for (std::size_t rank = 0; rank < 4; ++rank) ring[rank].wait_for_round();
  ring[lost].send(signal);
  const std::string name = "device-" + std::to_string(lost);
  for (std::size_t rank = 0; rank < 4; ++rank) {
    if (rank == lost) continue;
    check_survivor(ring[rank], name);
    if (signal == SIGSTOP) {
      BOOST_TEST(ring[rank].errors().find("silent for 3 s") != std::string::npos,
                 ring[rank].errors());
    }
  }
}

// The others have gone when it wakes, and all its links are broken: it says that it was itself.
BOOST_DATA_TEST_CASE(who_was_stopped_and_goes_on_names_itself, data::make<std::size_t>({0, 1}),
                     stopped) {
  WorkFolder folder;
  ChildRing ring(folder, 3, endless(folder, SIGSTOP));
  ring.join();
  ring.join();
  for (std::size_t rank = 0; rank < 3; ++rank) ring[rank].wait_for_round();
  ring[stopped].send(SIGSTOP);
  const std::string name = "device-" + std::to_string(stopped);
  for (std::size_t rank = 0; rank < 3; ++rank) {
    if (rank != stopped) check_survivor(ring[rank], name);
  }
  ring[stopped].send(SIGCONT);
  check_survivor(ring[stopped], name + " (this device)");
  BOOST_TEST(ring[stopped].errors().find("it stood still for longer than net.peer_timeout") !=
                 std::string::npos,
             ring[stopped].errors());
}

// All are in a local phase that will not end: their compute threads must be called off. No round is
// finished, so there is no model to write.
BOOST_DATA_TEST_CASE(survivors_end_during_long_local_steps,
                     data::make<std::size_t>({0, 1}) * data::make<int>({SIGKILL, SIGSTOP}), lost,
                     signal) {
  WorkFolder folder;
  ChildRing ring(folder, 3, endless(folder, signal, "schedule = {kind = \"one-shot\"}\n"));
  ring.join();
  ring.join();
  for (std::size_t rank = 0; rank < 3; ++rank) ring[rank].wait_for("  loss  ");
  ring[lost].send(signal);
  for (std::size_t rank = 0; rank < 3; ++rank) {
    if (rank != lost) check_survivor(ring[rank], "device-" + std::to_string(lost), false);
  }
}

BOOST_AUTO_TEST_CASE(a_joiner_that_dies_while_others_gather_is_replaced) {
  WorkFolder folder;
  ChildRing ring(folder, 3, folder.run_file("50", timeout(SIGKILL)));
  ring.join();
  ring[0].wait_for("device-1 joined");
  ring[1].send(SIGKILL);
  ring[0].wait_for("device-1 is gone");
  ring.join();
  ring.join();
  for (const std::size_t rank : {0U, 2U, 3U}) BOOST_TEST(ring[rank].wait() == 0);
}

BOOST_AUTO_TEST_CASE(joiners_end_when_the_starter_dies_while_others_gather) {
  WorkFolder folder;
  for (const int signal : {SIGKILL, SIGSTOP}) {
    ChildRing ring(folder, 3, folder.run_file("50", timeout(signal)));
    ring.join();
    ring[0].wait_for("device-1 joined");
    ring[0].send(signal);
    BOOST_TEST(ring[1].wait() == kLost);
    BOOST_TEST(ring[1].errors().find("127.0.0.1:" + ring.port()) != std::string::npos,
               ring[1].errors());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
