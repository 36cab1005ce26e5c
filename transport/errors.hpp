/// What can go wrong between devices: as error codes of std::system_error, and as users hear of it.
#pragma once

#include <cstdint>
#include <string>
#include <system_error>

#include "devices/error_code.hpp"

namespace annulet::transport {

enum class errc {
  closed = 1,          // the other side closed the connection
  bad_frame,           // not our protocol, or damaged
  version_mismatch,    // another protocol version
  too_large,           // a length beyond what the type allows
  bad_checksum,        // data damaged on the way
  out_of_step,         // another epoch, round or vector length than ours
  model_mismatch,      // the neighbour's model, or its step, differs from ours
  unexpected_message,  // a message that does not belong in this state
  silent,              // no heartbeat within the peer timeout
  codec_mismatch,      // elements in another codec than ours
};

/// "annulet.transport"; message() says in a few words what went wrong.
[[nodiscard]] const std::error_category& transport_category() noexcept;
[[nodiscard]] inline std::error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), transport_category()};
}

/// Why something is so, in words for a user: a reason as messages carry it.
struct Cause {
  ErrorCode error = ErrorCode::network;
  std::string text{};
  /// The error as it travels.
  [[nodiscard]] std::uint32_t number() const noexcept { return static_cast<std::uint32_t>(error); }
};

/// What another device gives as its error: `otherwise` where that is none that ends this program
/// with exit code 3, 4, 5 or 6, as a run may end before step 0.
[[nodiscard]] ErrorCode told(std::uint32_t number, ErrorCode otherwise) noexcept;

}  // namespace annulet::transport

template <>
struct std::is_error_code_enum<annulet::transport::errc> : std::true_type {};
