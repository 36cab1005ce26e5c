/// How much this thread has allocated, in the test programs that replace operator new.
#pragma once

#include <cstdint>

namespace annulet::tests {

/// Bytes asked of operator new since the thread began.
[[nodiscard]] std::uint64_t allocated_bytes() noexcept;

}  // namespace annulet::tests
