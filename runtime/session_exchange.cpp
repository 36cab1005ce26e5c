/// net.exchange = "auto": the starter tries the ring out, and decides for all whether a mesh is
/// faster.
#include <cstddef>
#include <memory>
#include <utility>

#include "devices/side_by_side.hpp"
#include "runtime/facts.hpp"
#include "runtime/local_sgd.hpp"
#include "runtime/session.hpp"
#include "transport/hop_trial.hpp"
#include "transport/ring_bytes.hpp"

namespace annulet::runtime {

/// After it all devices take the same way.
asio::awaitable<void> Session::choose_exchange(transport::Membership& membership) {
  const std::size_t W = view_.members.size();
  const bool wanted = config_.exchange == Exchange::automatic && W > 1 &&
                      config_.compress == transport::Compress::none;
  if (!wanted) co_return;
  // With the longest tail: all rounds go the same way.
  const auto bytes = (dimension() + fact_count(Tail::timed, W)) * sizeof(float);
  const transport::Operation operation{view_.epoch, 0, 0, false};
  const auto limit = machine_.clock.now() + kSumLimit;
  const auto hop = co_await transport::measure_hop(*ring_, machine_.clock, operation, limit);
  const bool is_faster = transport::is_mesh_faster(W, bytes, hop);
  if (!co_await transport::word_of_first(*ring_, operation, is_faster, limit)) co_return;
  co_await add_mesh(membership);
}

asio::awaitable<void> Session::add_mesh(transport::Membership& membership) {
  others_.resize(view_.members.size());
  co_await devices::with_deadline(machine_.clock, machine_.clock.now() + config_.peer_timeout,
                                  membership.connect_strangers(view_, others_));
  for (const auto& link : others_) use_congestion(link.get());
  ring_->add_mesh(std::exchange(others_, {}));
}

}  // namespace annulet::runtime
