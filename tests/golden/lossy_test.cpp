/// Drift correction with a lossy codec, in double: what must sum to 0 does.
#include <algorithm>
#include <vector>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "model/solver.hpp"
#include "runtime/control_variates.hpp"
#include "runtime/effort.hpp"
#include "tests/golden/known_problems.hpp"
#include "tests/support/exact_codec.hpp"

namespace annulet::tests {
BOOST_AUTO_TEST_SUITE(lossy)

namespace {

using model::Step;

constexpr std::size_t kWorkers = 4;
constexpr Step kH = 16, kT = 320;

struct Device {
  model::Shard shard;
  std::unique_ptr<model::LocalSolver<double>> solver;
  std::vector<double> v, change;
  double share = 0;
  runtime::Effort effort;
};

/// Shards in the order of the sample's rows, of unlike sizes.
std::vector<Device> make_devices(const std::shared_ptr<const model::Dataset>& data,
                                 const model::ObjectiveOptions& options,
                                 const model::Objective<double>& objective) {
  const std::size_t n = data->rows();
  const std::vector<std::size_t> bounds{0, n / 2, 3 * n / 4, 7 * n / 8, n};
  std::vector<Device> devices(kWorkers);
  for (std::size_t w = 0; w < kWorkers; ++w) {
    auto& device = devices[w];
    device.shard = shard_of(data, model::LabelUse::binary, bounds[w], bounds[w + 1]);
    const model::Sampler sampler(model::Sampling::cyclic, device.shard.size(), 4, 0);
    device.solver = model::make_solver<double>(options, {objective, device.shard}, sampler);
    device.v.resize(objective.dimension());
    device.share = static_cast<double>(bounds[w + 1] - bounds[w]) / static_cast<double>(n);
  }
  return devices;
}

/// What the rule leaves out when it is broken.
enum class Counted { residuals, changes_alone };

using Vectors = std::vector<std::vector<double>>;

/// The local steps of a round; returns what each device puts into the sum. Device 3 takes half.
Vectors take_steps(std::vector<Device>& devices, const std::vector<double>& x, Step t,
                   const model::StepSize& eta) {
  double full_eta = 0;
  for (Step s = t; s < t + kH; ++s) full_eta += eta(s);
  Vectors parts;
  for (std::size_t w = 0; w < devices.size(); ++w) {
    auto& device = devices[w];
    device.change = x;
    const Step own = w == 3 ? kH / 2 : kH;
    const auto report = device.solver->take_steps(device.change, t, own, eta, {device.v, {}}, {});
    device.effort = {device.share, report.sum_eta, full_eta, true};
    auto& part = parts.emplace_back(x.size());
    for (std::size_t j = 0; j < x.size(); ++j) {
      device.change[j] -= x[j];
      part[j] = weight_of(device.effort) * device.change[j];
    }
  }
  return parts;
}

/// Corrects V of all; returns the largest entry of sum_w p_w V_w.
double correct_all(std::vector<Device>& devices, const std::vector<double>& sum,
                   const Vectors& before, const Vectors& after, Counted counted) {
  std::vector<double> sum_v(sum.size());
  for (std::size_t w = 0; w < devices.size(); ++w) {
    auto& device = devices[w];
    const auto& effort = device.effort;
    if (counted == Counted::residuals) {
      runtime::count_residual<double>(device.change, before[w], after[w], weight_of(effort));
    }
    runtime::correct<double>(device.v, sum, device.change, {effort.full_eta, part_of(effort)});
    for (std::size_t j = 0; j < sum.size(); ++j) sum_v[j] += device.share * device.v[j];
  }
  return largest_difference(sum_v, std::vector<double>(sum_v.size()));
}

/// The largest entry of sum_w p_w V_w after any round.
double largest_sum(double most, const model::StepSize& eta, Counted counted) {
  const auto options = logistic(12, 1.0 / 60);
  const auto objective = model::make_objective<double>(options);
  auto devices = make_devices(sparse_sample(), options, *objective);
  std::vector<double> x(objective->dimension());
  Vectors residuals(kWorkers, x);
  double largest = 0;
  for (Step t = 0; t < kT; t += kH) {
    const auto parts = take_steps(devices, x, t, eta);
    const auto before = residuals;
    const auto sum = exact_lossy_sum(most, parts, residuals);
    largest = std::max(largest, correct_all(devices, sum, before, residuals, counted));
    runtime::LeftOut left_out;
    for (const auto& device : devices) left_out.effort += runtime::left_out(device.effort).effort;
    const double factor = runtime::normalised(left_out).average;
    for (std::size_t j = 0; j < x.size(); ++j) x[j] += factor * sum[j];
  }
  return largest;
}

}  // namespace

BOOST_DATA_TEST_CASE(corrections_sum_to_0_with_a_codec_and_unequal_decaying_steps,
                     boost::unit_test::data::make({127.0, 7.0}), most) {
  BOOST_TEST(largest_sum(most, *constant(0.5), Counted::residuals) < 1e-10);
  BOOST_TEST(largest_sum(most, *inverse(1, 40), Counted::residuals) < 1e-10);
  // Without the residuals what the codec keeps back would be counted as averaged.
  BOOST_TEST(largest_sum(most, *constant(0.5), Counted::changes_alone) > 1e-5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace annulet::tests
