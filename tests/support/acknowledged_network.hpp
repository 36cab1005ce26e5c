/// A TCP network that can say what the kernels have acknowledged of all that its links have sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "tests/support/wrapped_network.hpp"
#include "transport/tcp_network.hpp"

namespace annulet::tests {

/// What all links of one device have sent.
class Acknowledgements {
 public:
  /// One socket, and what it was given.
  struct Entry {
    transport::TcpLink* link = nullptr;
    std::uint64_t given = 0;
  };
  void add(Entry& entry) { open_.insert(&entry); }
  /// It closes: only what has been acknowledged by now will have been.
  void remove(Entry& entry) {
    closed_ += entry.link->acknowledged_bytes();
    open_.erase(&entry);
  }
  /// The bytes of all links, once those that are open have all been acknowledged: the kernels see
  /// to that, within 40 ms or so.
  [[nodiscard]] std::uint64_t bytes() const {
    std::uint64_t sum = closed_;
    for (const Entry* entry : open_) {
      std::uint64_t acknowledged = entry->link->acknowledged_bytes();
      while (acknowledged < entry->given) acknowledged = entry->link->acknowledged_bytes();
      sum += acknowledged;
    }
    return sum;
  }

 private:
  std::set<Entry*> open_;
  std::uint64_t closed_ = 0;
};

/// `inner` is a TcpLink, and its network a TcpNetwork.
class AcknowledgedLink final : public WrappedLink {
 public:
  AcknowledgedLink(std::unique_ptr<transport::Link> inner, Acknowledgements& all)
      : WrappedLink(std::move(inner)), all_(all) {
    all_.add(entry_);
  }
  ~AcknowledgedLink() override { all_.remove(entry_); }
  AcknowledgedLink(const AcknowledgedLink&) = delete;
  AcknowledgedLink& operator=(const AcknowledgedLink&) = delete;

  asio::awaitable<std::size_t> send_some(std::span<const transport::ConstBytes> pieces) override {
    const std::size_t count = co_await inner().send_some(pieces);
    entry_.given += count;
    co_return count;
  }

 private:
  Acknowledgements& all_;
  Acknowledgements::Entry entry_{&dynamic_cast<transport::TcpLink&>(inner())};
};

using AcknowledgedNetwork = WrappedNetwork<AcknowledgedLink, Acknowledgements>;

}  // namespace annulet::tests
