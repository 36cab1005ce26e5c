/// Stretches of memory that goes round.
#include "transport/byte_queue.hpp"

#include <algorithm>
#include <array>

namespace annulet::transport {

void ByteQueue::reset(std::size_t capacity) {
  if (memory_.size() < capacity) memory_.resize(capacity);
  capacity_ = capacity;
  head_ = size_ = 0;
}

template <class Span>
std::size_t ByteQueue::cut(Span memory, std::size_t from, std::size_t count,
                           std::span<Span> out) const {
  if (count == 0) return 0;
  const std::size_t begin = (head_ + from) % capacity_;
  const std::size_t straight = std::min(count, capacity_ - begin);
  out[0] = memory.subspan(begin, straight);
  if (straight == count) return 1;
  out[1] = memory.first(count - straight);
  return 2;
}

std::size_t ByteQueue::look(std::size_t from, std::size_t count, std::span<ConstBytes> out) const {
  return cut(ConstBytes(memory_), from, count, out);
}

std::size_t ByteQueue::next(std::size_t count, std::span<Bytes> out) {
  return cut(Bytes(memory_), size_, count, out);
}

void ByteQueue::push(ConstBytes bytes) {
  std::array<Bytes, 2> places;
  const std::size_t all = bytes.size(), count = next(all, places);
  for (const Bytes place : std::span(places).first(count)) {
    std::ranges::copy(bytes.first(place.size()), place.begin());
    bytes = bytes.subspan(place.size());
  }
  push(all);
}

void ByteQueue::copy(std::size_t from, Bytes out) const {
  std::array<ConstBytes, 2> stretches;
  const std::size_t count = look(from, out.size(), stretches);
  for (const ConstBytes stretch : std::span(stretches).first(count)) {
    std::ranges::copy(stretch, out.begin());
    out = out.subspan(stretch.size());
  }
}

void ByteQueue::pop(std::size_t count) noexcept {
  head_ = capacity_ == 0 ? 0 : (head_ + count) % capacity_;
  size_ -= count;
}

}  // namespace annulet::transport
