/// Runs a coroutine to its end, in virtual time or over real sockets.
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "devices/world.hpp"

namespace annulet::tests {

/// Returns what `work` returns, throws what it throws. `run(ended)` runs the context's handlers;
/// when it comes back before `ended`, `work` waits for something that never happens.
template <class T, class Run>
T play(asio::io_context& context, asio::awaitable<T> work, Run run) {
  std::exception_ptr error;
  bool ended = false;
  if constexpr (std::is_void_v<T>) {
    asio::co_spawn(context, std::move(work), [&](std::exception_ptr e) {
      error = std::move(e);
      ended = true;
    });
    run(std::as_const(ended));
    if (!ended) throw std::logic_error("the coroutine waits for ever");
    if (error) std::rethrow_exception(error);
  } else {
    std::optional<T> result;
    asio::co_spawn(context, std::move(work), [&](std::exception_ptr e, T value) {
      error = std::move(e);
      if (!error) result.emplace(std::move(value));
      ended = true;
    });
    run(std::as_const(ended));
    if (!ended) throw std::logic_error("the coroutine waits for ever");
    if (error) std::rethrow_exception(error);
    return std::move(*result);
  }
}

template <class T>
T play(devices::World& world, asio::awaitable<T> work) {
  return play(world.context(), std::move(work), [&](const bool& /*ended*/) { world.run(); });
}

template <class T>
T play(asio::io_context& context, asio::awaitable<T> work) {
  // Others may go on after it, such as the pump of a shaped link.
  return play(context, std::move(work), [&](const bool& ended) {
    context.restart();
    while (!ended && context.run_one() > 0) {
    }
  });
}

}  // namespace annulet::tests
