/// Runs that go on: where they end, what they evaluate on the way, and the scale and model they
/// had.
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/local_sgd.hpp"
#include "runtime/model_file.hpp"
#include "tests/support/kept_devices.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(resume_ends)

namespace {

namespace data = boost::unit_test::data;
using Settings = std::vector<std::string>;

runtime::RunConfig config_of(const Settings& settings) {
  Settings all = {"output.checkpoint_every=1ms"};
  all.insert(all.end(), settings.begin(), settings.end());
  return small_config(all);
}

/// The run up to and with round `cut`, where it is interrupted; all of it where it ends before.
std::unique_ptr<SimCluster> interrupted(KeptDevices& devices, const Settings& settings,
                                        std::int64_t cut) {
  auto ring = devices.ring(config_of(settings), false);
  SimDevice& starter = (*ring)[0];
  starter.at_round = [&starter, cut](const runtime::RoundDone& event) {
    if (event.round == cut) starter.request_stop();
  };
  ring->run();
  return ring;
}

/// The run as all its devices vanish when round `cut` is done, before they keep it.
void vanish(KeptDevices& devices, const Settings& settings, std::int64_t cut) {
  const auto ring = devices.ring(config_of(settings), false);
  (*ring)[0].at_round = [&](const runtime::RoundDone& event) {
    if (event.round == cut) ring->world().stop();
  };
  ring->world().run();
  for (std::size_t r = 0; r < ring->size(); ++r) (*ring)[r].end.emplace().virtual_seconds = 0;
}

void check_same_end(const SimCluster& uncut, const SimCluster& second) {
  for (std::size_t r = 0; r < uncut.size(); ++r) {
    const auto &expected = *uncut[r].end, &seen = *second[r].end;
    BOOST_TEST(seen.exit_code == 0);
    BOOST_TEST(seen.exit_reason == expected.exit_reason);
    BOOST_TEST(seen.rounds == expected.rounds);
    BOOST_TEST(*seen.model_hash == *expected.model_hash);
    BOOST_TEST(*seen.objective == *expected.objective);
    BOOST_TEST((seen.target_reached == expected.target_reached));
    BOOST_TEST(second[r].final_model == uncut[r].final_model, boost::test_tools::per_element());
  }
}

// Without output.eval_every: where the run is evaluated, and so where it ends, is its own business.
const std::vector<Settings> kTargets = {
    {"run.steps=5000", "run.target_loss=0.675", "schedule.h=1"},
    {"run.steps=5000", "run.target_loss=0.67", "schedule.h=3"},
    {"run.steps=5000", "run.target_loss=0.67", "schedule.h=3", "run.output=linear"},
};

const std::vector<Settings> kEndings = {{"run.steps=24"},
                                        {"run.steps=24", "run.output=quadratic"},
                                        {"run.steps=5000", "run.target_loss=0.67"}};

}  // namespace

BOOST_DATA_TEST_CASE(a_run_with_a_target_ends_where_the_uncut_one_does,
                     data::make<std::size_t>({1, 3}) * data::xrange(std::size_t{3}), W, which) {
  SimCluster uncut(W, config_of(kTargets[which]));
  uncut.run();
  BOOST_TEST_REQUIRE((uncut[0].end->target_reached == true));
  const auto rounds = uncut[0].end->rounds;
  BOOST_TEST_REQUIRE(rounds >= 4);
  for (std::int64_t cut = 1; cut < rounds; ++cut) {
    KeptDevices interrupted_ones(W);
    static_cast<void>(interrupted(interrupted_ones, kTargets[which], cut));
    const auto second = interrupted_ones.ring(config_of(kTargets[which]), true);
    second->run();
    check_same_end(uncut, *second);
  }
  for (std::int64_t cut = 3; cut <= rounds; ++cut) {
    KeptDevices vanished(W);
    vanish(vanished, kTargets[which], cut);
    const auto second = vanished.ring(config_of(kTargets[which]), true);
    second->run();
    check_same_end(uncut, *second);
  }
}

