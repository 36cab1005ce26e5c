/// What this process and this box are like.
#pragma once

#include <cstdint>
#include <string>

namespace annulet::devices {

/// The most memory this program has held so far, in bytes; 0 where the kernel does not say. Where
/// it says so in /proc it is of this program alone; else what started it counts, too.
[[nodiscard]] std::uint64_t peak_rss_bytes();

/// The memory of this box, in bytes; 0 where the kernel does not say.
[[nodiscard]] std::uint64_t physical_memory_bytes();

/// Memory that is freed goes back to the system: left alone, glibc keeps pieces as large as the
/// largest that was freed before, and a heap for each thread. For the start of a program, before it
/// has threads; does nothing with another C library.
void give_freed_memory_back() noexcept;

/// The host's name, "device" where it has none.
[[nodiscard]] std::string host_name();

}  // namespace annulet::devices
