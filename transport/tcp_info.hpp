/// What the kernel knows about a TCP connection.
#pragma once

#include <cstdint>

#include "transport/line_health.hpp"

namespace annulet::transport {

/// Bytes that the other side's kernel has acknowledged; a SYN and a FIN count as one byte each.
/// 0 where the kernel does not say.
[[nodiscard]] std::uint64_t acknowledged_bytes(int socket) noexcept;

/// Nothing where the kernel does not say: Linux before 4.19, emulators.
[[nodiscard]] LineHealth health_of(int socket) noexcept;

}  // namespace annulet::transport
