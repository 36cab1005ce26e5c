/// A network that counts what its links carry away: the other side of a device's own books.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "transport/link.hpp"

namespace annulet::tests {

/// Counts in `sent`, which must outlive it.
class TalliedLink final : public transport::Link {
 public:
  TalliedLink(std::unique_ptr<transport::Link> inner, std::uint64_t& sent)
      : inner_(std::move(inner)), sent_(sent) {}
  asio::awaitable<std::size_t> send_some(std::span<const transport::ConstBytes> pieces) override {
    const std::size_t count = co_await inner_->send_some(pieces);
    sent_ += count;
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
  std::uint64_t& sent_;
};

class TalliedListener final : public transport::Listener {
 public:
  TalliedListener(std::unique_ptr<transport::Listener> inner, std::uint64_t& sent)
      : inner_(std::move(inner)), sent_(sent) {}
  asio::awaitable<std::unique_ptr<transport::Link>> accept() override {
    auto link = co_await inner_->accept();
    co_return std::make_unique<TalliedLink>(std::move(link), sent_);
  }
  [[nodiscard]] transport::Endpoint local() const override { return inner_->local(); }

 private:
  std::unique_ptr<transport::Listener> inner_;
  std::uint64_t& sent_;
};

/// `inner` and `sent` must outlive it and its links.
class TalliedNetwork final : public transport::Network {
 public:
  TalliedNetwork(transport::Network& inner, std::uint64_t& sent) : inner_(inner), sent_(sent) {}
  asio::awaitable<std::unique_ptr<transport::Link>> dial(transport::Endpoint to) override {
    auto link = co_await inner_.dial(std::move(to));
    co_return std::make_unique<TalliedLink>(std::move(link), sent_);
  }
  std::unique_ptr<transport::Listener> listen(transport::Endpoint at) override {
    return std::make_unique<TalliedListener>(inner_.listen(std::move(at)), sent_);
  }

 private:
  transport::Network& inner_;
  std::uint64_t& sent_;
};

}  // namespace annulet::tests
