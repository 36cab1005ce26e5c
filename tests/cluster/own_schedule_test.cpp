/// A program's own schedule travels the whole way: run file, rendezvous, rounds.
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "runtime/run_file.hpp"
#include "runtime/wiring.hpp"
#include "tests/model/samples.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(own_schedule)

namespace {

using runtime::ConfigError;
using runtime::ScheduleEntry;
using runtime::Schedules;

/// annulet's fixed schedule under another name, with another key.
Schedules with_mine() {
  Schedules schedules = Schedules::builtin();
  schedules.add(
      {.name = "mine",
       .keys = {"t0"},
       .make = [](const runtime::ScheduleSection& section, const runtime::ScheduleFacts& facts) {
         return runtime::make_schedule({.kind = "fixed", .h = section.t0}, facts);
       }});
  return schedules;
}

runtime::RunConfig config_with(const std::string& schedule, const Schedules& schedules) {
  const std::string text =
      "run = {steps = 20}\nmodel = {kind = \"quadratic\"}\ndata = {train = \"rows\"}\n"
      "train = {lr = {kind = \"constant\", value = 0.1}}\nschedule = {" +
      schedule + "}";
  return runtime::parse_run_file(text, "own.toml", "/", {}, model::Catalogue::builtin(), schedules);
}

runtime::RunFinished train(const runtime::RunConfig& config, const Schedules& schedules) {
  runtime::Simulation simulation;
  simulation.devices = 3;
  simulation.schedules = schedules;
  runtime::SharedData data;
  data.put(config.data.train, *dense_sample());
  runtime::Observer nobody;
  return runtime::simulate(config, simulation, data, nobody);
}

ScheduleEntry entry(std::string name, std::string key) {
  return {.name = std::move(name),
          .keys = {std::move(key)},
          .make = Schedules::builtin().at("fixed").make};
}

/// A schedule that chooses what it likes.
class Wilful final : public runtime::SyncSchedule {
 public:
  explicit Wilful(std::function<model::Step()> choose) : choose_(std::move(choose)) {}
  [[nodiscard]] model::Step local_steps(const runtime::RoundFacts&) const override {
    return choose_();
  }
  [[nodiscard]] std::string reason(const runtime::RoundFacts&) const override {
    return "as I like";
  }
  [[nodiscard]] std::string name() const override { return "wilful"; }

 private:
  std::function<model::Step()> choose_;
};

runtime::RunFinished train_with(const std::function<model::Step()>& choose) {
  Schedules schedules = Schedules::builtin();
  schedules.add({.name = "wilful",
                 .make = [&](const runtime::ScheduleSection&, const runtime::ScheduleFacts&) {
                   return std::make_unique<Wilful>(choose);
                 }});
  return train(config_with("kind = \"wilful\"", schedules), schedules);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_program_trains_with_a_schedule_that_it_brings) {
  const Schedules schedules = with_mine();
  const auto mine = train(config_with("kind = \"mine\", t0 = 5", schedules), schedules);
  BOOST_TEST(mine.exit_code == 0, mine.exit_reason);
  BOOST_TEST(mine.rounds == 4);
  const auto fixed = train(config_with("kind = \"fixed\", h = 5", schedules), schedules);
  BOOST_TEST(mine.model_hash.value() == fixed.model_hash.value());
}

BOOST_AUTO_TEST_CASE(only_the_keys_that_it_takes_go_with_it) {
  const auto is_said = [](const ConfigError& error) {
    return std::string(error.what()) ==
           "own.toml:5: schedule.h does not go with schedule.kind mine, which takes t0; it belongs "
           "to fixed, balanced and qsr";
  };
  BOOST_CHECK_EXCEPTION(static_cast<void>(config_with("kind = \"mine\", h = 5", with_mine())),
                        ConfigError, is_said);
}

BOOST_AUTO_TEST_CASE(a_config_of_other_schedules_is_refused) {
  const auto config = config_with("kind = \"mine\", t0 = 5", with_mine());
  const auto end = train(config, Schedules::builtin());
  BOOST_TEST(end.exit_code == 3);
  BOOST_TEST(end.exit_reason ==
             "schedule.kind is \"mine\", but must be fixed, one-shot, doubling, theory, guarded, "
             "balanced or qsr");
}

BOOST_AUTO_TEST_CASE(one_that_takes_no_step_ends_the_run) {
  const auto end = train_with([] { return 0; });
  BOOST_TEST(end.exit_code == 1);
  BOOST_TEST(end.exit_reason.find("the schedule wilful chose H = 0, but a round has at least one "
                                  "step") != std::string::npos,
             end.exit_reason);
}

// Their models stay equal, since all take part in every average.
BOOST_AUTO_TEST_CASE(devices_that_disagree_about_h_end_after_the_round) {
  int calls = 0;
  const auto end = train_with([&calls] { return 1 + ++calls % 3; });
  BOOST_TEST(end.exit_code == 5);
  BOOST_TEST(end.rounds <= 1);
  BOOST_TEST(
      end.exit_reason.find("how many steps it has taken, differs from ours") != std::string::npos,
      end.exit_reason);
}

BOOST_AUTO_TEST_CASE(an_entry_needs_a_name_of_its_own_and_keys_that_there_are) {
  Schedules schedules = with_mine();
  BOOST_CHECK_THROW(schedules.add(entry("mine", "h")), std::invalid_argument);
  BOOST_CHECK_THROW(schedules.add(entry("", "h")), std::invalid_argument);
  BOOST_CHECK_THROW(schedules.add(entry("other", "tau")), std::invalid_argument);
  BOOST_CHECK_THROW(schedules.add({.name = "other", .make = {}}), std::invalid_argument);
  BOOST_TEST(schedules.entries().size() == 8U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
