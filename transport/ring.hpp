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
#include "devices/spin.hpp"
#include "transport/byte_queue.hpp"
#include "transport/checksum.hpp"
#include "transport/codec.hpp"
#include "transport/frame.hpp"
#include "transport/line_speed.hpp"
#include "transport/link.hpp"
#include "transport/mesh.hpp"
#include "transport/operation.hpp"

namespace annulet::transport {

/// How the elements of an operation travel. All workers must say the same codec; each has a
/// residual of its own, what its codec has left out so far: (d), 0 at first.
struct Compression {
  const Codec* codec = nullptr;  // null: float32 as it is, and no residual
  std::span<float> residual{};
};

/// A worker's place in a ring and its two links.
class Ring {
 public:
  using Place = transport::Place;

  /// place.size >= 1; links are needed from 2 on. The clock must outlive the ring. Allocates one
  /// 256 KiB scratch buffer; its first operation with a codec 64 KiB more and a segment's bytes.
  Ring(Place place, std::unique_ptr<Link> from_previous, std::unique_ptr<Link> to_next,
       devices::Clock& clock, const asio::any_io_executor& executor);

  /// Replaces x by its sum over all workers, and facts by theirs: bit-identical on all, because
  /// one owner finishes each segment and the others copy its bytes. Facts ride as a float32 tail
  /// of the last segment. x: (d), facts: (f), the same d (checked) and f on all workers.
  /// Cost: 2(W-1) hops; rank r sends 2d - |segment r+1| - |segment r+2| elements, and the facts
  /// with each sending of segment W-1. Throws std::system_error; x, facts and residual are then
  /// unspecified, blamed() names the neighbour and the links are still open.
  /// With a codec each worker quantises each element once, with its residual, as it sends the
  /// element's sum so far; the owner's bytes go round unchanged, and all decode those. So the sum
  /// of all x and residuals is the same before and after, up to float32's rounding. With one worker
  /// nothing is quantised.
  /// Source: Patarasu and Yuan 2009, section 4; error feedback at every hop: docs/algorithm.md.
  asio::awaitable<RingTiming> all_reduce(Operation operation, std::span<float> x,
                                         std::span<float> facts, devices::TimePoint deadline,
                                         Compression compression = {});

  /// How long a wait for a neighbour may keep the processor busy before this thread sleeps, or up
  /// to four times that (devices/spin.hpp); 0, as at first, for links that cannot be tried.
  void set_spin(devices::Duration longest);
  /// From now on small sums without a codec go the short way (transport/mesh.hpp), on all workers
  /// alike.
  /// others: by rank, links to those that are no neighbours; null for the rest.
  void add_mesh(std::vector<std::unique_ptr<Link>> others);
  [[nodiscard]] bool has_mesh() const noexcept { return mesh_ != nullptr; }
  /// Does a sum of so many elements and facts, sent by that codec, go over it?
  [[nodiscard]] bool takes_mesh(const Codec* codec, std::size_t elements) const noexcept {
    return mesh_ != nullptr && codec == nullptr && fits_mesh(place_.size, elements);
  }

  /// Tries the line to the next worker, which calls answer_previous(), while no operation is under
  /// way: times small messages, then bursts that grow until one takes `time` longer than those or
  /// is 64 MiB. Takes a few times `time`, or, on a line that needs longer for 4 KiB, that long.
  /// `found` outlives the call. Throws std::system_error; blamed() is then the neighbour.
  asio::awaitable<void> try_next(devices::Duration time, LineSpeed& found);
  /// Answers the previous worker until its trial is over.
  asio::awaitable<void> answer_previous();

  /// Of two workers or more, for who looks after the lines.
  [[nodiscard]] Link& to_next() const noexcept { return *to_next_; }
  [[nodiscard]] Link& from_previous() const noexcept { return *from_previous_; }
  [[nodiscard]] Place place() const noexcept { return place_; }
  [[nodiscard]] Traffic traffic() const noexcept;
  /// Is an operation under way?
  [[nodiscard]] bool busy() const noexcept { return busy_; }
  /// The worker whose link failed first, by rank: a neighbour, but with a mesh.
  [[nodiscard]] std::optional<std::size_t> blamed() const noexcept;

 private:
  enum class Kind { header, elements, facts, checksum };
  /// What is done with a stretch where it is sent (encode .. forward) or received (add .. keep).
  enum class How {
    as_is,     // it lies in memory as it is on the wire
    encode,    // blocks: of the sum so far and the residual
    conclude,  // the same, by the owner: the sum becomes what the block says
    forward,   // the owner's bytes
    add,       // to what is there
    take,      // blocks: into what is there
    keep,      // the same, and the bytes are forwarded
  };
  /// A stretch of the byte stream. Each step has three: elements, facts (empty but in the last
  /// segment), checksum; so piece p of the send stream carries on piece p - 3 of the receive one.
  struct Piece {
    Kind kind;
    How how;
    std::size_t size;             // bytes on the wire
    Bytes bytes;                  // where it lies, and where it goes when it is received in place
    std::span<float> floats;      // the same, for elements and facts
    std::span<float> residual{};  // of elements that are sent in blocks
    [[nodiscard]] bool is_payload() const { return kind == Kind::elements || kind == Kind::facts; }
    [[nodiscard]] bool goes_through_scratch() const { return how == How::add || how == How::take; }
  };
  struct Position {
    std::size_t piece = 0, done = 0;
  };
  /// Bytes [begin, end) of a piece.
  struct Range {
    std::size_t begin, end;
  };
  /// Where in its piece's elements a block begins, and how much it is.
  struct BlockOf {
    std::size_t first, values, bytes;
  };
  struct SegmentPlan {
    std::size_t segment;
    How elements, facts;
    Bytes checksum;
  };
  class Busy;

