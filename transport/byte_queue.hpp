/// Bytes first in, first out, in memory that goes round.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "transport/link.hpp"

namespace annulet::transport {

class ByteQueue {
 public:
  /// Empty, and room for so many bytes. Allocates only when it had room for fewer.
  void reset(std::size_t capacity);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t room() const noexcept { return capacity_ - size_; }

  /// Bytes [from, from + count) of what is in it, from + count <= size(): one stretch or two, into
  /// `out`, which has room for two; returns how many. Valid until they are popped.
  std::size_t look(std::size_t from, std::size_t count, std::span<ConstBytes> out) const;
  /// The same of the next `count` bytes to be pushed, count <= room(): filled by the caller, then
  /// taken in by push(count).
  std::size_t next(std::size_t count, std::span<Bytes> out);
  void push(std::size_t count) noexcept { size_ += count; }
  void push(ConstBytes bytes);
  /// Copies bytes from `from` on to `out`.
  void copy(std::size_t from, Bytes out) const;
  void pop(std::size_t count) noexcept;

 private:
  /// Cuts a stretch where the memory ends.
  template <class Span>
  std::size_t cut(Span memory, std::size_t from, std::size_t count, std::span<Span> out) const;

  std::vector<std::byte> memory_;
  std::size_t capacity_ = 0, head_ = 0, size_ = 0;
};

}  // namespace annulet::transport
