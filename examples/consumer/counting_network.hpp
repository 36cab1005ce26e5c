/// A transport of one's own: counts the bytes that another one carries away.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include <annulet/transport/link.hpp>

namespace consumer {

namespace transport = annulet::transport;

using Counter = std::shared_ptr<std::atomic<std::uint64_t>>;

/// Passes everything on to the link it owns.
class CountingLink final : public transport::Link {
 public:
  CountingLink(std::unique_ptr<transport::Link> inner, Counter sent)
      : inner_(std::move(inner)), sent_(std::move(sent)) {}

  asio::awaitable<std::size_t> send_some(std::span<const transport::ConstBytes> pieces) override {
    const std::size_t bytes = co_await inner_->send_some(pieces);
    *sent_ += bytes;
    co_return bytes;
  }
  asio::awaitable<std::size_t> receive_some(std::span<const transport::Bytes> pieces) override {
    return inner_->receive_some(pieces);
  }
  void finish_sending() override { inner_->finish_sending(); }
  void set_patience(annulet::devices::Duration patience) override {
    inner_->set_patience(patience);
  }
  transport::Endpoint local() const override { return inner_->local(); }
  transport::Endpoint peer() const override { return inner_->peer(); }

 private:
  std::unique_ptr<transport::Link> inner_;
  Counter sent_;
};

class CountingListener final : public transport::Listener {
 public:
  CountingListener(std::unique_ptr<transport::Listener> inner, Counter sent)
      : inner_(std::move(inner)), sent_(std::move(sent)) {}
  asio::awaitable<std::unique_ptr<transport::Link>> accept() override {
    auto link = co_await inner_->accept();
    co_return std::make_unique<CountingLink>(std::move(link), sent_);
  }
  transport::Endpoint local() const override { return inner_->local(); }

 private:
  std::unique_ptr<transport::Listener> inner_;
  Counter sent_;
};

/// `inner` must outlive it and its links.
class CountingNetwork final : public transport::Network {
 public:
  CountingNetwork(transport::Network& inner, Counter sent)
      : inner_(inner), sent_(std::move(sent)) {}
  asio::awaitable<std::unique_ptr<transport::Link>> dial(transport::Endpoint to) override {
    auto link = co_await inner_.dial(std::move(to));
    co_return std::make_unique<CountingLink>(std::move(link), sent_);
  }
  std::unique_ptr<transport::Listener> listen(transport::Endpoint at) override {
    return std::make_unique<CountingListener>(inner_.listen(std::move(at)), sent_);
  }

 private:
  transport::Network& inner_;
  Counter sent_;
};

}  // namespace consumer
