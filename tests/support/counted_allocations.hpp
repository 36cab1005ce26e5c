/// How much this thread has allocated, and how much it may, in the test programs that replace
/// operator new.
#pragma once

#include <cstddef>
#include <cstdint>

namespace annulet::tests {

/// Bytes asked of operator new since the thread began.
[[nodiscard]] std::uint64_t allocated_bytes() noexcept;

/// How often operator new, or aligned_alloc, was asked.
[[nodiscard]] std::uint64_t times_allocated() noexcept;

/// While it lives, operator new gives this thread no piece larger than that.
class SmallMemory {
 public:
  explicit SmallMemory(std::size_t largest) noexcept;
  ~SmallMemory();
  SmallMemory(const SmallMemory&) = delete;
  SmallMemory& operator=(const SmallMemory&) = delete;
};

}  // namespace annulet::tests
