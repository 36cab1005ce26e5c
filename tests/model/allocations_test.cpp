/// Steps of every model take no memory once the first ones were taken.
#include <string>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "model/solver.hpp"
#include "tests/model/samples.hpp"
#include "tests/support/counted_allocations.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(allocations)

namespace {

namespace data = boost::unit_test::data;
using model::LabelUse;
using model::ObjectiveOptions;
using model::Sampling;

struct Sample {
  std::string name;
  ObjectiveOptions options;
  model::Shard shard;
};

std::ostream& operator<<(std::ostream& out, const Sample& sample) { return out << sample.name; }

ObjectiveOptions network(std::size_t features, std::size_t classes, model::Loss loss) {
  return {.kind = "mlp",
          .features = features,
          .classes = classes,
          .l2 = 0.01,
          .layers = {5, 3},
          .loss = loss};
}

std::vector<Sample> samples() {
  const auto two = whole(sparse_sample(), LabelUse::binary);
  const auto dense_two = whole(made_dense(*sparse_sample()), LabelUse::binary);
  const auto values = whole(value_sample(), LabelUse::values);
  const auto dense_values = whole(made_dense(*value_sample()), LabelUse::values);
  const auto classes = whole(sparse_sample(), LabelUse::classes);
  const auto four = whole(dense_sample(), LabelUse::classes);
  return {{"logistic, sparse", {"logistic", 12, 2, 0.01, true}, two},
          {"logistic, dense", {"logistic", 12, 2, 0.01, true}, dense_two},
          {"linear, sparse", {"linear", 12, 2, 0.01, true}, values},
          {"linear, dense", {"linear", 12, 2, 0.01, true}, dense_values},
          {"softmax, sparse", {"softmax", 12, 2, 0.01, true}, classes},
          {"softmax, dense", {"softmax", 6, 4, 0.01, true}, four},
          {"mlp, sparse", network(12, 2, model::Loss::softmax), classes},
          {"mlp, dense", network(6, 4, model::Loss::softmax), four},
          {"mlp, values", network(12, 2, model::Loss::squared), dense_values},
          {"quadratic", {"quadratic", 12, 2, 0.01, false}, two}};
}

}  // namespace

// By operator new: matrix products as small as these take their work space from the stack.
BOOST_DATA_TEST_CASE(steps_take_no_memory_after_the_first,
                     data::make(samples()) * data::make({"replacement", "shuffle", "cyclic"}),
                     sample, name) {
  const std::string drawn = name;
  const auto sampling = drawn == "shuffle"  ? Sampling::shuffle
                        : drawn == "cyclic" ? Sampling::cyclic
                                            : Sampling::replacement;
  const auto objective = model::make_objective<float>(sample.options);
  const auto solver = model::make_solver<float>(sample.options, {*objective, sample.shard},
                                                {sampling, sample.shard.size(), 8, 1});
  const auto eta = model::make_step_size({}, {});  // 0.1
  std::vector<float> x(objective->dimension(), 0.125F), correction(x.size(), 1e-3F);
  std::vector<model::IterateAverage> averages{{.weights = {model::AverageKind::quadratic, 1}}};
  for (const bool more : {false, true}) {
    model::StepExtras<float> extras;
    if (more) extras = {correction, averages};
    solver->take_steps(x, 0, 1, *eta, extras, {});
    const auto before = allocated_bytes();
    for (model::Step t = 1; t < 33; t += 4) solver->take_steps(x, t, 4, *eta, extras, {});
    const auto taken = allocated_bytes() - before;  // the check itself takes some
    BOOST_TEST(taken == 0U);
  }
  // It counts what it claims to.
  const auto before = allocated_bytes();
  const std::vector<float> other(x);
  BOOST_TEST(allocated_bytes() - before >= sizeof(float) * other.size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
