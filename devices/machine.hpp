/// What this process and this box are like.
#pragma once

#include <cstdint>
#include <string>

namespace annulet::devices {

/// The most memory this process has held so far, in bytes; 0 where the kernel does not say.
[[nodiscard]] std::uint64_t peak_rss_bytes();

/// The memory of this box, in bytes; 0 where the kernel does not say.
[[nodiscard]] std::uint64_t physical_memory_bytes();

/// The host's name, "device" where it has none.
[[nodiscard]] std::string host_name();

}  // namespace annulet::devices
