/// Control messages through the bounded archive, and what they may not say.
#include "transport/messages.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <system_error>
#include <type_traits>
#include <utility>

#include "transport/bounded_archive.hpp"
#include "transport/checksum.hpp"
#include "transport/errors.hpp"

namespace annulet::transport {

template <>
constexpr std::size_t kWireSize<Member> = 4 + 4 + 2 + 1;

namespace {

constexpr std::size_t kMaxLabels = 1024;

// What each message is on the wire, in this order, for both directions.

Text name(std::string& value) { return {value, kMaxName}; }
Text reason(std::string& value) { return {value, kMaxText}; }

}  // namespace

// cereal finds these through the messages' namespace.

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
  archive(m.run_id, name(m.name), Whole{m.toml, kMaxRunFile}, m.resumed);
}
template <class Archive>
void serialize(Archive& archive, Survey& m) {
  archive(m.rows, m.features, m.sparse, m.own_data, m.columns, List<float>{m.labels, kMaxLabels},
          m.counts_outputs);
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
  auto rank = static_cast<std::uint16_t>(m.rank), stream = static_cast<std::uint16_t>(m.stream);
  archive(m.run_id, m.epoch, rank, stream);
  m.rank = rank;
  m.stream = stream;
}

namespace {

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
[[nodiscard]] bool plausible(const DataHello& m) {
  return m.rank < kMaxMembers && m.stream < kMaxStreams;
}

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
