/// A control connection: bounded messages both ways, and signs of life.
#pragma once

#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/signal.hpp"
#include "devices/task_group.hpp"
#include "transport/link.hpp"
#include "transport/messages.hpp"

namespace annulet::transport {

/// Heartbeats leave every peer_timeout/5 from the I/O thread, also during local steps; a line on
/// which nothing came for peer_timeout has ended with errc::silent.
class ControlLine {
 public:
  ControlLine(std::unique_ptr<Link> link, devices::Clock& clock,
              const asio::any_io_executor& executor, devices::Duration peer_timeout);

  /// Sends, receives and beats in `tasks` until the line ends. The line must outlive them.
  void start(devices::TaskGroup& tasks);

  /// Queues a message; never waits.
  void post(const Message& message);
  /// The next message that is no heartbeat. Throws what ended the line, when it has ended.
  asio::awaitable<Message> next();
  /// Waits until all that was posted has left, or the line has ended.
  asio::awaitable<void> flush();
  void finish_sending() { link_->finish_sending(); }

  /// What the next heartbeats say, and what the last one from the other side said.
  void set_progress(std::function<Heartbeat()> progress) { progress_ = std::move(progress); }
  [[nodiscard]] const Heartbeat& heard() const noexcept { return heard_; }
  [[nodiscard]] bool ended() const noexcept { return ended_ != nullptr; }
  /// Did this process stand still (stopped, or its machine asleep) for more than peer_timeout? Then
  /// it is the one that the others have missed, whatever its links say now.
  [[nodiscard]] bool stood_still() const { return stood_still_ || (!ended_ && is_late()); }
  [[nodiscard]] Endpoint peer() const { return link_->peer(); }
  /// Bytes sent so far.
  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }

 private:
  asio::awaitable<void> run();
  asio::awaitable<void> send_loop();
  asio::awaitable<void> receive_loop();
  asio::awaitable<void> beat_loop();
  void end(std::exception_ptr error);
  [[nodiscard]] bool is_late() const { return clock_.now() - last_beat_ > peer_timeout_; }

  std::unique_ptr<Link> link_;
  devices::Clock& clock_;
  devices::Duration peer_timeout_;
  devices::Signal arrived_, to_send_, flushed_;
  std::deque<Message> inbox_;
  std::deque<std::vector<std::byte>> outbox_;
  std::size_t outbox_bytes_ = 0;
  std::function<Heartbeat()> progress_;
  devices::TimePoint last_beat_;
  bool stood_still_ = false;  // at the last beat, or when the line ended
  Heartbeat heard_;
  std::uint64_t sent_ = 0;
  std::exception_ptr ended_;
};

}  // namespace annulet::transport
