/// Ring all-reduce: reduce-scatter then all-gather, as one cut-through byte stream each way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include "devices/clock.hpp"
#include "devices/signal.hpp"
#include "transport/checksum.hpp"
#include "transport/frame.hpp"
#include "transport/link.hpp"

namespace annulet::transport {

/// Elements [begin, end) of segment s when d elements are cut among `size` workers: the first
/// d mod size segments are one element longer. Depends on d and size alone.
struct Segment {
  std::size_t begin, end;
  [[nodiscard]] std::size_t length() const noexcept { return end - begin; }
  bool operator==(const Segment&) const = default;
};
[[nodiscard]] Segment segment(std::size_t d, std::size_t size, std::size_t s) noexcept;

/// Bytes at the socket. model: elements and facts of training rounds; control: everything else.
struct Traffic {
  std::uint64_t model_sent = 0, control_sent = 0;
  std::uint64_t model_received = 0, control_received = 0;
  bool operator==(const Traffic&) const = default;
  [[nodiscard]] std::uint64_t sent() const noexcept { return model_sent + control_sent; }
  [[nodiscard]] std::uint64_t received() const noexcept {
    return model_received + control_received;
  }
};

/// Which all-reduce this is; all workers must say the same.
struct Operation {
  std::uint32_t epoch = 0;
  std::uint64_t number = 0;
  std::uint64_t digest = 0;  // of the model all workers should hold: a difference is found here
  bool training = true;      // its elements count as model bytes, else as control
};

/// Where the time of an operation went.
struct RingTiming {
  devices::Duration wait{0};     // until the predecessor's header came
  devices::Duration average{0};  // the rest
};

/// A worker's place in a ring and its two links.
class Ring {
 public:
  struct Place {
    std::size_t rank, size;  // size >= 1; links are needed from 2 on
  };

  /// The clock must outlive the ring. Allocates one 256 KiB scratch buffer.
  Ring(Place place, std::unique_ptr<Link> from_previous, std::unique_ptr<Link> to_next,
       devices::Clock& clock, const asio::any_io_executor& executor);

  /// Replaces x by its sum over all workers, and facts by theirs: bit-identical on all, because
  /// one owner finishes each segment and the others copy its bytes. Facts ride as a float32 tail
  /// of the last segment. x: (d), facts: (f), the same d (checked) and f on all workers.
  /// Cost: 2(W-1) hops; rank r sends 2d - |segment r+1| - |segment r+2| elements, and the facts
  /// with each sending of segment W-1. Throws std::system_error; x and facts are then unspecified,
  /// blamed() names the neighbour and the links are still open.
  /// Source: Patarasu and Yuan 2009, section 4.
  asio::awaitable<RingTiming> all_reduce(Operation operation, std::span<float> x,
                                         std::span<float> facts, devices::TimePoint deadline);

  [[nodiscard]] Place place() const noexcept { return place_; }
  [[nodiscard]] const Traffic& traffic() const noexcept { return traffic_; }
  /// Is an operation under way?
  [[nodiscard]] bool busy() const noexcept { return busy_; }
  /// The neighbour whose link failed first, by rank.
  [[nodiscard]] std::optional<std::size_t> blamed() const noexcept { return blamed_; }

 private:
  enum class Kind { header, elements, facts, checksum };
  /// A stretch of the byte stream. Each step has three: elements, facts (empty but in the last
  /// segment), checksum; so piece p of the send stream carries on piece p - 3 of the receive one.
  struct Piece {
    Bytes bytes;              // where it lies, and where it goes when it is received in place
    std::span<float> floats;  // the same, for elements and facts
    Kind kind;
    bool reduce;  // received: add to what is there
    [[nodiscard]] bool is_payload() const { return kind == Kind::elements || kind == Kind::facts; }
  };
  struct Position {
    std::size_t piece = 0, done = 0;
  };
  class Blame;
  class Busy;

  void plan(std::span<float> x, std::span<float> facts);
  void plan_step(std::vector<Piece>& pieces, std::size_t segment, std::span<float> x,
                 std::span<float> facts, bool reduce);
  asio::awaitable<void> send_stream();
  asio::awaitable<void> receive_stream();
  [[nodiscard]] std::size_t sendable(std::size_t piece) const;
  [[nodiscard]] std::size_t gather_sendable(std::span<ConstBytes> out);
  [[nodiscard]] Bytes room_for(const Piece& piece, Bytes left, std::size_t carried);
  [[nodiscard]] std::size_t offer_buffers(std::span<Bytes> out);
  void hash_outgoing(std::size_t piece, std::size_t end);
  void count_sent(std::size_t n);
  void take_received(std::size_t n);
  void take_into_piece(Piece& piece, std::size_t n);
  void finish_piece(const Piece& piece);
  void check_header();

  Place place_;
  std::unique_ptr<Link> from_previous_, to_next_;
  devices::Clock& clock_;
  devices::Signal progress_;
  std::vector<float> scratch_;
  std::size_t carry_ = 0;  // bytes of an incomplete float at the start of scratch_
  std::vector<Piece> send_plan_, receive_plan_;
  Position sent_, hashed_, received_;
  std::array<std::byte, kHeaderSize> header_out_{}, header_in_{};
  std::array<std::byte, 8> checksum_out_{}, checksum_in_{};
  RunningChecksum hash_out_, hash_in_;
  Operation operation_;
  std::uint32_t elements_ = 0;
  devices::TimePoint header_came_;
  Traffic traffic_;
  bool busy_ = false;
  std::optional<std::size_t> blamed_;
};

}  // namespace annulet::transport
