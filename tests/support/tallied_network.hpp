/// A network that counts what its links carry away: the other side of a device's own books.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "tests/support/wrapped_network.hpp"

namespace annulet::tests {

/// Counts in `sent`, which must outlive it.
class TalliedLink final : public WrappedLink {
 public:
  TalliedLink(std::unique_ptr<transport::Link> inner, std::uint64_t& sent)
      : WrappedLink(std::move(inner)), sent_(sent) {}
  asio::awaitable<std::size_t> send_some(std::span<const transport::ConstBytes> pieces) override {
    const std::size_t count = co_await inner().send_some(pieces);
    sent_ += count;
    co_return count;
  }

 private:
  std::uint64_t& sent_;
};

using TalliedNetwork = WrappedNetwork<TalliedLink, std::uint64_t>;

}  // namespace annulet::tests
