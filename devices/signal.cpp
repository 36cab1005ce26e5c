/// Signal: a flag, and a channel that wakes whoever waits for it.
#include "devices/signal.hpp"

#include <system_error>

#include <asio/experimental/channel.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace annulet::devices {

struct Signal::State {
  explicit State(const asio::any_io_executor& executor) : channel(executor, 0) {}
  // Without a buffer: Asio 1.22 forgets that there is room in it when a receive is cancelled. The
  // value is not used: it cannot build a channel of an error code alone.
  asio::experimental::channel<void(asio::error_code, bool)> channel;
  bool notified = false;
};

Signal::Signal(const asio::any_io_executor& executor) : state_(std::make_unique<State>(executor)) {}
Signal::~Signal() = default;

void Signal::notify() {
  state_->notified = true;
  static_cast<void>(state_->channel.try_send(asio::error_code{}, true));  // to a waiter, if any
}

asio::awaitable<bool> Signal::wait_or_cancel() {
  if (!state_->notified) {
    asio::error_code cancelled;
    co_await state_->channel.async_receive(asio::redirect_error(asio::use_awaitable, cancelled));
    if (cancelled) co_return false;
  }
  state_->notified = false;
  co_return true;
}

asio::awaitable<void> Signal::wait() {
  const bool came = co_await wait_or_cancel();
  // The channel has an error code of its own for a cancelled wait; everyone else's is this one.
  if (!came) throw std::system_error(asio::error::operation_aborted);
}

asio::awaitable<void> Signal::wait_shielded() {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!state_->notified) {
    asio::error_code cancelled;
    co_await state_->channel.async_receive(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  state_->notified = false;
  co_await asio::this_coro::throw_if_cancelled(throws);
}

}  // namespace annulet::devices
