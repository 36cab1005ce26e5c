/// The one file that knows cereal, and only through archives that believe no size they read.
#include "transport/messages.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <system_error>
#include <type_traits>
#include <utility>

#include <cereal/cereal.hpp>

#include "transport/bytes.hpp"
#include "transport/checksum.hpp"
#include "transport/errors.hpp"

namespace annulet::transport {
namespace {

constexpr std::size_t kMaxLabels = 1024;

void require(bool kept, errc otherwise = errc::bad_frame) {
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

/// The fewest bytes that an element takes on the wire.
template <class T>
constexpr std::size_t kWireSize = sizeof(T);
template <>
constexpr std::size_t kWireSize<Member> = 4 + 4 + 2 + 1;

template <std::unsigned_integral T>
void save(WireOutput& out, const T& value) {
  out.put(value);
}
void save(WireOutput& out, const bool& value) { out.put(static_cast<std::uint8_t>(value)); }
void save(WireOutput& out, const float& value) { out.put(std::bit_cast<std::uint32_t>(value)); }

template <std::unsigned_integral T>
void load(WireInput& in, T& value) {
  value = in.get<T>();
}
void load(WireInput& in, bool& value) {
  const auto byte = in.get<std::uint8_t>();
  require(byte <= 1);
  value = byte == 1;
}
void load(WireInput& in, float& value) { value = std::bit_cast<float>(in.get<std::uint32_t>()); }

void put_string(WireOutput& out, std::string_view text) {
  out.put(static_cast<std::uint32_t>(text.size()));
  out.put_bytes(std::as_bytes(std::span(text)));
}
void get_string(WireInput& in, std::string& text, std::size_t max) {
  const ConstBytes bytes = in.take(in.get_size(max, 1));
  text.resize(bytes.size());
  std::ranges::copy(bytes, std::as_writable_bytes(std::span(text)).begin());
}

void save(WireOutput& out, const Text& text) { put_string(out, cut(text.value, text.max)); }
void load(WireInput& in, Text& text) { get_string(in, text.value, text.max); }

void save(WireOutput& out, const Whole& whole) {
  require(whole.value.size() <= whole.max, errc::too_large);
  put_string(out, whole.value);
}
void load(WireInput& in, Whole& whole) { get_string(in, whole.value, whole.max); }

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

// What each message is on the wire, in this order, for both directions.

Text name(std::string& value) { return {value, kMaxName}; }
Text reason(std::string& value) { return {value, kMaxText}; }

template <class Archive>
void serialize(Archive& archive, Hello& m) {
  archive(name(m.name), Whole{m.token, kMaxName}, m.data_port, m.own_data);
}
template <class Archive>
void serialize(Archive& archive, Refused& m) {
  archive(reason(m.reason), m.error);
}
template <class Archive>
void serialize(Archive& archive, RunFile& m) {
  archive(m.run_id, name(m.name), Whole{m.toml, kMaxRunFile});
}
template <class Archive>
void serialize(Archive& archive, Survey& m) {
  archive(m.rows, m.features, m.sparse, m.own_data, List<float>{m.labels, kMaxLabels});
}
template <class Archive>
void serialize(Archive& archive, Member& m) {
  archive(name(m.name), name(m.host), m.data_port, m.own_data);
}
template <class Archive>
void serialize(Archive& archive, View& m) {
  archive(m.epoch, m.rank, List<Member>{m.members, kMaxMembers}, m.features, m.rows,
          List<float>{m.labels, kMaxLabels});
}
template <class Archive>
void serialize(Archive& archive, Ready& m) {
  archive(m.samples);
}
template <class Archive>
void serialize(Archive& archive, Go& m) {
  archive(List<std::uint64_t>{m.samples, kMaxMembers});
}
template <class Archive>
void serialize(Archive& archive, Heartbeat& m) {
  archive(m.round, m.averaging, m.moved);
}
template <class Archive>
void serialize(Archive& archive, Broken& m) {
  archive(m.rank, reason(m.reason), m.error);
}
template <class Archive>
void serialize(Archive& archive, Lost& m) {
  archive(m.rank, reason(m.reason), m.error);
}
template <class Archive>
void serialize(Archive& archive, Bye& m) {
  archive(m.error, reason(m.reason));
}
template <class Archive>
void serialize(Archive& archive, DataHello& m) {
  archive(m.run_id, m.epoch, m.rank);
}

// What a well-formed message may still not say.

[[nodiscard]] bool finite(const std::vector<float>& labels) {
  return std::ranges::all_of(labels, [](float label) { return std::isfinite(label); });
}

template <class T>
[[nodiscard]] bool plausible(const T& /*message*/) {
  return true;
}
[[nodiscard]] bool has_rows(std::uint64_t rows) { return rows > 0 && rows <= kMaxRows; }
[[nodiscard]] bool plausible(const Survey& m) { return m.rows <= kMaxRows && finite(m.labels); }
[[nodiscard]] bool plausible(const Ready& m) { return has_rows(m.samples); }
[[nodiscard]] bool plausible(const Go& m) { return std::ranges::all_of(m.samples, has_rows); }
[[nodiscard]] bool plausible(const View& m) {
  return m.rank < m.members.size() && finite(m.labels);
}
[[nodiscard]] bool plausible(const Broken& m) { return m.rank < kMaxMembers; }
[[nodiscard]] bool plausible(const Lost& m) { return m.rank < kMaxMembers; }
[[nodiscard]] bool plausible(const DataHello& m) { return m.rank < kMaxMembers; }

template <class T>
Message decode_as(ConstBytes payload) {
  WireInput in(payload);
  T message;
  in(message);
  in.require_end();
  require(plausible(message));
  return message;
}

/// A decoder for each alternative of Message: the frame types 1, 2, ... in the same order.
constexpr auto kDecoders = []<class... T>(std::type_identity<std::variant<T...>>) {
  return std::array{&decode_as<T>...};
}(std::type_identity<Message>{});

static_assert(kDecoders.size() + 1 == static_cast<std::size_t>(FrameType::all_reduce));
static_assert(std::is_same_v<std::variant_alternative_t<0, Message>, Hello> &&
              std::is_same_v<std::variant_alternative_t<7, Message>, Heartbeat> &&
              std::is_same_v<std::variant_alternative_t<11, Message>, DataHello>);

}  // namespace

std::string_view cut(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  const auto continues = [&](std::size_t i) {
    return (static_cast<unsigned char>(text[i]) & 0xc0U) == 0x80U;
  };
  std::size_t end = max;
  while (end > 0 && continues(end)) --end;
  return text.substr(0, end);
}

std::vector<std::byte> encode(const Message& message) {
  std::vector<std::byte> frame(kHeaderSize);
  WireOutput out(frame);
  std::visit([&](const auto& m) { out(m); }, message);

  const ConstBytes payload = ConstBytes(frame).subspan(kHeaderSize);
  const FrameHeader header{.type = static_cast<FrameType>(message.index() + 1),
                           .payload_length = static_cast<std::uint32_t>(payload.size()),
                           .digest = checksum(payload)};
  std::ranges::copy(encode(header), frame.begin());
  return frame;
}

Message decode(const FrameHeader& header, ConstBytes payload) {
  const auto index = static_cast<std::size_t>(header.type) - 1;
  require(index < kDecoders.size(), errc::unexpected_message);
  require(payload.size() == header.payload_length);
  require(checksum(payload) == header.digest, errc::bad_checksum);
  return kDecoders.at(index)(payload);
}

asio::awaitable<Message> receive_message(Link& link) {
  std::array<std::byte, kHeaderSize> bytes{};
  co_await receive_all(link, bytes);
  co_return co_await receive_payload(link, decode(bytes));
}

asio::awaitable<Message> receive_payload(Link& link, FrameHeader header) {
  std::vector<std::byte> payload(header.payload_length);
  co_await receive_all(link, payload);
  co_return decode(header, payload);
}

}  // namespace annulet::transport
