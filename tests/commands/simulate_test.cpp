/// annulet simulate as people type it: what it shows, and what it refuses.
#include <algorithm>
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/child_ring.hpp"
#include "tests/support/screen.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(simulate)

namespace {

struct Rows : WorkFolder {
  /// Two devices, four rounds.
  [[nodiscard]] Screen simulate(const std::vector<std::string>& more) const {
    std::vector<std::string> words{"simulate", run_file("4"), "--devices",
                                   "2",        "--set",       R"(schedule={kind="fixed", h=1})"};
    words.insert(words.end(), more.begin(), more.end());
    if (std::ranges::find(more, "--out") == more.end()) {
      words.insert(words.end(), {"--out", at("out")});
    }
    return run(words);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_link_too_slow_to_begin_over_is_refused) {
  const Rows here;
  const auto screen = here.simulate({"--link", "1bit,2ms"});
  BOOST_TEST(screen.code == 2);
  BOOST_TEST(screen.err ==
             "annulet: AN311: --link 1bit,2ms: the devices did not come together within 10m of "
             "virtual time. Give a faster link.\n");
}

// It can be taken again from the log.
BOOST_AUTO_TEST_CASE(a_replay_keeps_no_checkpoints) {
  const Rows here;
  BOOST_TEST_REQUIRE(here.simulate({}).code == 0);
  BOOST_TEST(std::filesystem::exists(here.at("out/checkpoint-4.rck")));
  const auto again = here.simulate({"--replay", here.at("out"), "--out", here.at("again")});
  BOOST_TEST_REQUIRE(again.code == 0, again.err);
  for (const auto& file : std::filesystem::directory_iterator(here.at("again"))) {
    BOOST_TEST(file.path().extension() != ".rck", file.path());
  }
}

// By run.seed = 3 both devices miss round 1, and not all others.
BOOST_AUTO_TEST_CASE(a_loss_that_nobody_saw_is_none) {
  const Rows here;
  const auto screen = here.simulate({"--drop", "0.75", "--set", "run.seed=3"});
  BOOST_TEST_REQUIRE(screen.code == 0, screen.err);
  BOOST_TEST(screen.err.find("\n      1        1      1        -  ") != std::string::npos,
             screen.err);
  BOOST_TEST(here.read("out/rounds.csv").find("\n1,1,1,nan,") != std::string::npos);
  BOOST_TEST(here.read("out/log.jsonl").find(R"("round":1,"step":1,"h":1,"loss":null,)") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
