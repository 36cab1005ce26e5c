/// A cell to a thread.
#include "runtime/experiment.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <numeric>
#include <utility>

#include "runtime/in_parallel.hpp"

namespace annulet::runtime {

Measurements measure(const PaperProblem& problem, const std::vector<Cell>& cells,
                     std::size_t threads, const ShowProgress& show, const std::stop_token& stop) {
  Measurements found;
  std::mutex mutex;
  const auto tell = [&](const Cell& cell, bool begins) {
    if (show) show({found.size(), cells.size(), cell.name, begins});
  };
  in_parallel(threads, cells.size(), [&](std::size_t i) {
    if (stop.stop_requested()) return;
    {
      const std::lock_guard lock(mutex);
      tell(cells[i], true);
    }
    auto tuning = cells[i].tuning;
    tuning.stop = stop;
    auto best = tune(problem, cells[i].trial, tuning);
    const std::lock_guard lock(mutex);
    found[cells[i].name] = std::move(best);
    tell(cells[i], false);
  });
  return found;
}

std::size_t most_devices(const std::vector<Cell>& cells, std::size_t threads) {
  std::vector<std::size_t> devices(cells.size());
  std::ranges::transform(cells, devices.begin(),
                         [](const Cell& cell) { return cell.trial.devices; });
  std::ranges::sort(devices, std::greater());
  devices.resize(std::min(devices.size(), threads));
  return std::accumulate(devices.begin(), devices.end(), std::size_t{0});
}

}  // namespace annulet::runtime
