/// Somebody on the simulated LAN who speaks the protocol by hand: well, badly, or not at all.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>

#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "transport/link.hpp"
#include "transport/messages.hpp"
#include "transport/sim_network.hpp"

namespace annulet::tests {

/// Acts in the world like a device; what it throws only ends that act. It must outlive the run.
class Stranger {
 public:
  Stranger(devices::World& world, transport::SimNetwork& lan, std::string host)
      : world_(world), network_(lan.host(std::move(host))) {}

  using Act = std::function<asio::awaitable<void>(Stranger&)>;
  /// Keeps the act, so that it may be a lambda with captures.
  void play(Act act) {
    auto work = acts_.emplace_back(std::move(act))(*this);
    asio::co_spawn(world_.context(), std::move(work), [](std::exception_ptr) {});
  }

  asio::awaitable<void> wait(devices::Duration time) {
    co_await world_.sleep_until(world_.now() + time);
  }
  asio::awaitable<std::unique_ptr<transport::Link>> dial(std::string host, std::uint16_t port) {
    transport::Endpoint there(std::move(host), port);
    co_return co_await network_->dial(there);
  }
  asio::awaitable<void> send(transport::Link& link, transport::Message message) {
    const auto bytes = transport::encode(message);
    co_await transport::send_all(link, bytes);
  }
  /// The next message that is no heartbeat; nothing when the link has ended.
  asio::awaitable<std::optional<transport::Message>> next(transport::Link& link) {
    for (;;) {
      auto [error, message] = co_await devices::attempt(transport::receive_message(link));
      if (error) co_return std::nullopt;
      if (!std::holds_alternative<transport::Heartbeat>(message)) co_return std::move(message);
    }
  }
  /// Reads until the other side has closed; how many bytes came.
  asio::awaitable<std::size_t> drain(transport::Link& link) {
    std::vector<std::byte> buffer(4096);
    for (std::size_t total = 0;;) {
      const transport::Bytes piece(buffer);
      auto [error, count] = co_await devices::attempt(link.receive_some({&piece, 1}));
      if (error) co_return total;
      total += count;
    }
  }

  [[nodiscard]] devices::World& world() { return world_; }
  [[nodiscard]] transport::Network& network() { return *network_; }

 private:
  devices::World& world_;
  std::list<Act> acts_;
  std::unique_ptr<transport::Network> network_;
};

}  // namespace annulet::tests
