/// What is said while devices gather: where to join, and not more than people can read.
#include "runtime/lobby.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "devices/world.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(lobby)

namespace {

using std::chrono::milliseconds;

/// A lobby that writes down what it passes on.
struct Heard {
  void knock(int times) {
    for (int k = 0; k < times; ++k) lobby.tell({{"laptop"}, 3, "x joined"});
  }
  void pass(milliseconds time) { world.run_until(world.now() + time); }

  devices::World world;
  std::vector<std::string> lines;
  Lobby lobby{world, [this](const transport::LobbyEvent& event) { lines.push_back(event.what); }};
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_twenty_lines_are_all_shown) {
  Heard heard;
  heard.knock(20);
  BOOST_TEST(heard.lines == std::vector<std::string>(20, "x joined"),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(then_one_a_second_says_how_many_were_left_out) {
  Heard heard;
  heard.knock(5020);
  BOOST_TEST(heard.lines.size() == 20U);
  heard.pass(milliseconds(999));
  heard.knock(1);
  BOOST_TEST(heard.lines.size() == 20U);
  heard.pass(milliseconds(1));
  heard.knock(10);
  BOOST_TEST_REQUIRE(heard.lines.size() == 21U);
  BOOST_TEST(heard.lines.back() == "x joined; 5001 such lines before it were left out");
}

BOOST_AUTO_TEST_CASE(slow_comings_are_all_shown) {
  Heard heard;
  for (int k = 0; k < 50; ++k) {
    heard.knock(1);
    heard.pass(milliseconds(1000));
  }
  BOOST_TEST(heard.lines == std::vector<std::string>(50, "x joined"),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_invitation_says_what_to_type) {
  const std::string type = "On each other device type: annulet join ";
  const std::string anyone =
      "Anyone on this network may join this run; --token WORD keeps strangers out.\n";
  BOOST_TEST(invitation({"0.0.0.0", 7077}, false) == type + "THIS-DEVICE:7077\n" + anyone);
  BOOST_TEST(invitation({"::", 7077}, true) == type + "THIS-DEVICE:7077 --token WORD\n");
  BOOST_TEST(invitation({"192.168.1.20", 80}, false) == type + "192.168.1.20:80\n" + anyone);
  BOOST_TEST(invitation({"127.0.0.1", 80}, false) == type + "127.0.0.1:80\n");
  BOOST_TEST(invitation({"::1", 80}, false) == type + "[::1]:80\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
