/// Files whose columns have other names: of a device, of the test set, of the model to begin with.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "runtime/model_file.hpp"
#include "tests/support/sim_cluster.hpp"
#include "tests/support/temporary_folder.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(columns)

namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

const Names kNames = {"a", "b", "c", "d", "e", "f"};
const Names kSwapped = {"b", "a", "c", "d", "e", "f"};

/// Three rows under these names "on disk".
model::DataPath file(SimCluster& ring, const std::string& name, const Names& columns) {
  auto set = model::Dataset::dense(std::vector<float>(18, 1.0F), {0, 1, 2}, 6);
  set.set_origin({.format = model::DataFormat::csv, .label_name = "y", .columns = columns});
  model::DataPath path;
  path.file = "/data/" + name;
  ring.data.put(path, std::move(set));
  return path;
}

/// All bring data of their own, or the run file's, which has no names.
SimCluster softmax(const std::vector<std::string>& more = {}) {
  std::vector<std::string> settings{"model.kind=\"softmax\"", "data.train=\"/data/dense\""};
  settings.insert(settings.end(), more.begin(), more.end());
  return SimCluster(small_config(settings));
}

runtime::StartOptions for_devices(std::size_t devices) {
  runtime::StartOptions options;
  options.devices = devices;
  options.wait = 10min;
  return options;
}

}  // namespace

// data.label = 2 was an output on one device and a column on another.
BOOST_AUTO_TEST_CASE(a_number_counts_the_same_on_all_devices) {
  auto ring = softmax({"data.label=2"});
  const auto in_format = [&](const std::string& name, model::DataFormat format) {
    auto set = model::Dataset::dense(std::vector<float>(18, 1.0F), {0, 1, 2}, 6);
    set.set_origin({.format = format});
    model::DataPath path;
    path.file = "/data/" + name;
    path.label.number = 2;
    ring.data.put(path, std::move(set));
    return path;
  };
  ring.start({.name = "desk", .own_data = in_format("a", model::DataFormat::fann)}, for_devices(2));
  ring.join({.name = "pi-1", .own_data = in_format("b", model::DataFormat::csv)});
  ring.join({.name = "pi-2", .own_data = in_format("c", model::DataFormat::fann), .after = 10ms});
  ring.run();
  BOOST_TEST(ring[1].code() == 4);
  BOOST_TEST(ring[1].reason() ==
             "the number that data.label gives would be a column of pi-1's CSV file and an output "
             "of desk's FANN text: use one format on all devices.");
  for (const std::size_t other : {0U, 2U}) BOOST_TEST(ring[other].reason() == "done");
}

BOOST_AUTO_TEST_CASE(a_device_with_other_names_is_refused_and_the_others_go_on) {
  auto ring = softmax();
  ring.start({.name = "desk"}, for_devices(3));
  ring.join({.name = "pi-1", .own_data = file(ring, "a", kNames)});
  ring.join({.name = "pi-2", .own_data = file(ring, "b", kSwapped), .after = 10ms});
  ring.join({.name = "pi-3", .own_data = file(ring, "c", kNames), .after = 20ms});
  ring.run();
  BOOST_TEST(ring[2].code() == 4);
  BOOST_TEST(
      ring[2].reason() ==
      "pi-2 names its columns otherwise, or in another order, than pi-1: give both files the "
      "same columns, by the same names, in one order.");
  for (const std::size_t other : {0U, 1U, 3U}) BOOST_TEST(ring[other].reason() == "done");
  BOOST_TEST(ring[0].start->columns == Names{});
  BOOST_TEST(ring[3].start->columns == kNames);
}

BOOST_AUTO_TEST_CASE(a_test_set_with_other_names_is_refused) {
  auto ring = softmax({"data.test=\"/data/test\""});
  static_cast<void>(file(ring, "test", kSwapped));
  ring.start({.name = "desk", .own_data = file(ring, "a", kNames)}, for_devices(1));
  ring.run();
  BOOST_TEST(ring[0].code() == 4);
  BOOST_TEST(
      ring[0].reason() ==
      "data.test, /data/test: column 1 is \"b\", the training data have \"a\" there: give both "
      "the same columns in the same order.");
}

BOOST_AUTO_TEST_CASE(a_model_to_begin_with_was_trained_on_the_same_columns) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "m.safetensors";
  runtime::write_model_file(path, std::vector<float>(18, 0.5F),
                            {{"objective", "softmax"},
                             {"features", "6"},
                             {"bias", "false"},
                             {"classes", "3"},
                             {"labels", "[0,1,2]"},
                             {"columns", R"(["a","b","c","d","e","f"])"}});
  for (const auto& names : {kNames, kSwapped, Names{}}) {
    auto ring = softmax({"model.init=\"" + path.string() + "\""});
    ring.start({.name = "desk", .own_data = file(ring, "a", names)}, for_devices(1));
    ring.run();
    BOOST_TEST(
        ring[0].reason() ==
        (names == kSwapped
             ? "The data do not fit the model of model.init: column 1 is \"b\", the model was "
               "trained with \"a\" there: give its columns in their order, or name another "
               "model."
             : "done"));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
