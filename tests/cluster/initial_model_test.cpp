/// Runs that begin with the model of a file: who has it, where they go on, what does not fit.
#include "runtime/initial_model.hpp"

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "runtime/local_sgd.hpp"
#include "runtime/model_file.hpp"
#include "runtime/model_hash.hpp"
#include "tests/support/model_on_disk.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/sim_rings.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(initial_model)

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using Settings = std::vector<std::string>;

std::vector<float> trained(std::size_t W, const Settings& settings) {
  SimCluster cluster(W, small_config(settings));
  cluster.run();
  BOOST_TEST_REQUIRE(cluster[0].reason() == "done");
  return cluster[0].final_model;
}

const std::vector<float> kTwelve = {1, -0.0F, 3, 4, 5, 6, 1e-30F, 8, -9, 0, 11, 12.5F};

}  // namespace

BOOST_DATA_TEST_CASE(every_rank_gets_the_bits_of_rank_0, data::make<std::size_t>({1, 2, 3, 7}), W) {
  SimRings rings(W);
  std::vector<std::vector<float>> x(W, std::vector<float>(kTwelve.size(), 7.5F));
  x[0] = kTwelve;
  rings.on_all([&](std::size_t r, transport::Ring& ring) -> asio::awaitable<void> {
    co_await runtime::share_model(ring, x[r], {.epoch = 1},
                                  rings.world().now() + std::chrono::seconds(10));
  });
  for (std::size_t r = 0; r < W; ++r) {
    BOOST_TEST(runtime::hash_of(x[r]) == runtime::hash_of(kTwelve));
    BOOST_TEST(rings.ring(r).traffic().model_sent == 0U);
  }
}

// The file is gone before the others come; what they begin with are its bits, -0 among them.
BOOST_DATA_TEST_CASE(the_starter_alone_needs_the_file, data::make<std::size_t>({1, 2, 3, 5}), W) {
  const ModelOnDisk model(kTwelve);
  SimCluster cluster(small_config({model.setting(), "run.steps=1", "train.lr.value=1e-30"}));
  runtime::StartOptions options;
  options.devices = W;
  cluster.start({.name = "device-0"}, options);
  for (std::size_t r = 1; r < W; ++r) {
    cluster.join({.name = "device-" + std::to_string(r), .after = 1s});
  }
  cluster.at(500ms, [file = model.path()] { std::filesystem::remove(file); });
  cluster.run();
  for (std::size_t r = 0; r < W; ++r) {
    BOOST_TEST(cluster[r].reason() == "done");
    BOOST_TEST(cluster[r].final_model == cluster[0].final_model);
    BOOST_TEST(cluster[r].rounds.front().model_bytes == bytes_of_round(12, W, r));
  }
  // Steps of 1e-30 change the two smallest entries alone; the others are as in the file.
  for (const std::size_t i : {0U, 2U, 3U, 4U, 5U, 7U, 8U, 10U, 11U}) {
    BOOST_TEST(cluster[0].final_model[i] == kTwelve[i]);
  }
}

BOOST_AUTO_TEST_CASE(the_first_evaluation_is_of_that_model) {
  SimCluster whole(3, small_config());
  whole.run();
  const ModelOnDisk model(whole[0].final_model);
  SimCluster next(3, small_config({model.setting()}));
  next.run();
  BOOST_TEST(next[0].evaluations.front().step == 0);
  BOOST_TEST(next[0].evaluations.front().objective == *whole[0].end->objective);
  BOOST_TEST(next[2].evaluations.front().objective == *whole[0].end->objective);
  BOOST_TEST(next[0].end->steps == 24);
}

struct Plan {
  const char* name;
  Settings settings;
};
std::ostream& operator<<(std::ostream& out, const Plan& plan) { return out << plan.name; }

const std::vector<Plan> kPlans = {
    {"constant step size, fixed H", {}},
    {"a step size that falls with t, H that grows with t",
     {"train.lr={kind=\"inverse\",lr0=1,tau=3}", "schedule={kind=\"doubling\",alpha=8,t0=4}"}},
};

// Each mini-batch is the whole shard, so that it does not matter where the draws of rows stand.
BOOST_DATA_TEST_CASE(a_run_cut_in_two_is_the_whole_run_where_batches_hold_all_rows,
                     data::make(kPlans) * data::make<std::size_t>({1, 3}), plan, W) {
  const auto settings =
      with(plan.settings, {"data.sampling=\"cyclic\"", "train.batch=" + std::to_string(60 / W)});
  SimCluster whole(W, small_config(settings));
  whole.run();
  const ModelOnDisk half(trained(W, with(settings, {"run.steps=12"})));
  SimCluster rest(W, small_config(with(settings, {half.setting(), "run.start_step=12"})));
  rest.run();
  BOOST_TEST(rest[0].reason() == "done");
  BOOST_TEST(rest[0].end->steps == 24);
  BOOST_TEST(rest[0].end->start_step == 12);
  BOOST_TEST(rest[0].rounds.size() < whole[0].rounds.size());
  BOOST_TEST(rest[0].rounds.back().step == 24);
  BOOST_TEST(rest[0].final_model == whole[0].final_model);
  BOOST_TEST(*rest[0].end->baseline_bytes_per_device ==
             *whole[0].end->baseline_bytes_per_device / 2);
}

