/// Logs: the rounds that are read out of them, and those that cannot be replayed.
#include "runtime/replay.hpp"

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/event_log.hpp"
#include "runtime/run_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::runtime {
BOOST_AUTO_TEST_SUITE(replay)

namespace {

const LogStamp kStamp{"2026-11-22T14:21:58.412Z", "7", "pi-1"};

std::string start(std::int64_t resumed = 0, std::size_t devices = 2) {
  RunStarted event;
  for (std::size_t r = 0; r < devices; ++r) event.devices.push_back("pi-" + std::to_string(r));
  event.schedule = "balanced(budget=0.2, h=1)";
  event.resumed = resumed;
  return log_line(kStamp, event);
}

std::string round(std::int64_t number, model::Step step, model::Step h,
                  std::vector<model::Step> steps = {}) {
  RoundDone event;
  event.round = number;
  event.step = step;
  event.h = event.own_steps = h;
  event.all_steps = std::move(steps);
  event.model_hash = 0xabc + static_cast<std::uint64_t>(number);
  return log_line(kStamp, event);
}

const std::string kGood = start() + log_line(kStamp, Evaluated{}) + round(1, 4, 4) +
                          round(2, 12, 8, {8, 2}) + log_line(kStamp, RunFinished{});

/// Why it cannot be read; empty where it can.
std::string refusal(const std::string& lines) {
  try {
    static_cast<void>(parse_replay(lines, "log.jsonl"));
  } catch (const ReplayError& error) {
    BOOST_TEST((error.error() == ErrorCode::no_run_folder));
    return error.what();
  }
  return {};
}

RunConfig config_of(const std::vector<std::string>& settings) {
  return parse_run_file("run.steps = 100\nmodel.kind = \"logistic\"\n", "run.toml", "/", settings);
}

/// Why it does not fit; empty where it does.
std::string misfit(const std::string& lines, std::vector<std::string> settings,
                   std::size_t devices = 2) {
  try {
    require_replay_fits(parse_replay(lines, "log.jsonl"), config_of(settings), devices);
  } catch (const ReplayError& error) {
    BOOST_TEST((error.error() == ErrorCode::checkpoint_does_not_fit));
    return error.what();
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_log_has_the_rounds) {
  const auto replay = parse_replay(kGood, "log.jsonl");
  BOOST_TEST(replay.devices == 2U);
  BOOST_TEST_REQUIRE(replay.rounds.size() == 2U);
  BOOST_TEST(replay.end() == 12);
  BOOST_TEST(replay.reason() == "done: 2 rounds of the log replayed");
  BOOST_TEST(&replay.round_at(0) == &replay.rounds[0]);
  BOOST_TEST(&replay.round_at(4) == &replay.rounds[1]);
  BOOST_TEST(&replay.round_at(12) == &replay.rounds[1]);
  BOOST_TEST(replay.rounds[0].steps_of(1) == 4);
  BOOST_TEST(replay.rounds[1].begin == 4);
  BOOST_TEST(replay.rounds[1].steps_of(0) == 8);
  BOOST_TEST(replay.rounds[1].steps_of(1) == 2);
  BOOST_TEST(replay.rounds[1].model_hash == 0xabeU);
}

BOOST_AUTO_TEST_CASE(of_a_run_that_went_on_the_rounds_of_the_end_count) {
  const auto replay = parse_replay(
      start() + round(1, 4, 4) + round(2, 6, 2) + start(1) + round(2, 12, 8) + round(3, 13, 1),
      "log.jsonl");
  BOOST_TEST_REQUIRE(replay.rounds.size() == 3U);
  BOOST_TEST(replay.rounds[1].h == 8);
  BOOST_TEST(replay.rounds[2].begin == 12);
}

BOOST_AUTO_TEST_CASE(what_is_no_log_is_said_in_one_line) {
  const std::string none = " is no line of a log; give the folder of a run, or its log.jsonl";
  BOOST_TEST(refusal("round,step,h\n1,4,4\n") == "log.jsonl:1" + none);
  BOOST_TEST(refusal("") == "log.jsonl has no round to replay");
  BOOST_TEST(refusal(start()) == "log.jsonl has no round to replay");
  BOOST_TEST(refusal("[1]\n") == "log.jsonl:1" + none);
  BOOST_TEST(refusal("{}\n") ==
             "log.jsonl:1 has no event; give the folder of a run, or its log.jsonl");
  const auto cut = kGood.find("\"ev\":\"round\",\"round\":2") + 30;
  BOOST_TEST(refusal(kGood.substr(0, cut)) == "log.jsonl:4" + none);
  BOOST_TEST(refusal(start() + std::string(100'000, '[')) == "log.jsonl:2" + none);
}

BOOST_AUTO_TEST_CASE(rounds_that_do_not_follow_are_refused) {
  BOOST_TEST(refusal(start() + round(1, 4, 4) + round(3, 12, 4)) ==
             "log.jsonl:3 is round 3 to step 12, which does not follow on the one before");
  BOOST_TEST(refusal(start() + round(1, 4, 4) + round(2, 12, 4)) ==
             "log.jsonl:3 is round 2 to step 12, which does not follow on the one before");
  BOOST_TEST(refusal(round(1, 4, 4)) ==
             "log.jsonl:1 is a round of a run whose beginning the log does not have");
  BOOST_TEST(refusal(start() + round(1, 4, 4) + start(2)) ==
             "log.jsonl:3 goes on after a round that the log does not have");
  BOOST_TEST(refusal(start() + round(1, 4, 4) + start()) ==
             "log.jsonl:3 begins a second run: one log, one run");
  BOOST_TEST(refusal(start() + round(1, 4, 4) + start(1, 3)) ==
             "log.jsonl:3 has devices that cannot be");
  BOOST_TEST(refusal(start(0, 1025)) == "log.jsonl:1 has devices that cannot be");
}

BOOST_AUTO_TEST_CASE(numbers_that_cannot_be_are_refused) {
  const auto changed = [](const std::string& from, const std::string& to) {
    auto lines = kGood;
    lines.replace(lines.rfind(from), from.size(), to);
    return refusal(lines);
  };
  const std::string no_round = "log.jsonl:4 is no whole round";
  for (const std::string odd : {"0", "-8", "8.5", "\"8\"", "1e300", "18446744073709551615", "13"}) {
    BOOST_TEST(changed("\"h\":8", "\"h\":" + odd) == no_round, odd);
  }
  BOOST_TEST(changed("\"step\":12", "\"stop\":12") == no_round);
  BOOST_TEST(changed("0000000000000abe", "abe") == no_round);
  BOOST_TEST(changed("0000000000000abe", "000000000000zabe") == no_round);
  BOOST_TEST(changed("[8,2]", "[8]") == no_round);
  BOOST_TEST(changed("[8,2]", "8") == no_round);
  const std::string more = "log.jsonl:4 has a device that took more steps than H";
  BOOST_TEST(changed("[8,2]", "[8,9]") == more);
  BOOST_TEST(changed("[8,2]", "[8,-1]") == more);
}

BOOST_AUTO_TEST_CASE(a_log_of_another_run_is_refused) {
  const std::vector<std::string> paced{"round.pace=time"};
  BOOST_TEST(misfit(kGood, paced) == "");
  BOOST_TEST(misfit(kGood, paced, 3) == "log.jsonl is of 2 devices: give --devices 2");
  BOOST_TEST(misfit(kGood, {"round.pace=time", "run.steps=11"}) ==
             "log.jsonl: round 2 ends at step 12, but run.steps is 11: take the run file that the "
             "run had");
  BOOST_TEST(misfit(kGood, {}) ==
             "log.jsonl: round 2 has devices that took fewer steps, but round.pace is \"steps\": "
             "take the run file that the run had");
  BOOST_TEST(misfit(start() + round(1, 8, 4), {}) ==
             "log.jsonl begins at step 4, the run file at step 0: take the run file that the run "
             "had");
  BOOST_TEST(misfit(start() + round(1, 4, 4, {4, 0}), paced) ==
             "log.jsonl: round 1 was missed by a device (simulate --drop): --drop and run.seed "
             "reproduce that run");
}

BOOST_AUTO_TEST_CASE(a_log_is_found_in_its_folder) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder.path() / "log.jsonl", std::ios::binary) << kGood;
  BOOST_TEST(read_replay(folder.path()).rounds.size() == 2U);
  BOOST_TEST(read_replay(folder.path() / "log.jsonl").rounds.size() == 2U);
  BOOST_CHECK_THROW(static_cast<void>(read_replay(folder.path() / "none")), ReplayError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::runtime
