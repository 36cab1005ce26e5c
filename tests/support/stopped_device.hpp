/// A device that is stopped for a while and then continued, in virtual time: SIGSTOP and SIGCONT,
/// or a machine that sleeps. Its kernel takes what comes; it neither hears, sends nor wakes
/// meanwhile.
#pragma once

#include <exception>
#include <memory>
#include <span>
#include <utility>

#include "devices/side_by_side.hpp"
#include "devices/world.hpp"
#include "tests/support/wrapped_network.hpp"

namespace annulet::tests {

/// [from, until): when it stands still.
struct Stop {
  devices::TimePoint from, until;
};

/// Time goes on, but nobody wakes during the stop.
class StoppedClock final : public devices::Clock {
 public:
  StoppedClock(devices::World& world, Stop stop) : world_(world), stop_(stop) {}
  [[nodiscard]] devices::TimePoint now() const override { return world_.now(); }
  asio::awaitable<bool> reach(devices::TimePoint when) override {
    const bool came = co_await world_.reach(when);
    if (came) co_await go_on();
    co_return came;
  }
  /// Returns at once, or at the end of the stop.
  asio::awaitable<void> go_on() {
    if (now() >= stop_.from && now() < stop_.until) co_await world_.sleep_until(stop_.until);
  }

 private:
  devices::World& world_;
  Stop stop_;
};

class StoppedLink final : public WrappedLink {
 public:
  StoppedLink(std::unique_ptr<transport::Link> inner, StoppedClock& clock)
      : WrappedLink(std::move(inner)), clock_(clock) {}
  asio::awaitable<std::size_t> send_some(std::span<const transport::ConstBytes> pieces) override {
    auto [error, count] = co_await devices::attempt(inner().send_some(pieces));
    co_return co_await told(error, count);
  }
  asio::awaitable<std::size_t> receive_some(std::span<const transport::Bytes> pieces) override {
    auto [error, count] = co_await devices::attempt(inner().receive_some(pieces));
    co_return co_await told(error, count);
  }

 private:
  /// What the kernel did, when the device can hear of it.
  asio::awaitable<std::size_t> told(std::exception_ptr error, std::size_t count) {
    co_await clock_.go_on();
    if (error) std::rethrow_exception(error);
    co_return count;
  }

  StoppedClock& clock_;
};

class StoppedListener final : public transport::Listener {
 public:
  StoppedListener(std::unique_ptr<transport::Listener> inner, StoppedClock& clock)
      : inner_(std::move(inner)), clock_(clock) {}
  asio::awaitable<std::unique_ptr<transport::Link>> accept() override {
    auto link = co_await inner_->accept();
    co_await clock_.go_on();
    co_return std::make_unique<StoppedLink>(std::move(link), clock_);
  }
  [[nodiscard]] transport::Endpoint local() const override { return inner_->local(); }

 private:
  std::unique_ptr<transport::Listener> inner_;
  StoppedClock& clock_;
};

/// `inner` and `clock` must outlive it and its links.
class StoppedNetwork final : public transport::Network {
 public:
  StoppedNetwork(transport::Network& inner, StoppedClock& clock) : inner_(inner), clock_(clock) {}
  asio::awaitable<std::unique_ptr<transport::Link>> dial(transport::Endpoint to) override {
    auto link = co_await inner_.dial(std::move(to));
    co_return std::make_unique<StoppedLink>(std::move(link), clock_);
  }
  std::unique_ptr<transport::Listener> listen(transport::Endpoint at) override {
    return std::make_unique<StoppedListener>(inner_.listen(std::move(at)), clock_);
  }

 private:
  transport::Network& inner_;
  StoppedClock& clock_;
};

}  // namespace annulet::tests
