/// Links that do what others do, but for what a test changes or counts of them; and their network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "transport/link.hpp"

namespace annulet::tests {

/// Every byte passes through send_some and receive_some: there is no try_send to miss one.
class WrappedLink : public transport::Link {
 public:
  explicit WrappedLink(std::unique_ptr<transport::Link> inner) : inner_(std::move(inner)) {}

  asio::awaitable<std::size_t> send_some(std::span<const transport::ConstBytes> pieces) override {
    return inner_->send_some(pieces);
  }
  asio::awaitable<std::size_t> receive_some(std::span<const transport::Bytes> pieces) override {
    return inner_->receive_some(pieces);
  }
  void set_least(std::size_t bytes) override { inner_->set_least(bytes); }
  void finish_sending() override { inner_->finish_sending(); }
  void set_patience(devices::Duration patience) override { inner_->set_patience(patience); }
  void set_streams(std::size_t count) override { inner_->set_streams(count); }
  bool set_congestion(const std::string& name) override { return inner_->set_congestion(name); }
  [[nodiscard]] transport::LineHealth health() override { return inner_->health(); }
  [[nodiscard]] transport::Endpoint local() const override { return inner_->local(); }
  [[nodiscard]] transport::Endpoint peer() const override { return inner_->peer(); }

 protected:
  [[nodiscard]] transport::Link& inner() { return *inner_; }

 private:
  std::unique_ptr<transport::Link> inner_;
};

/// Gives links of kind Wrapper, made of another listener's and of `all`.
template <class Wrapper, class All>
class WrappedListener final : public transport::Listener {
 public:
  WrappedListener(std::unique_ptr<transport::Listener> inner, All& all)
      : inner_(std::move(inner)), all_(all) {}
  asio::awaitable<std::unique_ptr<transport::Link>> accept() override {
    auto link = co_await inner_->accept();
    co_return std::make_unique<Wrapper>(std::move(link), all_);
  }
  [[nodiscard]] transport::Endpoint local() const override { return inner_->local(); }

 private:
  std::unique_ptr<transport::Listener> inner_;
  All& all_;
};

/// Whose links are of kind Wrapper at both ends. `inner` and `all` must outlive it and its links.
template <class Wrapper, class All>
class WrappedNetwork final : public transport::Network {
 public:
  WrappedNetwork(transport::Network& inner, All& all) : inner_(inner), all_(all) {}
  asio::awaitable<std::unique_ptr<transport::Link>> dial(transport::Endpoint to) override {
    auto link = co_await inner_.dial(std::move(to));
    co_return std::make_unique<Wrapper>(std::move(link), all_);
  }
  std::unique_ptr<transport::Listener> listen(transport::Endpoint at) override {
    return std::make_unique<WrappedListener<Wrapper, All>>(inner_.listen(std::move(at)), all_);
  }

 private:
  transport::Network& inner_;
  All& all_;
};

}  // namespace annulet::tests
