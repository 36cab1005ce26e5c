/// Model files that do not go with the run file or the data of a run that is to begin with them.
#include <ostream>
#include <string>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/model_on_disk.hpp"
#include "tests/support/sim_cluster.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(initial_model_misfits)

namespace {

namespace data = boost::unit_test::data;
using Settings = std::vector<std::string>;

struct Misfit {
  runtime::ModelMetadata metadata;  // over logistic_of_twelve()
  std::size_t d;
  Settings settings;
  int code;
  std::string reason;  // INIT stands for the path
};
std::ostream& operator<<(std::ostream& out, const Misfit& one) { return out << one.reason; }

const runtime::ModelMetadata kNetwork = {
    {"objective", "mlp"}, {"layers", "[3]"}, {"activation", "tanh"}, {"loss", "softmax"}};

const std::vector<Misfit> kMisfits = {
    {{},
     12,
     {"model.kind=\"softmax\""},
     3,
     "model.init INIT is a model of logistic, but model.kind is softmax: set model.kind = "
     "\"logistic\", or name another file"},
    {{},
     12,
     {"model.bias=true"},
     3,
     "model.init INIT was trained with model.bias = false, the run file has model.bias = true: "
     "set it as it was, or name another file"},
    {kNetwork,
     47,
     {"model.kind=\"mlp\"", "model.layers=[4]"},
     3,
     "model.init INIT was trained with model.layers = [3], the run file has model.layers = [4]: "
     "set it as it was, or name another file"},
    {kNetwork,
     47,
     {"model.kind=\"mlp\"", "model.layers=[3]", "model.activation=\"relu\""},
     3,
     "model.init INIT was trained with model.activation = \"tanh\", the run file has "
     "model.activation = \"relu\": set it as it was, or name another file"},
    {kNetwork,
     47,
     {"model.kind=\"mlp\"", "model.layers=[3]", "model.loss=\"squared\""},
     3,
     "model.init INIT was trained with model.loss = \"softmax\", the run file has "
     "model.loss = \"squared\": set it as it was, or name another file"},
    {{{"class_words", R"(["good","bad"])"}, {"labels", "[0,1]"}},
     12,
     {R"(data.classes=["bad", "good"])"},
     3,
     R"(model.init INIT knows the classes as ["good", "bad"], data.classes is ["bad", "good"]: )"
     "set it as it was, or name another file"},
    {{},
     12,
     {"data.features=13"},
     3,
     "model.init INIT has 12 features, but data.features is 13: leave data.features out, or name "
     "another file"},
    {{},
     12,
     {"data.scale=\"standard\""},
     3,
     "model.init INIT was trained without data.scale: leave data.scale out, or name another file"},
    {{{"features", "11"}},
     11,
     {},
     4,
     "device-0 has 12 features, the model of model.init 11: name a model of data like these."},
    {{{"labels", "[0,1]"}},
     12,
     {},
     4,
     "device-0 has the label -1, which the model of model.init does not know; it knows 0, 1."},
    {{{"features", "11"}},
     12,
     {},
     4,
     "INIT: is damaged: logistic with 11 features, 2 classes, has 11 parameters, the file 12; name "
     "another model file, or copy it again"},
};

}  // namespace

BOOST_DATA_TEST_CASE(what_does_not_fit_is_one_line, data::make(kMisfits), misfit) {
  auto metadata = logistic_of_twelve();
  for (const auto& [key, value] : misfit.metadata) metadata[key] = value;
  const ModelOnDisk model(std::vector<float>(misfit.d, 0.5F), metadata);
  SimCluster cluster(1, small_config(with(misfit.settings, {model.setting()})));
  cluster.run();
  auto reason = misfit.reason;
  if (const auto at = reason.find("INIT"); at != reason.npos) {
    reason.replace(at, 4, model.path().string());
  }
  BOOST_TEST(cluster[0].reason() == reason);
  BOOST_TEST(cluster[0].code() == misfit.code);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