  static constexpr std::size_t kScratch = std::size_t{256} << 10;      // bytes
  static constexpr std::size_t kBlocksAtOnce = std::size_t{64} << 10;  // bytes in blocks
  static constexpr std::size_t kPiecesPerStep = 3;

  void plan(std::span<float> x, std::span<float> facts);
  void plan_step(std::size_t step, std::span<float> x, std::span<float> facts);
  void plan_segment(std::vector<Piece>& pieces, SegmentPlan plan, std::span<float> x,
                    std::span<float> facts);
  void plan_buffers(std::size_t d);
  [[nodiscard]] bool in_blocks(const Piece& piece) const noexcept {
    return compression_.codec != nullptr && piece.kind == Kind::elements;
  }
  /// The block that begins at byte `offset`, which is before the end.
  [[nodiscard]] BlockOf block_at(const Piece& piece, std::size_t offset) const;
  [[nodiscard]] std::uint64_t seed_of(std::size_t step, std::size_t segment) const;
  [[nodiscard]] std::uint64_t seed_of_sent(std::size_t step) const;
  [[nodiscard]] std::uint64_t seed_of_received(std::size_t step) const;
  [[nodiscard]] std::size_t steps() const noexcept { return 2 * place_.size - 2; }

  /// Sends and receives what passes without sleeping, for a millisecond at most: other work of this
  /// thread waits meanwhile.
  void pass_at_once();
  [[nodiscard]] bool send_at_once();
  [[nodiscard]] bool receive_at_once();
  [[nodiscard]] bool all_sent() const noexcept { return sent_.piece == send_plan_.size(); }
  [[nodiscard]] bool all_received() const noexcept {
    return received_.piece == receive_plan_.size();
  }

  asio::awaitable<void> send_stream();
  [[nodiscard]] std::size_t sendable(std::size_t piece) const;
  [[nodiscard]] std::size_t gather_sendable(std::span<ConstBytes> out);
  [[nodiscard]] std::size_t prepare(const Piece& piece, Range range);
  [[nodiscard]] std::size_t outgoing(std::size_t piece, Range range,
                                     std::span<ConstBytes> out) const;
  void hash_outgoing(std::size_t piece, std::size_t end);
  void count_sent(std::size_t n);
  void free_blocks(How how, std::size_t n);

  asio::awaitable<void> receive_stream();
  [[nodiscard]] std::size_t awaited() const;
  void ask_for(std::size_t bytes);
  [[nodiscard]] std::size_t offer_buffers(std::span<Bytes> out);
  [[nodiscard]] std::size_t rooms_for(std::size_t piece, std::size_t missing, std::span<Bytes> out);
  void take_received(std::size_t n);
  void take_into_piece(const Piece& piece, std::size_t n);
  void take_from_scratch(const Piece& piece, std::size_t n);
  void take_and_keep(const Piece& piece, std::size_t n);
  void add_floats(const Piece& piece, std::size_t n);
  [[nodiscard]] std::size_t take_blocks(const Piece& piece, ConstBytes bytes);
  void finish_piece(const Piece& piece);
  void finish_step(std::size_t step);
  void check_header();

  Place place_;
  std::unique_ptr<Link> from_previous_, to_next_;
  devices::Clock& clock_;
  devices::Signal progress_;  // more may be sent
  devices::Signal room_;      // more may be received
  devices::Spin spin_;
  std::vector<float> scratch_;
  // Received bytes of a float or block that is not whole, at the start of scratch_ or the end of
  // forward_; received_.done does not count them.
  std::size_t carry_ = 0;
  Compression compression_;
  ByteQueue window_;   // blocks to be sent that were encoded here
  ByteQueue forward_;  // bytes of the all-gather, from when they come to when they have left
  std::vector<Piece> send_plan_, receive_plan_;
  Position sent_, hashed_, received_;
  std::array<std::byte, kHeaderSize> header_out_{}, header_in_{};
  std::vector<std::array<std::byte, kChecksumSize>> checksums_out_;  // by step
  std::array<std::byte, kChecksumSize> checksum_in_{};
  RunningChecksum hash_out_, hash_in_;
  RunningChecksum hash_sum_;  // of what is sent in the next step, as it is added up
  Operation operation_;
  FrameHeader header_;
  devices::TimePoint header_came_;
  Traffic traffic_;
  bool sending_ = false, receiving_ = false;  // a link has bytes or buffers of ours meanwhile
  std::size_t asked_for_ = 1;                 // of the link from the previous worker
  bool may_send_ = false;                     // there may be something that the link did not take
  bool busy_ = false;
  std::optional<std::size_t> blamed_;
  std::vector<std::unique_ptr<Link>> others_;  // of the mesh
  std::unique_ptr<Mesh> mesh_;
};

}  // namespace annulet::transport
