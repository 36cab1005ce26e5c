/// Two ways to run coroutines side by side: with a deadline, and with a companion.
#pragma once

#include <exception>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/experimental/deferred.hpp>
#include <asio/experimental/parallel_group.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "devices/clock.hpp"

namespace annulet::devices {

/// Runs `work` until it ends; a first end of `companion` cancels it. Returns when both have ended.
/// Throws what `work` threw, or, when the companion ended first, what that threw (if anything).
template <class T>
asio::awaitable<T> alongside(asio::awaitable<void> companion, asio::awaitable<T> work) {
  using asio::experimental::deferred;
  const auto executor = co_await asio::this_coro::executor;
  auto group = asio::experimental::make_parallel_group(
      asio::co_spawn(executor, std::move(work), deferred),
      asio::co_spawn(executor, std::move(companion), deferred));
  if constexpr (std::is_void_v<T>) {
    auto [order, error, companion_error] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (error && order[0] == 1 && companion_error) std::rethrow_exception(companion_error);
    if (error) std::rethrow_exception(error);
  } else {
    auto [order, error, value, companion_error] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (error && order[0] == 1 && companion_error) std::rethrow_exception(companion_error);
    if (error) std::rethrow_exception(error);
    co_return std::move(value);
  }
}

/// Throws timed_out when `when` comes; as a companion, that ends what it accompanies.
inline asio::awaitable<void> expire_at(Clock& clock, TimePoint when) {
  co_await clock.sleep_until(when);
  throw std::system_error(std::make_error_code(std::errc::timed_out));
}

/// Runs `work` and cancels it at `when`: throws std::errc::timed_out then.
template <class T>
asio::awaitable<T> with_deadline(Clock& clock, TimePoint when, asio::awaitable<T> work) {
  return alongside<T>(expire_at(clock, when), std::move(work));
}

/// Runs a and b until both have ended. When one throws, the other is cancelled and the first
/// error is rethrown. (Asio's own && throws multiple_exceptions, which is no system_error.)
inline asio::awaitable<void> both(asio::awaitable<void> a, asio::awaitable<void> b) {
  using asio::experimental::deferred;
  const auto executor = co_await asio::this_coro::executor;
  auto [order, error_a, error_b] =
      co_await asio::experimental::make_parallel_group(
          asio::co_spawn(executor, std::move(a), deferred),
          asio::co_spawn(executor, std::move(b), deferred))
          .async_wait(asio::experimental::wait_for_one_error(), asio::use_awaitable);
  const auto& first = order[0] == 0 ? error_a : error_b;
  const auto& second = order[0] == 0 ? error_b : error_a;
  if (first) std::rethrow_exception(first);
  if (second) std::rethrow_exception(second);
}

/// Runs `work` where failing is routine (a dial, an accept): returns the error beside the value.
template <class T>
asio::awaitable<std::pair<std::exception_ptr, T>> attempt(asio::awaitable<T> work) {
  const auto executor = co_await asio::this_coro::executor;
  auto [error, value] = co_await asio::co_spawn(executor, std::move(work),
                                                asio::experimental::as_tuple(asio::use_awaitable));
  co_return std::pair<std::exception_ptr, T>(error, std::move(value));
}

inline asio::awaitable<std::exception_ptr> attempt(asio::awaitable<void> work) {
  const auto executor = co_await asio::this_coro::executor;
  auto [error] = co_await asio::co_spawn(executor, std::move(work),
                                         asio::experimental::as_tuple(asio::use_awaitable));
  co_return error;
}

}  // namespace annulet::devices
