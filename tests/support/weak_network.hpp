/// A network whose kernel counts losses: what a far Wi-Fi shows its sender, in virtual time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/wrapped_network.hpp"

namespace annulet::tests {

/// Of a device. Each byte is a segment, so that small sums are enough to see something.
struct WeakKernel {
  std::uint64_t one_in = 100;  // segments are lost
  bool refuses = false;        // every congestion control
  std::vector<std::string> asked_for{};
};

/// Counts losses, and loses nothing.
class WeakLink final : public WrappedLink {
 public:
  WeakLink(std::unique_ptr<transport::Link> inner, WeakKernel& kernel)
      : WrappedLink(std::move(inner)), kernel_(kernel) {}
  asio::awaitable<std::size_t> send_some(std::span<const transport::ConstBytes> pieces) override {
    const std::size_t count = co_await inner().send_some(pieces);
    sent_ += count;
    co_return count;
  }
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

 private:
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
