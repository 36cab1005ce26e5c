/// Where the arithmetic happens: on a compute thread, or for a price in virtual time.
#pragma once

#include <functional>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/thread_pool.hpp>

#include "devices/clock.hpp"
#include "devices/units.hpp"

namespace annulet::devices {

/// One for each device: work runs in the order in which it was given, one at a time.
class Processor {
 public:
  virtual ~Processor() = default;
  /// Runs `work` off the I/O thread; `cost` is what it costs on this device. Returns when it has
  /// run, even when cancelled meanwhile (work may borrow the caller's memory). Rethrows.
  virtual asio::awaitable<void> run(Flops cost, std::function<void()> work) = 0;
  /// How long steps of that cost took it, without what one run() costs beside them, when the work
  /// itself took them for so long by the clock.
  [[nodiscard]] virtual Duration time_of(Flops cost, Duration by_the_clock) const = 0;
};

/// A thread of its own, so that heartbeats and sockets live during local steps. Must be destroyed
/// before the io_context on which its callers wait.
class ComputeThread final : public Processor {
 public:
  ComputeThread() = default;
  ~ComputeThread() override { pool_.join(); }
  asio::awaitable<void> run(Flops cost, std::function<void()> work) override;
  [[nodiscard]] Duration time_of(Flops /*cost*/, Duration by_the_clock) const override {
    return by_the_clock;
  }

 private:
  asio::thread_pool pool_{1};
};

/// Runs the work at once, then lets the time pass that it would have taken.
class VirtualProcessor final : public Processor {
 public:
  /// flops_per_second > 0. The clock must outlive it.
  VirtualProcessor(Clock& clock, double flops_per_second)
      : clock_(clock), flops_per_second_(flops_per_second) {}
  asio::awaitable<void> run(Flops cost, std::function<void()> work) override;
  [[nodiscard]] Duration time_of(Flops cost, Duration /*by_the_clock*/) const override {
    return from_seconds(cost.count / flops_per_second_);
  }

 private:
  Clock& clock_;
  double flops_per_second_;
};

/// A slower processor than it is: after the work it waits until `slowdown` times as long has
/// passed.
class SlowedProcessor final : public Processor {
 public:
  /// slowdown >= 1. Both must outlive it.
  SlowedProcessor(Processor& inner, Clock& clock, double slowdown)
      : inner_(inner), clock_(clock), slowdown_(slowdown) {}
  asio::awaitable<void> run(Flops cost, std::function<void()> work) override;
  [[nodiscard]] Duration time_of(Flops cost, Duration by_the_clock) const override {
    return from_seconds(slowdown_ * seconds(inner_.time_of(cost, by_the_clock)));
  }

 private:
  Processor& inner_;
  Clock& clock_;
  double slowdown_;
};

}  // namespace annulet::devices