BOOST_DATA_TEST_CASE(a_run_that_has_ended_ends_the_same_once_more,
                     data::make<std::size_t>({1, 3}) * data::xrange(std::size_t{3}), W, which) {
  const auto& settings = kEndings[which];
  KeptDevices devices(W);
  const auto first = devices.ring(config_of(settings), false);
  first->run();
  const auto second = devices.ring(config_of(settings), true);
  second->run();
  check_same_end(*first, *second);
  BOOST_TEST((*second)[0].rounds.empty());
}

// The last round is one step of size 0, which says nothing about drift.
BOOST_DATA_TEST_CASE(steps_of_size_0_leave_a_state_to_go_on_from, data::make<std::size_t>({1, 3}),
                     W) {
  const Settings settings{"run.steps=21", "train.lr={kind=\"linear\", from=0.5, to=0}",
                          "train.correct_drift=true", "data.partition=by-label"};
  KeptDevices devices(W);
  devices.ring(config_of(settings), false)->run();
  for (std::size_t r = 0; r < W; ++r) BOOST_TEST(devices.rounds(r).front() == 6);
}

BOOST_AUTO_TEST_CASE(fewer_steps_than_were_taken_are_refused) {
  KeptDevices devices(2);
  devices.ring(config_of({"run.steps=24"}), false)->run();
  const auto second = devices.ring(config_of({"run.steps=20"}), true);
  second->run();
  BOOST_TEST((*second)[0].code() == 3);
  BOOST_TEST((*second)[0].reason() ==
             "run.steps = 20 is less than the 24 steps that the run has taken: give it more with "
             "--set run.steps=48");
}

BOOST_AUTO_TEST_CASE(it_knows_that_its_last_round_was_cut_short) {
  struct Case {
    const char* steps;
    bool cut;
  };
  for (const auto& [steps, cut] : {Case{"run.steps=12", false}, Case{"run.steps=14", true}}) {
    KeptDevices devices(2);
    devices.ring(config_of({steps}), false)->run();
    const auto second = devices.ring(config_of({"run.steps=24"}), true);
    second->run();
    for (std::size_t r = 0; r < 2; ++r) {
      BOOST_TEST((*second)[r].start->cut == cut, steps);
      BOOST_TEST((*second)[r].start->resumed_step == (cut ? 14 : 12));
    }
  }
}

BOOST_DATA_TEST_CASE(the_scale_is_the_one_that_the_run_began_with, data::make<std::size_t>({1, 3}),
                     W) {
  const Settings settings{"data.scale=standard"};
  SimCluster uncut(W, config_of(settings));
  uncut.run();
  KeptDevices devices(W);
  static_cast<void>(interrupted(devices, settings, 2));
  const auto second = devices.ring(config_of(settings), true);
  second->run();
  check_same_end(uncut, *second);
  for (std::size_t r = 0; r < W; ++r) {
    BOOST_TEST_REQUIRE(((*second)[r].start->scale != nullptr));
    BOOST_TEST((*(*second)[r].start->scale == *uncut[r].start->scale));
  }
}

// Nobody has the file any more.
BOOST_DATA_TEST_CASE(the_model_it_began_with_is_not_needed_again, data::make<std::size_t>({1, 3}),
                     W) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "m.safetensors";
  const model::Scale scale{std::vector<float>(12, 0.0F), std::vector<float>(12, 0.25F)};
  runtime::write_model_file(file, std::vector<float>(12, 0.5F),
                            {{"objective", "logistic"},
                             {"features", "12"},
                             {"bias", "false"},
                             {"classes", "2"},
                             {"labels", "[-1,1]"}},
                            scale);
  const Settings settings{"model.init=\"" + file.string() + "\""};
  SimCluster uncut(W, config_of(settings));
  uncut.run();
  KeptDevices devices(W);
  static_cast<void>(interrupted(devices, settings, 2));
  std::filesystem::remove(file);
  const auto second = devices.ring(config_of(settings), true);
  second->run();
  check_same_end(uncut, *second);
  BOOST_TEST((*(*second)[W - 1].start->scale == scale));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
