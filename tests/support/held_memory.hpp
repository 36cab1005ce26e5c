/// How much memory this thread holds, in the test programs that replace operator new by this one's.
#pragma once

#include <cstddef>
#include <cstdint>

namespace annulet::tests {

/// Counts from here on what operator new gives this thread and what it takes back. A piece counts
/// in whole units, so that with a large unit only what is large counts, and exactly. One at a time.
class HeldMemory {
 public:
  explicit HeldMemory(std::size_t unit = 1) noexcept;
  ~HeldMemory();
  HeldMemory(const HeldMemory&) = delete;
  HeldMemory& operator=(const HeldMemory&) = delete;

  /// Units held now, and the most at any time.
  [[nodiscard]] std::int64_t now() const noexcept;
  [[nodiscard]] std::int64_t most() const noexcept;
};

}  // namespace annulet::tests
