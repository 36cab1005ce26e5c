/// From any exception to the error that a user hears of.
#pragma once

#include <exception>
#include <string>

#include "devices/error_code.hpp"

namespace annulet::runtime {

/// An error code and one line: what happened, what it means, and what to do.
struct Failure {
  devices::ErrorCode error = devices::ErrorCode::internal;
  std::string sentence;
};

/// What to say of an exception that nobody closer could do anything about.
[[nodiscard]] Failure failure_of(const std::exception& error);

}  // namespace annulet::runtime
