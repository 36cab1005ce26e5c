/// Control messages: small, bounded, decoded only through the bounded archive.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "transport/frame.hpp"
#include "transport/link.hpp"

namespace annulet::transport {

inline constexpr std::size_t kMaxMembers = 1024;
inline constexpr std::size_t kMaxStreams = 8;  // connections a hop
inline constexpr std::size_t kMaxName = 64;    // bytes of a device name
inline constexpr std::size_t kMaxText = 1024;  // bytes of a reason
inline constexpr std::size_t kMaxRunFile = 65536;
// Rows of one device: what 32-bit indices can count. Sums over all devices cannot overflow.
inline constexpr std::uint64_t kMaxRows = std::uint64_t{1} << 32;

// `error` is an error code's number as the sender gives it (docs/errors.md); 0: none.
// Each member has an initializer, so that a message can be written with the fields it needs:
// Bye{.reason = "left"}.

/// What a joiner says first. data_port: where it listens for its ring neighbour.
struct Hello {
  std::string name{};
  std::string token{};
  std::uint16_t data_port = 0;
  bool own_data = false;
  bool operator==(const Hello&) const = default;
};

/// The starter's no, in words for the joiner's user.
struct Refused {
  std::string reason{};
  std::uint32_t error = 0;
  bool operator==(const Refused&) const = default;
};

/// The run file, and the name by which the ring will know the joiner. resumed: the run goes on from
/// checkpoints, of which each device needs its own.
struct RunFile {
  std::uint64_t run_id = 0;
  std::string name{};
  std::string toml{};
  bool resumed = false;
  bool operator==(const RunFile&) const = default;
};

/// What a device found in its data; never the data.
struct Survey {
  std::uint64_t rows = 0;
  std::uint64_t features = 0;
  bool sparse = true;
  bool own_data = false;        // else rows are the run file's, shared by all who say so
  std::uint64_t columns = 0;    // a digest of the columns' names, 0 where they have none
  std::vector<float> labels{};  // distinct raw labels, at most 1,024
  bool counts_outputs = false;  // data.label is the number of one of FANN's outputs here
  bool operator==(const Survey&) const = default;
};

struct Member {
  std::string name{};
  std::string host{};  // where its connection came from, or "" for the starter
  std::uint16_t data_port = 0;
  bool own_data = false;
  bool operator==(const Member&) const = default;
};

/// Members in ring order; [0] started the run. `rank` is the receiver's own place.
struct View {
  std::uint32_t epoch = 0;
  std::uint32_t rank = 0;
  std::vector<Member> members{};
  std::uint64_t features = 0;   // columns of every device's data
  std::uint64_t rows = 0;       // n over all devices
  std::vector<float> labels{};  // the label map: labels[i] is class i
  bool operator==(const View&) const = default;
};

/// The ring neighbours are connected; this device descends on so many rows.
struct Ready {
  std::uint64_t samples = 0;
  bool operator==(const Ready&) const = default;
};

/// Step 0 begins: samples of all members, in ring order.
struct Go {
  std::vector<std::uint64_t> samples{};
  bool operator==(const Go&) const = default;
};

/// A sign of life, and how far its sender is.
struct Heartbeat {
  std::uint64_t round = 0;  // committed rounds
  bool averaging = false;   // in an all-reduce, else computing
  std::uint64_t moved = 0;  // bytes of ring data sent and received so far
  bool operator==(const Heartbeat&) const = default;
};

/// My link to that member failed.
struct Broken {
  std::uint32_t rank = 0;
  std::string reason{};
  std::uint32_t error = 0;
  bool operator==(const Broken&) const = default;
};

/// That member is lost to the run: everybody ends.
struct Lost {
  std::uint32_t rank = 0;
  std::string reason{};
  std::uint32_t error = 0;
  bool operator==(const Lost&) const = default;
};

/// Going, and why. Without an error it is an end that all agreed on.
struct Bye {
  std::uint32_t error = 0;
  std::string reason{};
  bool operator==(const Bye&) const = default;
};

/// First frame on a data connection: who dials, for which run, as which of net.streams.
struct DataHello {
  std::uint64_t run_id = 0;
  std::uint32_t epoch = 0;
  std::uint32_t rank = 0;    // 16 bits on the wire
  std::uint32_t stream = 0;  // 16 bits on the wire; below kMaxStreams
  bool operator==(const DataHello&) const = default;
};

using Message = std::variant<Hello, Refused, RunFile, Survey, View, Ready, Go, Heartbeat, Broken,
                             Lost, Bye, DataHello>;

/// Header and payload, ready to send. Names, hosts and reasons beyond their bounds are cut between
/// two characters. Throws errc::too_large for a token, run file or list beyond its bound.
[[nodiscard]] std::vector<std::byte> encode(const Message& message);

/// Decodes a payload whose header has been checked. Throws std::system_error: errc::bad_checksum,
/// errc::bad_frame (a size beyond the bytes left or a bound, a bool not 0/1, bytes left over, a
/// rank beyond the members, a label that is not finite), errc::unexpected_message (all_reduce).
[[nodiscard]] Message decode(const FrameHeader& header, std::span<const std::byte> payload);

/// Receives one whole message. Allocates no more than max_payload(type).
asio::awaitable<Message> receive_message(Link& link);
/// What follows a header that has been received and checked.
asio::awaitable<Message> receive_payload(Link& link, FrameHeader header);

}  // namespace annulet::transport
