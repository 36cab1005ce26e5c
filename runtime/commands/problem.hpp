/// What a run file minimises over all its rows: for commands that train nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "model/catalogue.hpp"
#include "model/dataset.hpp"
#include "model/objective.hpp"
#include "model/shard.hpp"
#include "runtime/run_config.hpp"

namespace annulet::runtime {

/// A run file's objective over all rows, as one device alone would have it.
struct Problem {
  const model::CatalogueEntry& entry;
  model::Shard rows;
  model::ObjectiveOptions objective;
  std::uint64_t data_bytes = 0;  // that the rows take in memory
};

/// Told of the number of parameters and of the rows as they were read, before anything of the
/// model's size is made: may throw.
using CheckSize = std::function<void(std::uint64_t parameters, const model::Dataset& rows)>;

/// own: other data than the run file's, a file or a folder with an IDX pair; "": none. Throws what
/// a run on one device would throw.
[[nodiscard]] Problem read_problem(RunConfig config, const std::string& own,
                                   const CheckSize& check);

/// L of the problem's objective, which has one (curvature_factor() >= 0), over all its rows.
/// Meaningless when told to stop.
[[nodiscard]] double smoothness_of(const Problem& problem, const model::Objective<float>& objective,
                                   const std::stop_token& stop);

}  // namespace annulet::runtime
