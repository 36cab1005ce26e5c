/// Signal over a channel of capacity one.
#include "devices/signal.hpp"

#include <system_error>

#include <asio/experimental/channel.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace annulet::devices {

struct Signal::State {
  explicit State(const asio::any_io_executor& executor) : channel(executor, 1) {}
  // The value is not used: Asio 1.22 cannot build a channel of an error code alone.
  asio::experimental::channel<void(asio::error_code, bool)> channel;
};

Signal::Signal(const asio::any_io_executor& executor) : state_(std::make_unique<State>(executor)) {}
Signal::~Signal() = default;

void Signal::notify() {
  // A full channel means that a notification is remembered already.
  static_cast<void>(state_->channel.try_send(asio::error_code{}, true));
}

asio::awaitable<void> Signal::wait() {
  asio::error_code error;
  co_await state_->channel.async_receive(asio::redirect_error(asio::use_awaitable, error));
  // The channel has an error code of its own for a cancelled wait; everyone else's is this one.
  if (error) throw std::system_error(asio::error::operation_aborted);
}

asio::awaitable<void> Signal::wait_shielded() {
  co_await asio::this_coro::throw_if_cancelled(false);
  for (bool notified = false; !notified;) {
    asio::error_code error;
    co_await state_->channel.async_receive(asio::redirect_error(asio::use_awaitable, error));
    notified = !error;
  }
  co_await asio::this_coro::throw_if_cancelled(true);
}

}  // namespace annulet::devices
