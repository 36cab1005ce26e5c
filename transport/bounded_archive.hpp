/// cereal's archives that believe no size they read: control messages and checkpoints go through
/// them.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <cereal/cereal.hpp>

#include "transport/bytes.hpp"
#include "transport/cut.hpp"
#include "transport/errors.hpp"

namespace annulet::transport {

/// Throws std::system_error unless a rule is kept.
inline void require(bool kept, errc otherwise = errc::bad_frame) {
  if (!kept) throw std::system_error(otherwise);
}

/// Appends integers little-endian; sizes are u32.
class WireOutput final : public cereal::OutputArchive<WireOutput> {
 public:
  explicit WireOutput(std::vector<std::byte>& bytes)
      : cereal::OutputArchive<WireOutput>(this), bytes_(bytes) {}

  template <std::unsigned_integral T>
  void put(T value) {
    std::array<std::byte, sizeof(T)> le{};
    store_le(le.data(), value);
    put_bytes(le);
  }
  void put_bytes(ConstBytes bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

 private:
  std::vector<std::byte>& bytes_;
};

/// Reads what WireOutput wrote, never beyond the span.
class WireInput final : public cereal::InputArchive<WireInput> {
 public:
  explicit WireInput(ConstBytes bytes) : cereal::InputArchive<WireInput>(this), left_(bytes) {}

  [[nodiscard]] ConstBytes take(std::size_t count) {
    require(count <= left_.size());
    const ConstBytes taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }
  template <std::unsigned_integral T>
  [[nodiscard]] T get() {
    return load_le<T>(take(sizeof(T)).data());
  }
  /// A number of elements that the bytes left can hold: checked before anything is resized.
  [[nodiscard]] std::size_t get_size(std::size_t max, std::size_t element_size) {
    const std::size_t size = get<std::uint32_t>();
    require(size <= max && size <= left_.size() / element_size);
    return size;
  }
  void require_end() const { require(left_.empty()); }

 private:
  ConstBytes left_;
};

/// For people: cut when too long.
struct Text {
  std::string& value;
  std::size_t max;
};

/// For machines: half of it would be something else, so that too long is an error.
struct Whole {
  std::string& value;
  std::size_t max;
};

template <class T>
struct List {
  std::vector<T>& value;
  std::size_t max;
};

/// Many floats or integers, as they lie in memory.
template <class T>
struct Numbers {
  std::vector<T>& value;
  std::size_t max;
};

/// The fewest bytes that an element takes on the wire.
template <class T>
constexpr std::size_t kWireSize = sizeof(T);

template <std::unsigned_integral T>
void save(WireOutput& out, const T& value) {
  out.put(value);
}
inline void save(WireOutput& out, const bool& value) { out.put(static_cast<std::uint8_t>(value)); }
inline void save(WireOutput& out, const float& value) {
  out.put(std::bit_cast<std::uint32_t>(value));
}
inline void save(WireOutput& out, const double& value) {
  out.put(std::bit_cast<std::uint64_t>(value));
}
inline void save(WireOutput& out, const std::int64_t& value) {
  out.put(std::bit_cast<std::uint64_t>(value));
}

template <std::unsigned_integral T>
void load(WireInput& in, T& value) {
  value = in.get<T>();
}
inline void load(WireInput& in, bool& value) {
  const auto byte = in.get<std::uint8_t>();
  require(byte <= 1);
  value = byte == 1;
}
inline void load(WireInput& in, float& value) {
  value = std::bit_cast<float>(in.get<std::uint32_t>());
}
inline void load(WireInput& in, double& value) {
  value = std::bit_cast<double>(in.get<std::uint64_t>());
}
inline void load(WireInput& in, std::int64_t& value) {
  value = std::bit_cast<std::int64_t>(in.get<std::uint64_t>());
}

inline void put_string(WireOutput& out, std::string_view text) {
  out.put(static_cast<std::uint32_t>(text.size()));
  out.put_bytes(std::as_bytes(std::span(text)));
}
inline void get_string(WireInput& in, std::string& text, std::size_t max) {
  const ConstBytes bytes = in.take(in.get_size(max, 1));
  text.resize(bytes.size());
  std::ranges::copy(bytes, std::as_writable_bytes(std::span(text)).begin());
}

inline void save(WireOutput& out, const Text& text) { put_string(out, cut(text.value, text.max)); }
inline void load(WireInput& in, Text& text) { get_string(in, text.value, text.max); }

inline void save(WireOutput& out, const Whole& whole) {
  require(whole.value.size() <= whole.max, errc::too_large);
  put_string(out, whole.value);
}
inline void load(WireInput& in, Whole& whole) { get_string(in, whole.value, whole.max); }

template <class T>
void save(WireOutput& out, const List<T>& list) {
  require(list.value.size() <= list.max, errc::too_large);
  out.put(static_cast<std::uint32_t>(list.value.size()));
  for (const T& element : list.value) out(element);
}
template <class T>
void load(WireInput& in, List<T>& list) {
  list.value.resize(in.get_size(list.max, kWireSize<T>));
  for (T& element : list.value) in(element);
}

template <class T>
void save(WireOutput& out, const Numbers<T>& numbers) {
  require(numbers.value.size() <= numbers.max, errc::too_large);
  out.put(static_cast<std::uint32_t>(numbers.value.size()));
  out.put_bytes(std::as_bytes(std::span(numbers.value)));
}
template <class T>
void load(WireInput& in, Numbers<T>& numbers) {
  const ConstBytes bytes = in.take(in.get_size(numbers.max, sizeof(T)) * sizeof(T));
  numbers.value.resize(bytes.size() / sizeof(T));
  std::ranges::copy(bytes, std::as_writable_bytes(std::span(numbers.value)).begin());
}

}  // namespace annulet::transport
