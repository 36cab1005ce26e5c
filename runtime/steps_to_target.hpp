/// T(eps): how many steps a device takes until the run is within eps of the least value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "model/step_size.hpp"
#include "runtime/memory_ring.hpp"
#include "runtime/paper_problem.hpp"
#include "runtime/run_config.hpp"

namespace annulet::runtime {

/// Those of the iterates that may reach a target in the place of the last one.
inline constexpr std::array kTargetAverages{model::AverageKind::uniform, model::AverageKind::linear,
                                            model::AverageKind::quadratic};

/// What is tried, with a step size and a seed to come.
struct Trial {
  RunConfig config;  // run.steps, run.seed, model, data.features and train.lr are put in
  std::size_t devices = 8;
  bool one_shot = false;     // H = T: no average before the end
  double target = 0.005;     // eps
  double average_shift = 1;  // a of the linear and the quadratic average
  double drop = 0;
  const transport::Codec* models_as = nullptr;  // as in MemoryRingInputs
  bool plain_mean = false;                      // likewise
  // Of each device, in ring order, in seconds of virtual time; empty: 1 each.
  std::vector<double> step_seconds{};
  // How large the devices' shares of the rows are, to each other; empty: as config.data says.
  std::vector<std::size_t> sizes{};
};

/// The settings of the paper's experiment: B = 4, independent draws from all rows, H local steps.
[[nodiscard]] Trial paper_trial(std::size_t devices, model::Step h);

/// One run of a trial.
struct Draw {
  model::StepSizeOptions lr;
  std::uint64_t seed = 1;
  model::Step most = 100'000;  // T at which it is given up
  std::stop_token stop{};      // so does this, as if at `most`
};

struct Reached {
  std::optional<model::Step> steps;  // T; none: not within `most`, or it diverged
  std::int64_t rounds = 0;
  double seconds = 0;  // of computing, of the slowest device of each round
  double gap = 0;      // the least f - f* that was seen
};

/// The ring of one run: it keeps kTargetAverages.
[[nodiscard]] MemoryRingInputs ring_inputs(const PaperProblem& problem, const Trial& trial,
                                           const Draw& draw);

/// T is the first step of a grid at which the last iterate, or the uniform, linear or quadratic
/// average of all iterates, is within eps of f*. The grid holds averages of the devices only, and
/// grows by 10 % while f - f* > 4 eps, by 5 % while > 1.5 eps, then by 2 %. The same each time.
/// Source: Stich 2019, section 4, for the four candidates.
[[nodiscard]] Reached steps_to_target(const PaperProblem& problem, const Trial& trial,
                                      const Draw& draw);

}  // namespace annulet::runtime