// Fine-tuning: step sizes and schedule begin anew.
// What it begins with is good enough already, but a run leaves a model of its own.
BOOST_AUTO_TEST_CASE(a_target_is_not_met_before_the_first_round) {
  const ModelOnDisk model(kTwelve);
  SimCluster cluster(2, small_config({model.setting(), "run.start_step=20", "run.steps=60",
                                      "run.target_loss=1000"}));
  cluster.run();
  BOOST_TEST(cluster[0].reason() == "done: run.target_loss = 1000 reached");
  BOOST_TEST(cluster[0].end->rounds == 1);
  BOOST_TEST(cluster[0].end->steps == 24);
  BOOST_TEST(!cluster[0].final_model.empty());
}

BOOST_AUTO_TEST_CASE(without_a_start_step_it_begins_at_0) {
  const auto settings = with(kPlans[1].settings, {"run.steps=12"});
  const ModelOnDisk model(trained(2, settings));
  SimCluster tuned(2, small_config(with(settings, {model.setting()})));
  tuned.run();
  SimCluster fresh(2, small_config(settings));
  fresh.run();
  BOOST_TEST(tuned[0].end->start_step == 0);
  BOOST_TEST_REQUIRE(tuned[0].rounds.size() == fresh[0].rounds.size());
  for (std::size_t i = 0; i < fresh[0].rounds.size(); ++i) {
    BOOST_TEST(tuned[0].rounds[i].h == fresh[0].rounds[i].h);
  }
}

// A model may know labels that these data do not have, and columns that no row of theirs uses.
BOOST_AUTO_TEST_CASE(the_models_labels_and_features_hold) {
  const ModelOnDisk model(std::vector<float>(5 * 13, 0.5F), {{"objective", "softmax"},
                                                             {"features", "13"},
                                                             {"bias", "false"},
                                                             {"classes", "5"},
                                                             {"labels", "[-1,0,1,2,3]"}});
  SimCluster refused(2, small_config({"model.kind=\"softmax\"", model.setting()}));
  refused.run();
  BOOST_TEST(refused[0].code() == 4);  // no softmax has such labels
  const ModelOnDisk wider(std::vector<float>(2 * 13, 0.5F), {{"objective", "softmax"},
                                                             {"features", "13"},
                                                             {"bias", "false"},
                                                             {"classes", "2"},
                                                             {"labels", "[-1,1]"}});
  SimCluster cluster(2, small_config({"model.kind=\"softmax\"", wider.setting()}));
  cluster.run();
  BOOST_TEST(cluster[0].reason() == "done");
  BOOST_TEST(cluster[0].start->features == 13U);
  BOOST_TEST(cluster[1].final_model.size() == 26U);
}

BOOST_AUTO_TEST_CASE(classes_may_be_more_than_the_datas) {
  const ModelOnDisk model(std::vector<float>(6 * 6, 0.5F), {{"objective", "softmax"},
                                                            {"features", "6"},
                                                            {"bias", "false"},
                                                            {"classes", "6"},
                                                            {"labels", "[0,1,2,3,4,9]"}});
  SimCluster cluster(
      2, small_config({"model.kind=\"softmax\"", model.setting(), "data.train=\"/data/dense\""}));
  cluster.run();
  BOOST_TEST(cluster[1].reason() == "done");
  BOOST_TEST((cluster[1].start->labels == std::vector<float>{0, 1, 2, 3, 4, 9}));
  BOOST_TEST(cluster[1].final_model.size() == 36U);
}

// Its own scale, not one of these data.
BOOST_AUTO_TEST_CASE(the_models_scale_is_kept_on_every_device) {
  const model::Scale scale{std::vector<float>(12, 0.0F), std::vector<float>(12, 0.25F)};
  const ModelOnDisk model(kTwelve, logistic_of_twelve(), scale);
  SimCluster cluster(3, small_config({model.setting()}));
  cluster.run();
  for (std::size_t r = 0; r < 3; ++r) {
    BOOST_TEST(cluster[r].reason() == "done");
    BOOST_TEST_REQUIRE((cluster[r].start->scale != nullptr));
    BOOST_TEST((*cluster[r].start->scale == scale));
  }
}

BOOST_AUTO_TEST_CASE(a_scale_that_shifts_does_not_go_with_sparse_rows) {
  const model::Scale scale{std::vector<float>(12, 1.0F), std::vector<float>(12, 0.25F)};
  const ModelOnDisk model(kTwelve, logistic_of_twelve(), scale);
  SimCluster cluster(1, small_config({model.setting()}));
  cluster.run();
  BOOST_TEST(cluster[0].code() == 4);
  BOOST_TEST(cluster[0].reason().starts_with("the model of model.init was trained on dense rows"));
}

BOOST_AUTO_TEST_CASE(a_missing_file_ends_the_run_before_anyone_waits) {
  SimCluster cluster(2, small_config({"model.init=\"/none/m.safetensors\""}));
  cluster.run();
  BOOST_TEST(cluster[0].code() == 4);
  BOOST_TEST(
      cluster[0].reason() ==
      "/none/m.safetensors: there is no such file; name another model file, or copy it again");
  BOOST_TEST(cluster.lobby.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
