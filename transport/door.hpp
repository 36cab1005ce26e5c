/// A listening port that anybody may knock at: greets with bounded time, number and memory.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/signal.hpp"
#include "devices/task_group.hpp"
#include "transport/link.hpp"
#include "transport/messages.hpp"

namespace annulet::transport {

inline constexpr std::chrono::seconds kHandshakeTime{3};  // from accept to the first message
inline constexpr std::size_t kMaxGreetings = 16;          // under way at once

/// Reads the first message of every connection and hands both on. Garbage, silence and oversized
/// frames are dropped without a word; who speaks another protocol version is told so. When too many
/// come at once, the longest silent gives way: a device of ours speaks as soon as it is connected.
class Door {
 public:
  using Guest = std::function<void(std::unique_ptr<Link>, Message)>;

  Door(std::unique_ptr<Listener> listener, devices::Clock& clock,
       const asio::any_io_executor& executor, Guest guest);

  [[nodiscard]] Endpoint local() const { return listener_->local(); }
  /// Accepts until cancelled.
  void open(devices::TaskGroup& tasks);

 private:
  asio::awaitable<void> accept_loop(devices::TaskGroup& tasks);
  asio::awaitable<void> make_room();
  asio::awaitable<void> greet(std::unique_ptr<Link> link, devices::Signal& give_way);

  std::unique_ptr<Listener> listener_;
  devices::Clock& clock_;
  asio::any_io_executor executor_;
  Guest guest_;
  std::list<devices::Signal> greetings_;  // under way, the oldest first: tell one to give way
  devices::Signal ended_;                 // one of them
};

}  // namespace annulet::transport
