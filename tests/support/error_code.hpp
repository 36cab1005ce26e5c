/// What went wrong, as a value to compare.
#pragma once

#include <system_error>

#include <asio/awaitable.hpp>

namespace annulet::tests {

/// The code of the std::system_error that `action` throws; a code of 0 when it throws nothing.
template <class Action>
std::error_code error_of(Action action) {
  try {
    static_cast<void>(action());
  } catch (const std::system_error& error) {
    return error.code();
  }
  return {};
}

/// The same for what `work` throws.
template <class T>
asio::awaitable<std::error_code> error_in(asio::awaitable<T> work) {
  try {
    co_await std::move(work);
  } catch (const std::system_error& error) {
    co_return error.code();
  }
  co_return std::error_code{};
}

}  // namespace annulet::tests
