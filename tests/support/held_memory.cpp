/// operator new and delete that ask malloc how large a piece is.
#include "tests/support/held_memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace {

thread_local std::size_t unit = 0;  // 0: nobody counts
thread_local std::int64_t held = 0, most_held = 0;

std::int64_t units_of(void* memory) {
  return static_cast<std::int64_t>(malloc_usable_size(memory) / unit);
}

}  // namespace

// NOLINTBEGIN(cppcoreguidelines-no-malloc): new and delete themselves.

void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (unit > 0 && memory != nullptr) {
    held += units_of(memory);
    most_held = std::max(most_held, held);
  }
  return memory;
}

void* operator new(std::size_t size) {
  if (void* memory = operator new(size, std::nothrow)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  if (unit > 0 && memory != nullptr) held -= units_of(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept { operator delete(memory); }

// NOLINTEND(cppcoreguidelines-no-malloc)

namespace annulet::tests {

HeldMemory::HeldMemory(std::size_t counted) noexcept {
  held = most_held = 0;
  unit = counted;
}
HeldMemory::~HeldMemory() { unit = 0; }

std::int64_t HeldMemory::now() const noexcept { return held; }
std::int64_t HeldMemory::most() const noexcept { return most_held; }

}  // namespace annulet::tests
