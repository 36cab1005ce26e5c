/// A TCP network that can say what the kernels have acknowledged of all that its links have sent.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "transport/link.hpp"
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

class AcknowledgedLink final : public transport::Link {
 public:
  /// inner: a TcpLink.
  AcknowledgedLink(std::unique_ptr<transport::Link> inner, Acknowledgements& all)
      : inner_(std::move(inner)), all_(all) {
    all_.add(entry_);
  }
  ~AcknowledgedLink() override { all_.remove(entry_); }
  AcknowledgedLink(const AcknowledgedLink&) = delete;
  AcknowledgedLink& operator=(const AcknowledgedLink&) = delete;

  asio::awaitable<std::size_t> send_some(std::span<const transport::ConstBytes> pieces) override {
    const std::size_t count = co_await inner_->send_some(pieces);
    entry_.given += count;
    co_return count;
  }
  asio::awaitable<std::size_t> receive_some(std::span<const transport::Bytes> pieces) override {
    return inner_->receive_some(pieces);
  }
  void finish_sending() override { inner_->finish_sending(); }
  void set_patience(devices::Duration patience) override { inner_->set_patience(patience); }
  [[nodiscard]] transport::Endpoint local() const override { return inner_->local(); }
  [[nodiscard]] transport::Endpoint peer() const override { return inner_->peer(); }

 private:
  std::unique_ptr<transport::Link> inner_;
  Acknowledgements& all_;
  Acknowledgements::Entry entry_{&dynamic_cast<transport::TcpLink&>(*inner_)};
};

class AcknowledgedListener final : public transport::Listener {
 public:
  AcknowledgedListener(std::unique_ptr<transport::Listener> inner, Acknowledgements& all)
      : inner_(std::move(inner)), all_(all) {}
  asio::awaitable<std::unique_ptr<transport::Link>> accept() override {
    auto link = co_await inner_->accept();
    co_return std::make_unique<AcknowledgedLink>(std::move(link), all_);
  }
  [[nodiscard]] transport::Endpoint local() const override { return inner_->local(); }

 private:
  std::unique_ptr<transport::Listener> inner_;
  Acknowledgements& all_;
};

/// `inner` and `all` must outlive it and its links.
class AcknowledgedNetwork final : public transport::Network {
 public:
  AcknowledgedNetwork(transport::TcpNetwork& inner, Acknowledgements& all)
      : inner_(inner), all_(all) {}
  asio::awaitable<std::unique_ptr<transport::Link>> dial(transport::Endpoint to) override {
    auto link = co_await inner_.dial(std::move(to));
    co_return std::make_unique<AcknowledgedLink>(std::move(link), all_);
  }
  std::unique_ptr<transport::Listener> listen(transport::Endpoint at) override {
    return std::make_unique<AcknowledgedListener>(inner_.listen(std::move(at)), all_);
  }

 private:
  transport::TcpNetwork& inner_;
  Acknowledgements& all_;
};

}  // namespace annulet::tests
