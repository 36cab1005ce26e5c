/// Both ends of one connection.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <asio/awaitable.hpp>

#include "devices/side_by_side.hpp"
#include "transport/link.hpp"

namespace annulet::tests {

struct LinkPair {
  std::unique_ptr<transport::Link> dialled;
  std::unique_ptr<transport::Link> accepted;
};

/// Connects the two networks: `host` is an address at which `there` can listen.
inline asio::awaitable<LinkPair> connect(transport::Network& here, transport::Network& there,
                                         std::string host) {
  const auto listener = there.listen({std::move(host), 0});
  const auto dial = [](transport::Network& network, transport::Endpoint to,
                       LinkPair& pair) -> asio::awaitable<void> {
    pair.dialled = co_await network.dial(std::move(to));
  };
  const auto accept = [](transport::Listener& at, LinkPair& pair) -> asio::awaitable<void> {
    pair.accepted = co_await at.accept();
  };
  LinkPair pair;
  co_await devices::both(dial(here, listener->local(), pair), accept(*listener, pair));
  co_return pair;
}

}  // namespace annulet::tests
