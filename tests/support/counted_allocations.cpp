/// operator new with a counter, and aligned_alloc, which Asio takes its coroutines from.
#include "tests/support/counted_allocations.hpp"

#include <cstdlib>
#include <limits>
#include <malloc.h>
#include <new>

namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
thread_local std::uint64_t allocated = 0, asked = 0;
thread_local std::size_t largest_piece = kNoLimit;

}  // namespace

// NOLINTBEGIN(cppcoreguidelines-no-malloc): new and delete themselves.

// Both forms of new, as both end in the delete below: a sanitizer brings its own of what is left
// out.
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  if (size > largest_piece) return nullptr;
  allocated += size;
  ++asked;
  return std::malloc(size == 0 ? 1 : size);
}

void* operator new(std::size_t size) {
  if (void* memory = operator new(size, std::nothrow)) return memory;
  throw std::bad_alloc();
}

extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) {
  allocated += size;
  ++asked;
  return memalign(alignment, size);
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

// NOLINTEND(cppcoreguidelines-no-malloc)

namespace annulet::tests {

std::uint64_t allocated_bytes() noexcept { return allocated; }
std::uint64_t times_allocated() noexcept { return asked; }

SmallMemory::SmallMemory(std::size_t largest) noexcept { largest_piece = largest; }
SmallMemory::~SmallMemory() { largest_piece = kNoLimit; }

}  // namespace annulet::tests
