/// Many trials, each with its best step size, side by side.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "runtime/step_tuning.hpp"

namespace annulet::runtime {

/// One entry of an experiment's table.
struct Cell {
  std::string name;  // no other cell's
  Trial trial;
  Tuning tuning{};
};

/// What was found, by the cells' names; none where a cell's target was not reached.
using Measurements = std::map<std::string, std::optional<Tuned>>;

/// A cell begins, or is done.
struct CellProgress {
  std::size_t done, all;
  const std::string& name;
  bool begins;
};

/// Told of it by one thread at a time.
using ShowProgress = std::function<void(const CellProgress& now)>;

/// Measures every cell. The numbers do not depend on the number of threads. Told to stop it ends
/// soon, with numbers of no meaning.
[[nodiscard]] Measurements measure(const PaperProblem& problem, const std::vector<Cell>& cells,
                                   std::size_t threads, const ShowProgress& show,
                                   const std::stop_token& stop = {});
/// How many devices are in memory at a time, at most.
[[nodiscard]] std::size_t most_devices(const std::vector<Cell>& cells, std::size_t threads);

}  // namespace annulet::runtime
