/// A cell to a thread.
#include "runtime/experiment.hpp"

#include <mutex>
#include <utility>

#include "runtime/in_parallel.hpp"

namespace annulet::runtime {

Measurements measure(const PaperProblem& problem, const std::vector<Cell>& cells,
                     std::size_t threads, const ShowProgress& show) {
  Measurements found;
  std::mutex mutex;
  const auto tell = [&](const Cell& cell, bool begins) {
    if (show) show({found.size(), cells.size(), cell.name, begins});
  };
  in_parallel(threads, cells.size(), [&](std::size_t i) {
    {
      const std::lock_guard lock(mutex);
      tell(cells[i], true);
    }
    auto best = tune(problem, cells[i].trial, cells[i].tuning);
    const std::lock_guard lock(mutex);
    found[cells[i].name] = std::move(best);
    tell(cells[i], false);
  });
  return found;
}

}  // namespace annulet::runtime
