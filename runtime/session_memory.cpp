/// run.max_memory: before anything of the model's size is made, all devices learn what each needs.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/gather.hpp"
#include "runtime/local_sgd.hpp"
#include "runtime/memory_check.hpp"
#include "runtime/objective_options.hpp"
#include "runtime/resume.hpp"
#include "runtime/session.hpp"

namespace annulet::runtime {
namespace {

/// Of what a device says; nonsense is more than anybody has.
std::uint64_t bytes_of(double said) {
  constexpr double kMost = 1e15;
  return static_cast<std::uint64_t>(said >= 0 && said <= kMost ? said : kMost);
}

}  // namespace

/// d, from what the run file and the view say.
std::uint64_t Session::dimension() const {
  const auto options =
      objective_options(config_.model, {view_.features, view_.labels.size(), view_.rows});
  return model::dimension(options, machine_.catalogue);
}

/// They end together, with the same sentence, where one of them needs too much.
asio::awaitable<void> Session::check_memory() {
  auto size = model_size(config_, dimension());
  size.checkpointed = size.checkpointed && machine_.checkpoints.has_value();
  const transport::Operation operation{view_.epoch, 0, 0, false};
  std::vector<double> mine{static_cast<double>(memory_bytes(size)),
                           static_cast<double>(data_.bytes())};
  const auto all =
      co_await gather(*ring_, operation, std::move(mine), machine_.clock.now() + kSumLimit);
  std::vector<MemoryNeed> needs;
  std::vector<std::string> names;
  for (std::size_t w = 0; w < all.size(); ++w) {
    needs.push_back({bytes_of(all[w][0]), bytes_of(all[w][1])});
    names.push_back(view_.members[w].name);
  }
  const auto reason = limit_refusal(needs, names, size, *config_.run.max_memory);
  if (!reason.empty()) throw AgreedRefusal(ErrorCode::out_of_memory, reason);
}

}  // namespace annulet::runtime
