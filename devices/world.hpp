/// Virtual time: a whole ring of devices in one process, on one thread, without waiting.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include <asio/io_context.hpp>

#include "devices/clock.hpp"

namespace annulet::devices {

/// Runs every ready handler of its io_context; when none is ready, time jumps to the earliest
/// event. Equal times keep insertion order. Only time is fake: the coroutines are the real ones.
class World final : public Clock {
 public:
  using EventId = std::pair<TimePoint, std::uint64_t>;

  World() = default;
  ~World() override;
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] TimePoint now() const override { return now_; }
  asio::awaitable<bool> reach(TimePoint when) override;

  /// Calls `action` at `when` (now, when that is past). O(log of the events that wait).
  EventId at(TimePoint when, std::function<void()> action);
  /// Takes an event back; no effect when it has happened.
  void forget(const EventId& id);

  /// What coroutines run on and wait with; only run() and run_until() run it.
  [[nodiscard]] asio::io_context& context() noexcept { return context_; }
  /// Runs until nothing is ready and no event is left, or until stop(). Throws what a handler
  /// throws.
  void run();
  /// Runs all that happens up to and including `until`.
  void run_until(TimePoint until);
  void stop() noexcept { stopped_ = true; }

 private:
  void run_ready();

  TimePoint now_;
  std::uint64_t sequence_ = 0;
  bool stopped_ = false;
  bool ending_ = false;
  std::map<EventId, std::function<void()>> events_;
  asio::io_context context_{1};  // last: coroutines that die with it still reach events_
};

}  // namespace annulet::devices
