/// Two ways to run coroutines side by side: with a deadline, and with a companion.
#pragma once

#include <exception>
#include <optional>
#include <system_error>
#include <utility>

#include <asio/awaitable.hpp>

#include "devices/clock.hpp"

namespace annulet::devices {

/// Runs `work` where failing is routine (a dial, an accept): returns the error, nullptr if none.
asio::awaitable<std::exception_ptr> attempt(asio::awaitable<void> work);

/// Runs a and b until both have ended. When one throws, the other is cancelled and the first
/// error is rethrown. (Asio's own && throws multiple_exceptions, which is no system_error.)
asio::awaitable<void> both(asio::awaitable<void> a, asio::awaitable<void> b);

/// Throws timed_out when `when` comes; as a companion, that ends what it accompanies. Returns when
/// it is cancelled.
asio::awaitable<void> expire_at(Clock& clock, TimePoint when);

/// `work` with its value put into `result`. What runs coroutines is made for void alone: made anew
/// for each type, it was a twentieth of the program.
template <class T>
asio::awaitable<void> keep(asio::awaitable<T> work, std::optional<T>& result) {
  result.emplace(co_await std::move(work));
}

/// Runs `work` until it ends; a first end of `companion` cancels it. Returns when both have ended.
/// Throws what `work` threw, or, when the companion ended first, what that threw (if anything).
asio::awaitable<void> alongside(asio::awaitable<void> companion, asio::awaitable<void> work);

template <class T>
asio::awaitable<T> alongside(asio::awaitable<void> companion, asio::awaitable<T> work) {
  std::optional<T> value;
  co_await alongside(std::move(companion), keep(std::move(work), value));
  co_return std::move(*value);
}

/// Runs `work` and cancels it at `when`: throws std::errc::timed_out then.
template <class T>
asio::awaitable<T> with_deadline(Clock& clock, TimePoint when, asio::awaitable<T> work) {
  return alongside(expire_at(clock, when), std::move(work));
}

/// As the other, for work with a value: the error beside the value, which is T() if there is one.
template <class T>
asio::awaitable<std::pair<std::exception_ptr, T>> attempt(asio::awaitable<T> work) {
  std::optional<T> value;
  const std::exception_ptr error = co_await attempt(keep(std::move(work), value));
  co_return std::pair<std::exception_ptr, T>(error, value ? std::move(*value) : T());
}

}  // namespace annulet::devices
