/// A ring that is only measured: no data, no training, the same rendezvous, watch and end.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "runtime/ring_measurement.hpp"
#include "runtime/session.hpp"
#include "runtime/text.hpp"

namespace annulet::runtime {

/// A vector, and what a sum keeps beside it.
void Session::check_measured_sizes() const {
  const auto most = *std::ranges::max_element(config_.measure->bytes);
  if (machine_.memory_bytes == 0 || most <= machine_.memory_bytes / 2) return;
  throw model::DataError(ErrorCode::out_of_memory,
                         options_.name + " has " +
                             bytes_text(static_cast<double>(machine_.memory_bytes)) +
                             " of memory, too little to add up " +
                             bytes_text(static_cast<double>(most)) + ": ask for smaller sums.");
}

/// In place of a training.
asio::awaitable<void> Session::measure(transport::Membership& membership) {
  std::vector<std::string> names;
  for (const auto& member : view_.members) names.push_back(member.name);
  membership.set_progress([this] {
    const auto traffic = ring_->traffic();
    return transport::Heartbeat{0, ring_->busy(), traffic.sent() + traffic.received()};
  });
  RingMeasurement measurement({.clock = machine_.clock,
                               .ring = *ring_,
                               .measure = *config_.measure,
                               .may_mesh = config_.exchange == Exchange::automatic,
                               .epoch = view_.epoch,
                               .observer = observer_,
                               .stop = [this] { return stop_.requested(); },
                               .add_mesh = [&] { return add_mesh(membership); }},
                              std::move(names));
  const auto end = co_await measurement.run();
  result_.measured = view_.members.size();
  settle(end);
}

}  // namespace annulet::runtime
