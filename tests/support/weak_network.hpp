/// A network whose kernel counts losses: what a far Wi-Fi shows its sender, in virtual time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "transport/link.hpp"

namespace annulet::tests {

/// Of a device. Each byte is a segment, so that small sums are enough to see something.
struct WeakKernel {
  std::uint64_t one_in = 100;  // segments are lost
  bool refuses = false;        // every congestion control
  std::vector<std::string> asked_for{};
};

/// Counts losses, and loses nothing.
class WeakLink final : public transport::Link {
 public:
  WeakLink(std::unique_ptr<transport::Link> inner, WeakKernel& kernel)
      : inner_(std::move(inner)), kernel_(kernel) {}
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
  bool set_congestion(const std::string& name) override {
    kernel_.asked_for.push_back(name);
    if (!kernel_.refuses) congestion_ = name;
    return !kernel_.refuses;
  }
  [[nodiscard]] transport::LineHealth health() override {
    return {.segments = sent_,
            .lost = sent_ / kernel_.one_in,
            .round_trip = std::chrono::milliseconds(20),
            .slows_down = congestion_ != "bbr"};
  }
  [[nodiscard]] transport::Endpoint local() const override { return inner_->local(); }
  [[nodiscard]] transport::Endpoint peer() const override { return inner_->peer(); }

 private:
  std::unique_ptr<transport::Link> inner_;
  WeakKernel& kernel_;
  std::uint64_t sent_ = 0;
  std::string congestion_ = "cubic";
};

/// Of the links that it dials. `inner` and `kernel` must outlive it and its links.
class WeakNetwork final : public transport::Network {
 public:
  WeakNetwork(transport::Network& inner, WeakKernel& kernel) : inner_(inner), kernel_(kernel) {}
  asio::awaitable<std::unique_ptr<transport::Link>> dial(transport::Endpoint to) override {
    auto link = co_await inner_.dial(std::move(to));
    co_return std::make_unique<WeakLink>(std::move(link), kernel_);
  }
  std::unique_ptr<transport::Listener> listen(transport::Endpoint at) override {
    return inner_.listen(std::move(at));
  }

 private:
  transport::Network& inner_;
  WeakKernel& kernel_;
};

}  // namespace annulet::tests
