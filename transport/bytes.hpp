/// Values as bytes: little-endian loads and stores, and floats seen as bytes.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "transport/link.hpp"

namespace annulet::transport {

static_assert(std::endian::native == std::endian::little,
              "floats travel as they lie in memory: a big-endian host would have to swap them");

template <std::unsigned_integral T>
void store_le(std::byte* at, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) at[i] = static_cast<std::byte>(value >> (8 * i));
}

template <std::unsigned_integral T>
[[nodiscard]] T load_le(const std::byte* at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | static_cast<T>(std::to_integer<T>(at[i]) << (8 * i)));
  }
  return value;
}

[[nodiscard]] inline Bytes bytes_of(std::span<float> x) { return std::as_writable_bytes(x); }
[[nodiscard]] inline ConstBytes bytes_of(std::span<const float> x) { return std::as_bytes(x); }

}  // namespace annulet::transport
