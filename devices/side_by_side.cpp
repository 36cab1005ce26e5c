/// Coroutines side by side, on Asio's parallel groups.
#include "devices/side_by_side.hpp"

#include <asio/co_spawn.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/experimental/deferred.hpp>
#include <asio/experimental/parallel_group.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

namespace annulet::devices {

namespace {

/// Both at once, until both have ended; `until` says which end cancels the other.
template <class Until>
auto pair_of(const asio::any_io_executor& executor, asio::awaitable<void> a,
             asio::awaitable<void> b, Until until) {
  using asio::experimental::deferred;
  return asio::experimental::make_parallel_group(asio::co_spawn(executor, std::move(a), deferred),
                                                 asio::co_spawn(executor, std::move(b), deferred))
      .async_wait(until, asio::use_awaitable);
}

}  // namespace

asio::awaitable<std::exception_ptr> attempt(asio::awaitable<void> work) {
  const auto executor = co_await asio::this_coro::executor;
  auto [error] = co_await asio::co_spawn(executor, std::move(work),
                                         asio::experimental::as_tuple(asio::use_awaitable));
  co_return error;
}

asio::awaitable<void> both(asio::awaitable<void> a, asio::awaitable<void> b) {
  const auto executor = co_await asio::this_coro::executor;
  auto [order, error_a, error_b] = co_await pair_of(executor, std::move(a), std::move(b),
                                                    asio::experimental::wait_for_one_error());
  const auto& first = order[0] == 0 ? error_a : error_b;
  const auto& second = order[0] == 0 ? error_b : error_a;
  if (first) std::rethrow_exception(first);
  if (second) std::rethrow_exception(second);
}

asio::awaitable<void> expire_at(Clock& clock, TimePoint when) {
  const bool came = co_await clock.reach(when);
  if (!came) co_return;
  throw std::system_error(std::make_error_code(std::errc::timed_out));
}

asio::awaitable<void> alongside(asio::awaitable<void> companion, asio::awaitable<void> work) {
  const auto executor = co_await asio::this_coro::executor;
  auto [order, error, companion_error] = co_await pair_of(
      executor, std::move(work), std::move(companion), asio::experimental::wait_for_one());
  if (error && order[0] == 1 && companion_error) std::rethrow_exception(companion_error);
  if (error) std::rethrow_exception(error);
}

}  // namespace annulet::devices
