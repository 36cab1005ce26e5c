/// x-bar over a ring, against numbers worked out by hand.
#include "runtime/averaged_model.hpp"

#include <boost/test/unit_test.hpp>

#include "devices/processor.hpp"
#include "tests/support/sim_rings.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(averaged_model)

namespace {

using model::AverageKind;
using model::IterateAverage;
using runtime::AveragedModelInputs;
using runtime::RunSection;

constexpr devices::TimePoint kNever{std::chrono::hours(1)};

struct Device {
  double share = 1;
  std::vector<double> mean;  // m_w
};

/// x-bar on each of the devices, which all have the model x.
std::vector<std::vector<float>> averaged(SimRings& rings, const std::vector<float>& x,
                                         const std::vector<Device>& devices) {
  std::vector<std::vector<float>> out(devices.size());
  rings.on_all([&](std::size_t rank, transport::Ring& ring) -> asio::awaitable<void> {
    devices::VirtualProcessor processor(rings.world(), 1);
    const IterateAverage average{.weights = {}, .total = 1, .mean = devices[rank].mean};
    const AveragedModelInputs inputs{processor, ring, x, average, devices[rank].share};
    const transport::Operation operation{1, 1, 42, false};
    out[rank] = co_await runtime::averaged_model(inputs, operation, kNever);
  });
  return out;
}

std::unique_ptr<model::StepSize> paper(double a) {
  model::StepSizeOptions options;
  options.kind = model::StepSizeKind::paper;
  options.mu = 0.1;
  options.a = a;
  return model::make_step_size(options, {});
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_devices_averages_count_by_their_shares) {
  SimRings rings(3);
  const std::vector<Device> devices{{0.5, {1, 8}}, {0.25, {2, 0}}, {0.25, {4, 4}}};
  for (const auto& x : averaged(rings, {1, 2}, devices)) {
    BOOST_TEST(x == (std::vector<float>{2, 5}), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_device_that_has_taken_no_step_counts_as_where_it_is) {
  SimRings rings(2);
  for (const auto& x : averaged(rings, {1, 2}, {{0.5, {3, 8}}, {0.5, {}}})) {
    BOOST_TEST(x == (std::vector<float>{2, 5}), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(one_device_alone_has_its_own) {
  SimRings rings(1);
  BOOST_TEST(averaged(rings, {1, 2}, {{1, {1.5, -3}}})[0] == (std::vector<float>{1.5, -3}),
             boost::test_tools::per_element());
}

// Their mean is 1000.1667, nearest to the float 1000.16669. The p_w m_w, rounded one by one, would
// add up to the float below.
BOOST_AUTO_TEST_CASE(what_travels_is_small_near_x) {
  SimRings rings(3);
  const std::vector<Device> devices{{1 / 3.0, {1000.3}}, {1 / 3.0, {1000.2}}, {1 / 3.0, {1000}}};
  for (const auto& x : averaged(rings, {1000.1F}, devices)) BOOST_TEST(x[0] == 1000.16669F);
}

BOOST_AUTO_TEST_CASE(weights_are_as_the_run_file_says) {
  RunSection run;
  const auto eta = paper(9);
  BOOST_TEST(!runtime::average_weights(run, *eta).has_value());
  run.output = AverageKind::quadratic;
  BOOST_TEST((*runtime::average_weights(run, *eta))(2) == 9);
  run.average_shift = 3;
  BOOST_TEST((*runtime::average_weights(run, *eta))(2) == 25);
  run.average_shift = std::nullopt;
  BOOST_TEST((*runtime::average_weights(run, *eta))(2) == 121);
  run.output = AverageKind::linear;
  BOOST_TEST((*runtime::average_weights(run, *eta))(2) == 11);
  const auto constant = model::make_step_size({}, {});
  BOOST_CHECK_THROW(static_cast<void>(runtime::average_weights(run, *constant)),
                    runtime::ConfigError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
